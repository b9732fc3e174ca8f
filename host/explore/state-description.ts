import { lookaheadRange, mostNumber } from './block-bounds.js';
import type { OwnedMemory } from './contention.js';
import { AT } from './driver-words.js';
import { LOGS, type MachineParts, PAGE, STACK_BYTES, STACK_HEAD } from './layout.js';

/** How an entry is hashed, see assembly/explore/state-hash.ts. */
const HASHED = { plain: 0, while: 1, upTo: 2, same: 3, stack: 4, ring: 5 } as const;

/** Of the kernel's memory below the transactions: the words that a block changes. */
const HEADER_FROM = 384;
const HEADER_BYTES = 1152;
const LOGS_BYTES = 64;
/** Of a staging area: what is kept. */
const STAGED_BYTES = 64;
const ACCESSES_BYTES = 256;

/** Where what a state is made of has been written down, and what was learned by that. */
export interface StateDescription {
  /** The first address behind it. */
  readonly end: number;
  /** What is each worker's own: its line, and its chunks for what it publishes and for its logs. */
  readonly owned: readonly OwnedMemory[];
}

/**
 * Say what there is to be kept of a machine that is at the beginning of the block, and what of it a state's future depends on. Also notes in the words of each
 * worker's driver where its arena ends. `locations`: their addresses. With `isAlike` two states that differ by which worker is which are one.
 */
export function describeState(
  { exports, words, layout, block }: MachineParts,
  locations: readonly number[],
  isAlike: boolean,
): StateDescription {
  const { workers } = layout;
  const regions: number[] = [];
  const hashed: number[] = [];
  const plain = (at: number, bytes: number) => hashed.push(at, bytes, HASHED.plain, 0);
  const { AT_EXECUTION, AT_WAVE, AT_PARKED, AT_WAKE } = exports;
  regions.push(HEADER_FROM, HEADER_BYTES, layout.begun << 2, (4 * block.programs.length + 7) & ~7);
  // The frontier is hashed by `setLookahead`.
  for (const at of [AT_EXECUTION, AT_WAVE]) plain(at.value, 8);
  hashed.push(AT_PARKED.value, 0, HASHED.while, AT_PARKED.value);
  const transactions = block.programs.length << exports.TRANSACTION_SHIFT.value;
  regions.push(exports.transactionsBase.value, transactions);
  plain(exports.transactionsBase.value, transactions);
  for (const location of locations) {
    regions.push(location + exports.LOCATION_CHAIN.value, 64);
    plain(location + exports.LOCATION_CHAIN.value, 24);
  }
  const shared = hashed.length >>> 2;
  let [chunks, stagings] = [0, 0];
  for (let worker = 0; worker < workers; worker++) {
    const globals = layout.globalsOf(worker);
    exports.restoreGlobals(globals);
    const staging = exports.stagingBase.value >>> 0;
    const { STAGING_LINKS, STAGING_ACCESSES } = exports;
    const staged = STAGING_ACCESSES.value - STAGING_LINKS.value + ACCESSES_BYTES;
    const cursor = globals + exports.GLOBALS_OF_CALL.value;
    const arena = layout.arenaOf(words[cursor >>> 2] as number);
    if (worker === 0) stagings = staging;
    // The last worker's: its logs' chunks are below.
    chunks = arena - 2 * PAGE;
    const driver = layout.driverOf(worker) << 2;
    words[(driver >>> 2) + AT.arenaEnd] = arena + layout.arenaBytes;
    const isRunning = driver + 4 * AT.isRunning;
    const stack = layout.stackOf(worker);
    regions.push(staging, STAGED_BYTES, staging + STAGING_LINKS.value, staged);
    regions.push((exports.workerLine(worker) >>> 0) + LOGS, LOGS_BYTES, arena, layout.arenaBytes);
    regions.push(exports.marksOf(worker) >>> 0, 8 * locations.length);
    regions.push(globals, exports.GLOBALS_ALL.value, stack, STACK_BYTES, driver, 4 * AT.all);
    plain(globals, exports.GLOBALS_SHARED.value);
    hashed.push(staging + exports.STAGING_RUNS.value, 0, HASHED.ring, cursor + 8);
    const ofCall = globals + exports.GLOBALS_SHARED.value;
    hashed.push(ofCall, cursor - ofCall, HASHED.while, isRunning);
    hashed.push(staging + STAGING_ACCESSES.value, ACCESSES_BYTES, HASHED.while, isRunning);
    if (layout.slotBytes === 0) hashed.push(arena, 0, HASHED.upTo, cursor);
    else hashed.push(cursor, 8, HASHED.while, isRunning);
    hashed.push(stack + STACK_HEAD, 0, HASHED.stack, stack);
    plain(driver, 4 * AT.end);
    hashed.push(driver + 4 * AT.ticket, 4, HASHED.same, AT_WAKE.value);
  }
  let at = layout.state;
  words.set(regions, at >>> 2);
  exports.setRegions(at, at + 4 * regions.length);
  at += 4 * regions.length;
  words.set(hashed, at >>> 2);
  const own = ((hashed.length >>> 2) - shared) / workers;
  // A number of the program's own that looks like an address of a worker's would be taken for another where workers change places.
  const isRenamed = isAlike && mostNumber(block) < stagings + exports.STAGING_LINKS.value;
  exports.setHashed(at, shared, own, workers, isRenamed ? 1 : 0);
  exports.setOwned(chunks, stagings, layout.slotBytes);
  const line = exports.workerLine(0) >>> 0;
  const first = words[(exports.AT_FRONTIER.value >>> 2) + 1] as number;
  exports.setLookahead(lookaheadRange(block, first));
  return {
    end: (at + 4 * hashed.length + 63) & ~63,
    owned: [
      { from: line, bytesOfWorker: (exports.workerLine(1) >>> 0) - line, workers, isDownwards: false },
      { from: chunks, bytesOfWorker: 3 * PAGE, workers, isDownwards: true },
    ],
  };
}
