/**
 * The tape: what this worker did in the block, record by record, for statistics, traces and explanations.
 *
 * ```text
 *   record, 32 bytes
 *   execution    0 kind u8 | 1 incarnation u8 | 2 - | 4 TxIndex u32 | 8 end f64, 0: not looked at | 16 gas u64 | 24 accesses u32 | 28 -
 *                then its accesses, 8 bytes each: {flags u8, location's id << 8} u32 | u32: the TxIndex that wrote what it read, NOBODY: before the block
 *   abort        0 kind u8 | 1 incarnation u8 | 2 cause u8 | 3 whether it was for a bound u8 | 4 TxIndex u32 | 8 end f64 | 16 begin f64: of the validation | 24 location's id u32 | 28 writer u32, NOBODY: unknown
 *   validation   0 kind u8 | 1 incarnation u8 | 2 - | 4 TxIndex u32 | 8 end f64 | 16 begin f64 | 24 -
 *   commit       0 kind u8 | 4 first TxIndex u32 | 8 end f64, 0: not looked at | 16 gas that it counts as u64 | 24 TxIndex after the last u32
 *   idle         0 kind u8 | 8 end f64 | 16 begin f64
 *   before       0 kind u8 | 1 whether it was a counter u8 | 4 location's id u32 | 8 the value before the block u64: of what was counted on, and changed
 *   entered      0 kind u8 | 4 the worker's number u32 | 8 time f64
 *   others       0 kind u8 | 4 TxIndex u32 | 8 time f64
 *   verdicts, 40 bytes, after the execution: of each access that is counted (delta.ts)
 *                0 kind u8 | 4 location's id u32 | 8 guess u64 | 16 least u64, 24 most u64 | 32 what was added u64
 * ```
 *
 * A log of its worker's own (arena.ts), so nothing is raced for: the worker appends with plain stores, and adding to the departed word publishes
 * them, as it does the reports. The host reads when all have departed.
 *
 * Times are microseconds of the driver's clock, which is the same for all workers. To read it takes as long as some calls of ours, so what begins does so when what came before it ended, and
 * calls that are cheap share a reading, and so do the commits among them, which count as gas: an execution or a commit without a time of its own ended between its neighbours, in proportion to the
 * gas (the host's part). After a call that has a reading of its own, a commit has one, too. Invariant: the times that a worker's tape has never go back, and whatever reads the clock leaves that time in a record.
 *
 * Without POLICY_TAPE nothing is written, and each place that would is one branch on a global of this instance.
 */
import {
  ACCESS_DELTA, ACCESS_LOCATION, ACCESS_READ, ACCESS_SIZE, ACCESS_WRITTEN, endOfAccesses, firstAccess,
} from "./accesses";
import { appendLog } from "./arena";
import { countedDelta, hasCounted } from "./counted";
import { counterValue, guessOf, isAdded, isCounter, leastOf, mostOf, sumOf } from "./delta";
import { LOCATION_COUNTED, locationId } from "./keys";
import { AT_EPOCH, AT_POLICY, AT_POOL_FREE, POLICY_TAPE, WORKER_SIZE, WORKER_TAPE, worker, workerLine } from "./layout";
import { incarnationOf } from "./status";
import { failedLocation, failedNow, failedRead } from "./validate";
import { ESTIMATE } from "./versions";
import { blockedAt, blocker } from "./view";

// ---- kinds of records ----
/** The call returned, or failed; it read committed values only, or may yet be found wrong. */
export const TAPE_FINAL: u32 = 1;
export const TAPE_SPECULATIVE: u32 = 2;
/** The call met an ESTIMATE and was left. */
export const TAPE_UNWOUND: u32 = 3;
export const TAPE_ABORT: u32 = 4;
/** What it had waited for has finished. */
export const TAPE_RESUMED: u32 = 5;
/** Of the wave. */
export const TAPE_VALIDATION: u32 = 6;
export const TAPE_COMMIT: u32 = 7;
/** There was nothing to do. */
export const TAPE_IDLE: u32 = 8;
/** The worker has come to the block, and has left it. */
export const TAPE_ENTERED: u32 = 9;
export const TAPE_ARRIVED: u32 = 10;
/** What the call was told of a counter, and what the counter was before the block. */
export const TAPE_VERDICTS: u32 = 11;
export const TAPE_BEFORE: u32 = 12;

// ---- causes of aborts ----
/** A lower transaction wrote the location after this one had read it. */
export const CAUSE_VALIDATION: u32 = 1;
/** It met the ESTIMATE of an incarnation that was aborted. */
export const CAUSE_ESTIMATE: u32 = 2;
/** What it read was written by an incarnation that was aborted afterwards. */
export const CAUSE_CASCADE: u32 = 3;

// ---- what an access was ----
export const TAPE_READ: u32 = 1;
export const TAPE_WRITTEN: u32 = 2;
/** Added to without being read. */
export const TAPE_ADDED: u32 = 4;
/** Counted on without being read: an `add` or `subtract` asked whether its bound held. */
export const TAPE_COUNTED: u32 = 8;

export const TAPE_RECORD: usize = 32;
export const TAPE_VERDICTS_SIZE: usize = 40;
const ACCESS: usize = 8;
const NOBODY: u32 = 0xffffffff;
/** What takes less than this together shares a reading of the clock: about 4 µs, as a run does (run.ts). A driver whose clock is free to read makes it 0. */
export let readingGas: u64 = 160_000;
/** What validating and committing one call counts as: some 50 ns. */
const COMMIT_GAS: u64 = 2_000;

/** Microseconds. */
@external("env", "clock")
declare function clock(): f64;

/** Whether anything is to be written. */
export let isTaped: bool = false;
/** The last reading, and the gas of what has been executed since. */
let now: f64 = 0;
let gasSince: u64 = 0;
let idleSince: f64 = 0;
let isIdle: bool = false;
/** When the validation of the wave that goes on began; 0 where none does: what is validated at the frontier is part of a commit. */
let since: f64 = 0;
/** Whether what is committed was validated just before, with the lock held, and not call by call between executions. */
let isLocked: bool = false;
/** The abort at the frontier that is to be written down after the commit that found it: the record's first word, 0 while there is none, and the rest. */
let heldWord: u32 = 0;
let heldIndex: u32 = 0;
let heldLocation: usize = 0;
let heldWriter: u32 = 0;

export function enterTape(): void {
  isTaped = (load<u32>(AT_POLICY) & POLICY_TAPE) != 0;
  isIdle = false;
  isLocked = false;
  heldWord = 0;
  since = 0;
  if (isTaped) append(TAPE_ENTERED, 0, <u32>((worker - workerLine(0)) / WORKER_SIZE), readClock());
}

function readClock(): f64 {
  now = clock();
  gasSince = 0;
  return now;
}

/** The time now: the last reading, where nothing has been done since. */
@inline
function timeHere(): f64 {
  return gasSince == 0 ? now : readClock();
}

function append(kind: u32, incarnation: u32, txIndex: u32, time: f64): usize {
  const record = appendLog(worker + WORKER_TAPE, TAPE_RECORD);
  store<u32>(record, kind | (incarnation << 8));
  store<u32>(record, txIndex, 4);
  store<f64>(record, time, 8);
  store<f64>(record, 0, 16);
  store<u64>(record, 0, 24);
  return record;
}

/** The running call has ended, as `kind` says. `incarnation` is its own. */
export function tapeExecution(kind: u32, txIndex: u32, incarnation: u32, gas: u64): void {
  gasSince += max<u64>(gas, 1);
  const first = firstAccess();
  const count = (endOfAccesses() - first) / ACCESS_SIZE;
  const time = gasSince >= readingGas || kind == TAPE_UNWOUND ? readClock() : 0;
  const record = appendLog(worker + WORKER_TAPE, TAPE_RECORD + count * ACCESS);
  store<u64>(record, (<u64>txIndex << 32) | kind | (incarnation << 8));
  store<f64>(record, time, 8);
  store<u64>(record, gas, 16);
  store<u64>(record, count, 24);
  const high: usize = load<u32>(AT_POOL_FREE, 4);
  const hasNotes = hasCounted();
  let to = record + TAPE_RECORD;
  for (let slot: u32 = 0; slot < <u32>count; slot++, to += ACCESS) {
    const access = first + <usize>slot * ACCESS_SIZE;
    const read: usize = load<u32>(access, ACCESS_READ);
    const writer = read < high ? NOBODY : load<u32>(read, 4);
    const location: usize = load<u32>(access, ACCESS_LOCATION);
    const what = (<u64>writer << 32) | (locationId(location) << 8);
    // Most accesses are of no counter.
    if (load<u32>(access, ACCESS_DELTA) == 0 && !hasNotes) store<u64>(to, what | readOrWritten(access, read));
    else store<u64>(to, what | flagsOfCounter(slot, access, read));
  }
}

@inline
function readOrWritten(access: usize, read: usize): u32 {
  return <u32>(read != 0) * TAPE_READ | <u32>(load<u32>(access, ACCESS_WRITTEN) != 0) * TAPE_WRITTEN;
}

/** Where the call has read and what it had added stands, that is as good as written. Verdicts are written down, too. */
function flagsOfCounter(slot: u32, access: usize, read: usize): u32 {
  const delta = countedDelta(slot, access);
  if (delta == 0) return readOrWritten(access, read) | (hasAdded(access) ? TAPE_WRITTEN : 0);
  const flags = countedFlags(access, delta);
  tapeVerdicts(load<u32>(access, ACCESS_LOCATION), delta);
  return flags;
}

/** By a call that has not read it. */
function countedFlags(access: usize, delta: usize): u32 {
  if (isAdded(delta)) return TAPE_COUNTED | TAPE_ADDED;
  return TAPE_COUNTED | (load<u32>(access, ACCESS_WRITTEN) == 0 ? 0 : TAPE_WRITTEN);
}

function hasAdded(access: usize): bool {
  const delta: usize = load<u32>(access, ACCESS_DELTA);
  return delta != 0 && isAdded(delta);
}

function tapeVerdicts(location: usize, delta: usize): void {
  store<u32>(location, load<u32>(AT_EPOCH), LOCATION_COUNTED);
  const record = appendLog(worker + WORKER_TAPE, TAPE_VERDICTS_SIZE);
  store<u64>(record, (<u64>locationId(location) << 32) | TAPE_VERDICTS);
  store<u64>(record, guessOf(delta), 8);
  store<u64>(record, leastOf(delta), 16);
  store<u64>(record, mostOf(delta), 24);
  store<u64>(record, isAdded(delta) ? sumOf(delta) - guessOf(delta) : 0, 32);
}

/** The block has changed `location`, which held `record`. All workers have left the execution phase. */
export function tapeBefore(location: usize, record: usize): void {
  if (load<u32>(location, LOCATION_COUNTED) != load<u32>(AT_EPOCH)) return;
  const isKnown = isCounter(record);
  const entry = append(TAPE_BEFORE, isKnown ? 1 : 0, locationId(location), 0);
  store<u64>(entry, isKnown ? counterValue(record) : 0, 8);
}

/** Whose write a record is: one of the block's is in its chunks, one from before it is not. */
function writerOf(record: usize): u32 {
  return record < <usize>load<u32>(AT_POOL_FREE, 4) ? NOBODY : load<u32>(record, 4);
}

/** The read set of `txIndex` has just failed, and it is Aborting. */
export function tapeAbort(txIndex: u32): void {
  const readFrom = writerOf(failedRead);
  const found = writerOf(failedNow & ~(<usize>ESTIMATE));
  const isGone = readFrom != NOBODY && (found == NOBODY || found <= readFrom);
  const word = abortWord(txIndex, isGone ? CAUSE_CASCADE : CAUSE_VALIDATION, failedRead == 0);
  const writer = isGone ? readFrom : found;
  if (!isLocked) {
    appendAbort(txIndex, word, failedLocation, writer);
    return;
  }
  heldWord = word;
  heldIndex = txIndex;
  heldLocation = failedLocation;
  heldWriter = writer;
}

/** The running call has met the ESTIMATE of `blocker`. After the record of its execution. */
export function tapeEstimate(txIndex: u32): void {
  appendAbort(txIndex, abortWord(txIndex, CAUSE_ESTIMATE, false), blockedAt, blocker);
}

/** The first word of the record of an abort. */
@inline
function abortWord(txIndex: u32, cause: u32, isBound: bool): u32 {
  return TAPE_ABORT | (incarnationOf(txIndex) << 8) | (cause << 16) | (<u32>isBound << 24);
}

/** Of the wave it ends what began at `since`; any other is a moment. */
function appendAbort(txIndex: u32, word: u32, location: usize, writer: u32): void {
  const end = since == 0 ? timeHere() : readClock();
  const record = append(TAPE_ABORT, 0, txIndex, end);
  store<u32>(record, word);
  store<f64>(record, since == 0 ? end : since, 16);
  store<u32>(record, locationId(location), 24);
  store<u32>(record, writer, 28);
}

/** What the suspended `txIndex` waited for has finished. It is in its next incarnation. */
export function tapeResumed(txIndex: u32): void {
  append(TAPE_RESUMED, 0, txIndex, timeHere());
}

/** This worker has something to do. */
export function tapeWork(): void {
  if (isIdle) endIdle();
}

/** It has nothing to do: neither now nor, until it says otherwise, later. */
export function tapeIdle(): void {
  if (isIdle) return;
  isIdle = true;
  idleSince = timeHere();
}

function endIdle(): void {
  isIdle = false;
  const record = append(TAPE_IDLE, 0, 0, readClock());
  store<f64>(record, idleSince, 16);
}

/** When a validation of the wave begins. */
export function tapeBegin(): void {
  tapeWork();
  since = timeHere();
}

/** A transaction of the wave was looked at. `incarnation` is the one that was. */
export function tapeValidation(txIndex: u32, incarnation: u32): void {
  const record = append(TAPE_VALIDATION, incarnation, txIndex, readClock());
  store<f64>(record, since, 16);
  since = 0;
}

/** This worker has locked the frontier, to commit what holds. */
export function tapeLock(): void {
  tapeWork();
  isLocked = true;
}

/** What is from `from` to `to` is committed for all to see; where that is nothing, `from` was looked at. */
export function tapeCommit(from: u32, to: u32): void {
  const gas = isLocked ? <u64>max<u32>(to - from, 1) * COMMIT_GAS : 0;
  const isKnown = gasSince == 0;
  gasSince += gas;
  const isRead = gas != 0 && (isKnown || heldWord != 0) || gasSince >= readingGas;
  const record = append(TAPE_COMMIT, 0, from, isRead ? readClock() : 0);
  store<u64>(record, gas, 16);
  store<u32>(record, to, 24);
  isLocked = false;
  if (heldWord != 0) appendAbort(heldIndex, heldWord, heldLocation, heldWriter);
  heldWord = 0;
}

/** There is nothing to do for this worker any more. */
export function tapeArrival(): void {
  tapeWork();
  append(TAPE_ARRIVED, 0, 0, readClock());
}
