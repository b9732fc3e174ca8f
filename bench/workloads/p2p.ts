import { type TransferParameters, transfers } from './transfers.js';
import type { Workload } from './workload.js';

/** Payments between random accounts through the `token` contract: two balances read and written a call. */
export function p2p(parameters: TransferParameters, seed: number): Workload {
  const { accounts } = parameters;
  return transfers({ name: 'p2p', params: { accounts }, contract: 'token', extraArgs: {} }, parameters, seed);
}
