import { type TransferParameters, transfers } from './transfers.js';
import type { Workload } from './workload.js';

export interface ComputeParameters extends TransferParameters {
  /** Rounds of integer work in each call, besides the transfer; see bench/README.md for what a round costs. */
  readonly rounds: number;
}

/** The payments of `p2p` through the `compute` contract, which also does `rounds` rounds of integer work in each call. */
export function compute(parameters: ComputeParameters, seed: number): Workload {
  const { accounts, rounds } = parameters;
  const shape = {
    name: 'compute',
    params: { accounts, rounds },
    contract: 'compute',
    extraArgs: { rounds: String(rounds) },
  };
  return transfers(shape, parameters, seed);
}
