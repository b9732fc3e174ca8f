import { ACCOUNTS, type TransferParameters, transfers } from './transfers.js';
import type { Workload, WorkloadDefinition } from './workload.js';

/** Payments between random accounts through the `token` contract: two balances read and written a call. */
export function p2p(parameters: TransferParameters, seed: number): Workload {
  const { accounts } = parameters;
  const shape = {
    name: 'p2p',
    params: { accounts },
    contract: 'token',
    method: 'transfer',
    extraArgs: {},
    plainTransfers: true,
  };
  return transfers(shape, parameters, seed);
}

export const p2pDefinition: WorkloadDefinition<TransferParameters> = {
  name: 'p2p',
  description: 'payments between random accounts',
  parameters: { accounts: ACCOUNTS },
  build: p2p,
};
