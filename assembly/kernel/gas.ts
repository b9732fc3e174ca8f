/**
 * Gas and stack of the running call, counted down. Both are globals of this instance, so of one worker; the contracts that the worker runs
 * import them and count in the same words (host/wasm), so that a budget goes with a call from contract to contract.
 *
 * The costs are the host's gas schedule (host/wasm/gas-schedule.ts), which it writes to the header after `format`, before
 * any worker exists; each instance reads them when it attaches.
 *
 * A budget below 0 ends the call. The kernel ends it here; code of a contract traps by itself, and `unwound` then finds
 * what it was in these words. A contract never names them, so it cannot make them look spent.
 */
import { UNWIND_FAILURE, unwind } from "./fault";
import { AT_GAS_SCHEDULE, AT_STACK_BYTES } from "./layout";
import { CODE_OUT_OF_GAS, OUT_OF_GAS, setFailure } from "./result";

/** What is left; below 0 once the call has asked for more than it had. */
export let gas: i64 = 0;
/** Bytes. */
export let stackLeft: i32 = 0;

/** Place of the hashes' costs in the schedule: each kind's own and that of a byte. Then those of a signature. */
const HASH_COSTS: usize = 15;

/** What those that wait for the running call keep for themselves. */
export let keptGas: i64 = 0;
let limit: i64 = 0;
let stackBytes: i32 = 0;

// ---- the schedule, in the order in which the host writes it ----
let callCost: i64 = 0;
let inputByteCost: i64 = 0;
export let lookupCost: i64 = 0;
export let keyByteCost: i64 = 0;
export let readCost: i64 = 0;
export let readByteCost: i64 = 0;
export let hasCost: i64 = 0;
export let writeCost: i64 = 0;
export let writtenByteCost: i64 = 0;
export let removeCost: i64 = 0;
export let eventCost: i64 = 0;
export let eventByteCost: i64 = 0;
export let outputCost: i64 = 0;
export let outputByteCost: i64 = 0;
export let countCost: i64 = 0;
export let verifyCost: i64 = 0;
export let verifyByteCost: i64 = 0;
export let nestedCost: i64 = 0;
export let nestedByteCost: i64 = 0;
export let nestedFailureCost: i64 = 0;
export let nestedInstanceCost: i64 = 0;

function cost(position: usize): i64 {
  return <i64>load<u32>(AT_GAS_SCHEDULE + (position << 2));
}

export function attachGas(): void {
  stackBytes = load<i32>(AT_STACK_BYTES);
  callCost = cost(0);
  inputByteCost = cost(1);
  lookupCost = cost(2);
  keyByteCost = cost(3);
  readCost = cost(4);
  readByteCost = cost(5);
  hasCost = cost(6);
  writeCost = cost(7);
  writtenByteCost = cost(8);
  removeCost = cost(9);
  eventCost = cost(10);
  eventByteCost = cost(11);
  outputCost = cost(12);
  outputByteCost = cost(13);
  countCost = cost(14);
  verifyCost = cost(HASH_COSTS + 6);
  verifyByteCost = cost(HASH_COSTS + 7);
  nestedCost = cost(HASH_COSTS + 8);
  nestedByteCost = cost(HASH_COSTS + 9);
  nestedFailureCost = cost(HASH_COSTS + 10);
  nestedInstanceCost = cost(HASH_COSTS + 11);
}

/** A call with `gasLimit` gas and `inputLength` bytes of input begins: charged for what every call costs. */
@inline
export function beginGas(gasLimit: i64, inputLength: u32): void {
  limit = gasLimit;
  keptGas = 0;
  gas = gasLimit - callCost - <i64>inputLength * inputByteCost;
  stackLeft = stackBytes;
}

@inline
export function charge(amount: i64): void {
  const left = gas - amount;
  gas = left;
  if (left < 0) exhausted();
}

export function chargeHash(kind: u32, length: u32): void {
  const own = HASH_COSTS + (<usize>kind << 1);
  charge(cost(own) + <i64>length * cost(own + 1));
}

function exhausted(): void {
  setFailure(OUT_OF_GAS, CODE_OUT_OF_GAS);
  unwind(UNWIND_FAILURE);
}

/** What the call has used: all of its limit where it asked for more. */
@inline
export function gasUsed(): i64 {
  return gas < 0 ? limit : limit - gas - keptGas;
}

// ---- a call within the call ----

/** Stack of the frames between two contracts: the kernel's, the driver's and what the engine puts between them. */
const NESTED_STACK: i32 = 1024;
/** The caller keeps one part of so many: 64. */
const KEPT_SHIFT: i64 = 6;

/** A call begins. Returns what its caller keeps of the gas. */
export function lendGas(): i64 {
  const share = gas >> KEPT_SHIFT;
  gas -= share;
  keptGas += share;
  return share;
}

/**
 * It is over. What it has left is the caller's, with what was kept since, when that was `kept`; where it asked for more than it had, the
 * caller's own `share`.
 */
export function returnGas(kept: i64, share: i64): void {
  gas = gas < 0 ? share : gas + keptGas - kept;
  keptGas = kept;
}

/** A call that might have failed without its caller has not: what was charged for that is the caller's again. */
@inline
export function refundFailure(): void {
  gas += nestedFailureCost;
}

/** False where there is not enough for another frame. */
export function takeStack(): bool {
  if (stackLeft < NESTED_STACK) return false;
  stackLeft -= NESTED_STACK;
  return true;
}

export function returnStack(left: i32): void {
  stackLeft = left;
}
