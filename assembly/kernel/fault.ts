/**
 * What ends a call early, and what ends a block.
 *
 * A call is left by a Wasm trap, which the driver catches; `unwinding` tells it why. It is a global, so private
 * to the worker. The block's first fault is a shared word: CAS by the first worker that meets one, read by all
 * in `next`, so that they leave. A later fault is dropped: the first one is the cause.
 */
import { AT_FAULT } from "./layout";
import { wakeAll } from "./park";

// ---- why the call is unwound ----
/** Not by the kernel: a trap of the contract's own. */
export const UNWIND_NONE: u32 = 0;
/** It met an ESTIMATE and must wait. */
export const UNWIND_ESTIMATE: u32 = 1;
/** It failed; the result says how. */
export const UNWIND_FAILURE: u32 = 2;
/** The block is faulted. */
export const UNWIND_FAULT: u32 = 3;

// ---- block faults; the host maps them to errors ----
export const FAULT_NONE: u32 = 0;
export const FAULT_MEMORY: u32 = 1;
export const FAULT_LOCATIONS: u32 = 2;
export const FAULT_INVARIANT: u32 = 4;
/** The machine could not give a contract memory that is within its limit. */
export const FAULT_CONTRACT_MEMORY: u32 = 3;
/** Not an error: the host has the index grow and executes the block again. */
export const FAULT_INDEX: u32 = 5;
/** The store could not be read. */
export const FAULT_STORE: u32 = 6;
/** Not an error: a call that was given less than its due would have noticed. Where it gets all, it is executed again. */
export const FAULT_CONFINED: u32 = 7;

export let unwinding: u32 = UNWIND_NONE;

@inline
export function clearUnwinding(): void {
  unwinding = UNWIND_NONE;
}

export function unwind(reason: u32): void {
  unwinding = reason;
  unreachable();
}

/** Record the block's fault, if it is the first, and see to it that every worker notices. */
export function setFault(code: u32): void {
  atomic.cmpxchg<u32>(AT_FAULT, FAULT_NONE, code);
  wakeAll();
}

/** Fault the block and leave whatever runs. */
export function raise(code: u32): void {
  setFault(code);
  unwind(UNWIND_FAULT);
}

@inline
export function faulted(): bool {
  return atomic.load<u32>(AT_FAULT) != FAULT_NONE;
}
