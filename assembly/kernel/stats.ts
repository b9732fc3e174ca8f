/**
 * Counters of this worker, private globals while the block runs. `storeStats` puts them into the worker's line before
 * it departs; the host adds the lines up. A driver may read its own worker's at any time: the simulator tells from them what a step did.
 */
import { WORKER_STATS, worker } from "./layout";

export let executions: u32 = 0;
export let aborts: u32 = 0;
export let validations: u32 = 0;
export let dependencyWaits: u32 = 0;
let gas: u64 = 0;

export function resetStats(): void {
  executions = 0;
  aborts = 0;
  validations = 0;
  dependencyWaits = 0;
  gas = 0;
}

@inline
export function countExecution(): void {
  executions++;
}

@inline
export function countAbort(): void {
  aborts++;
}

@inline
export function countValidation(): void {
  validations++;
}

@inline
export function countDependencyWait(): void {
  dependencyWaits++;
}

/** Gas of a call that has committed. */
@inline
export function countGas(used: u64): void {
  gas += used;
}

export function storeStats(): void {
  store<u32>(worker, executions, WORKER_STATS);
  store<u32>(worker, aborts, WORKER_STATS + 4);
  store<u32>(worker, validations, WORKER_STATS + 8);
  store<u32>(worker, dependencyWaits, WORKER_STATS + 12);
  store<u64>(worker, gas, WORKER_STATS + 16);
}
