import type { NumericSchema } from '../parameters.js';
import { ACCOUNTS, type TransferParameters, transfers } from './transfers.js';
import type { Workload, WorkloadDefinition } from './workload.js';

export interface ComputeParameters extends TransferParameters {
  readonly rounds: number;
}

/** The payments of `p2p` through the `compute` contract, which also does `rounds` rounds of integer work in each call. */
export function compute(parameters: ComputeParameters, seed: number): Workload {
  const { accounts, rounds } = parameters;
  const shape = {
    name: 'compute',
    params: { accounts, rounds },
    contract: 'compute',
    method: 'transfer',
    extraArgs: { rounds: String(rounds) },
    plainTransfers: false,
  };
  return transfers(shape, parameters, seed);
}

/** See bench/README.md for what a round costs. */
const ROUNDS: NumericSchema = {
  type: 'integer',
  minimum: 0,
  maximum: 1_000_000,
  default: 3_000,
  description: 'rounds of integer work in each call; 3,000 take some 5 microseconds',
};

export const computeDefinition: WorkloadDefinition<ComputeParameters> = {
  name: 'compute',
  description: 'the payments of p2p with integer work in each call',
  parameters: { accounts: ACCOUNTS, rounds: ROUNDS },
  build: compute,
};
