import { ACCOUNTS, type TransferParameters, transfers } from './transfers.js';
import type { Workload, WorkloadDefinition } from './workload.js';

/**
 * The payments of `p2p` through the `pausable` contract, where each also reads one flag that all share and writes it back
 * as it was: the flag has another version after every call, and the same bytes.
 */
export function abaSameValue(parameters: TransferParameters, seed: number): Workload {
  const { accounts } = parameters;
  const shape = {
    name: 'aba-samevalue',
    params: { accounts },
    contract: 'pausable',
    method: 'transfer',
    extraArgs: {},
    // Until it is set the flag is absent, which is not the same as false.
    firstMethod: 'resume',
    plainTransfers: false,
  };
  return transfers(shape, parameters, seed);
}

export const abaSameValueDefinition: WorkloadDefinition<TransferParameters> = {
  name: 'aba-samevalue',
  description: 'payments that also read one flag and write it back unchanged',
  parameters: { accounts: ACCOUNTS },
  build: abaSameValue,
};
