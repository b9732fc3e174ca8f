/**
 * The frames of a transaction: the contracts that are on its call stack, the one that runs not counted until it calls another.
 *
 * ```text
 *   frame, 8 bytes, in the staging area, lowest first    0 contract u32 | 4 code u32
 * ```
 *
 * What else there is of a frame is in the locals of `call` (nested.ts), of which one is on the Wasm stack for each frame: what a call that is unwound
 * leaves there, goes with it. Private to the worker.
 */
import { findContract } from "./directory";
import { FAULT_CONFINED, FAULT_INVARIANT, raise } from "./fault";
import { AT_ADDRESSES, AT_POLICY, MAX_FRAMES, POLICY_CONFINED, STAGING_FRAMES, stagingBase } from "./layout";

/**
 * Has the driver run the method `entry`, on instance `position` of its code. Not `isTried`: whatever ends the method early unwinds the caller too. Else
 * returns the number of the trap that ended it, 0 where it returned. -1 where the machine has no memory for an instance.
 */
@external("env", "call")
export declare function runMethod(entry: u32, position: u32, isTried: bool): i32;

/** Frames below the one that runs. */
export let depth: u32 = 0;
/** Frames on the stack whose failure is told to their caller: what fails above does not end the transaction. */
export let tried: u32 = 0;
/** The call may have less gas and stack here than is its due, so it must not be seen to run out of them. */
export let isConfined: bool = false;

export function enterFrames(): void {
  isConfined = (load<u32>(AT_POLICY) & POLICY_CONFINED) != 0;
}

/** The transaction's own call is noted as a frame: it has called another contract. */
let isNoted: bool = false;

/** A transaction begins. */
@inline
export function beginFrames(): void {
  depth = 0;
  tried = 0;
  isNoted = false;
}

@inline
function frame(index: u32): usize {
  return stagingBase + STAGING_FRAMES + (<usize>index << 3);
}

/** The contract that has been called with so many below it, the transaction's own not counted; -1 where there is none. For traces of failed calls. */
export function calledAt(below: u32): i32 {
  return below == 0 || below > depth ? -1 : load<i32>(frame(below));
}

/** There may be no more frames. */
@inline
export function isDeepest(): bool {
  return depth + 1 == MAX_FRAMES;
}

/** `contract`, which runs, is about to call another: be it the transaction's own call, that is now noted as the lowest frame. */
export function noteCaller(contract: u32): void {
  if (isNoted) return;
  const found = findContract(<usize>load<u32>(AT_ADDRESSES) + (<usize>contract << 5));
  if (<u32>found != contract + 1) raise(FAULT_INVARIANT);
  setFrame(contract, <u32>(found >> 32));
  isNoted = true;
}

function setFrame(contract: u32, code: u32): void {
  store<u64>(frame(depth), (<u64>code << 32) | contract);
}

/** Whether `contract` is the one that runs or one that waits for it. */
export function isOnStack(contract: u32): bool {
  for (let index: u32 = 0; index <= depth; index++) if (load<u32>(frame(index)) == contract) return true;
  return false;
}

/** Frames with this code: the first instance of it that is not on the stack. */
export function instancesInUse(code: u32): u32 {
  let count: u32 = 0;
  for (let index: u32 = 0; index <= depth; index++) if (load<u32>(frame(index), 4) == code) count++;
  return count;
}

export function pushFrame(contract: u32, code: u32, isTried: bool): void {
  depth++;
  setFrame(contract, code);
  if (isTried) tried++;
}

/** Back to the frame that has so many below it, of which so many are tried. */
export function popFrames(toDepth: u32, toTried: u32): void {
  depth = toDepth;
  tried = toTried;
}

/** Gas or stack has run out, which in a confined call says nothing: the block is given up. */
export function refuseConfined(): void {
  if (isConfined) raise(FAULT_CONFINED);
}
