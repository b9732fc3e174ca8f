/**
 * Where everything is in the shared memory, declared once.
 *
 * ```text
 *   0        64         4096           ...                                            end
 *   | unused | header   | worker lines | staging | index | locations | marks | calls | transactions | pool |
 * ```
 *
 * - header        words that all threads share; each hot one has a 128-byte line of its own (below)
 * - worker lines  512 bytes a worker: its counters, its logs, its start word
 * - staging       per worker: the words that a contract has pushed, and its growing access list
 * - index         open-addressed hash table from (contract, key) to location        keys.ts
 * - locations     128 bytes each: the key, the chain of versions, the committed value   keys.ts
 * - marks         per worker and location: which access of the running call it is    accesses.ts
 * - calls         32 bytes each, written by the host before the block starts
 * - transactions  64 bytes each: status, read and write set, result                  status.ts
 * - pool          64 KiB chunks; persistent blocks grow from its start, the block's arenas from its end   arena.ts
 *
 * `format` writes the header once. `attach` reads it into this instance's globals: every worker and the host
 * has an instance of this module over the same memory, so a global is private to its thread.
 *
 * The region words are written by `format` before any worker exists and only read afterwards. The block words
 * are written by the host while all workers are parked; the atomic store to a worker's start word publishes them.
 */

export const LAYOUT_VERSION: u32 = 7;
const MAGIC: u32 = 0x4d545342;

// ---- header: regions (written once) ----
const AT_MAGIC: usize = 64;
const AT_VERSION: usize = 68;
const AT_WORKERS: usize = 72;
const AT_LOCATION_CAPACITY: usize = 76;
const AT_TRANSACTION_CAPACITY: usize = 80;
const AT_INDEX_CAPACITY: usize = 84;
const AT_STAGING: usize = 88;
const AT_INDEX: usize = 92;
const AT_LOCATIONS: usize = 96;
const AT_MARKS: usize = 100;
const AT_CALLS: usize = 104;
const AT_TRANSACTIONS: usize = 108;
const AT_POOL: usize = 112;
const AT_POOL_END: usize = 116;

// ---- header: the block (written by the host between blocks) ----
export const AT_EPOCH: usize = 192;
export const AT_COUNT: usize = 196;
export const AT_MODE: usize = 200;
export const AT_PARTICIPANTS: usize = 204;
export const AT_HEIGHT: usize = 208;
export const AT_TIMESTAMP: usize = 216;
export const AT_CHAIN_ID: usize = 224;
export const AT_SEED: usize = 232;
/** Where the 32-byte contract addresses are, one after another. */
export const AT_ADDRESSES: usize = 264;
/** How the block is to be executed: the policy bits below, then calls in a run, 0: by what they cost. */
export const AT_POLICY: usize = 276;
export const AT_GRAIN: usize = 280;
/** The first transaction to execute: not 0 where the block goes on sequentially. */
export const AT_FROM: usize = 284;
/** Where the senders and inputs are that the calls name by their place there, and where they end; of a patch, its entries (patch.ts). */
export const AT_CALL_BYTES: usize = 288;
export const AT_CALL_BYTES_END: usize = 292;
/** Whether there is a base: a location that is not in memory may have a value there, see base.ts. */
export const AT_BASE: usize = 296;
/** Counts the evictions, so that a worker drops the chunk that it was cutting blocks from, see evict.ts. */
export const AT_EVICTIONS: usize = 300;
/** The tables that calls between contracts are resolved by, and their slots less one; 0 where there are none, see directory.ts. */
export const AT_CONTRACTS: usize = 304;
export const AT_CONTRACTS_MASK: usize = 308;
export const AT_METHODS: usize = 312;
export const AT_METHODS_MASK: usize = 316;
/** Slots of the index now in use, less one: a power of two less one, see keys.ts. */
export const AT_INDEX_MASK: usize = 272;
/** Counts the sweeps of the location table, so that a worker drops ids it had reserved before one. */
export const AT_SWEEPS: usize = 268;

// ---- header: shared by running workers, a line each ----
/** First fault of the block, 0 while there is none. CAS by whoever meets it, read by all. */
export const AT_FAULT: usize = 384;
/** execution cursor: u64 {end of what was ever claimed, next to claim}, see run.ts */
export const AT_EXECUTION: usize = 512;
/** validation wave: u64 {end, next}, see wave.ts */
export const AT_WAVE: usize = 640;
/** frontier: u64 {lookahead and lock, first not committed}, see frontier.ts */
export const AT_FRONTIER: usize = 768;
/** in the same line: what the host awaits, and the count of its answers, see progress.ts */
export const AT_AWAITED: usize = 776;
export const AT_NEWS: usize = 780;
/** wake word, then the number of parked workers */
export const AT_WAKE: usize = 896;
export const AT_PARKED: usize = 900;
/** workers that have left the execution phase */
export const AT_ARRIVED: usize = 1024;
/** workers that have left the block; the host waits on it */
export const AT_DEPARTED: usize = 1152;
/** pool bounds: u64 {end of free space, start of free space}, see arena.ts */
export const AT_POOL_FREE: usize = 1280;
/** locations given out */
export const AT_LOCATIONS_USED: usize = 1408;
/** free lists of the persistent heap, u64 each, see heap.ts */
export const AT_FREE_LISTS: usize = 1536;
/** Random words for the hash of keys, which the host writes after `format`: one for contract and length, one for each word of a key. */
export const AT_SECRETS: usize = 2176;
export const SECRETS: u32 = 33;
/** Threads that the machine runs at once, u32; the host writes it after `format`. */
export const AT_PARALLELISM: usize = 2552;
/** Bytes of stack that a call may use, u32; then the costs that the kernel charges, u32 each, see gas.ts. The host writes them after `format`. */
export const AT_STACK_BYTES: usize = 2556;
export const AT_GAS_SCHEDULE: usize = 2560;
/** The record of every absent value: its length is ABSENT. */
export const ABSENT_RECORD: usize = 2048;

const WORKER_LINES: usize = 4096;
export const WORKER_SIZE: usize = 512;

// ---- a worker's lines (offsets) ----
/** Host adds 1 to start the worker on the block; the worker waits on it. */
export const WORKER_START: usize = 0;
/** Logs: {newest chunk, cursor, end}. The host reads the first two after the block. */
export const WORKER_REPORTS: usize = 128;
export const WORKER_WRITES: usize = 144;
export const WORKER_JOURNAL: usize = 160;
/** Newest undo entry of the block, and newest one whose old value has a heap block, see commit.ts. */
export const WORKER_UNDO: usize = 176;
export const WORKER_RETIRED: usize = 180;
/** Counters, u32 each, then one of u64, see stats.ts. */
export const WORKER_STATS: usize = 192;
/** A log as those above, see tape.ts. */
export const WORKER_TAPE: usize = 224;

/** A worker's staging area: pushed words; the links of a search; runs; frames; a digest; the access list of a call that is not large. */
export const STAGED_CAPACITY: usize = 66048;
export const STAGING_LINKS: usize = STAGED_CAPACITY;
/** Runs that this worker holds, see run.ts. */
export const STAGING_RUNS: usize = STAGED_CAPACITY + 64;
export const RUNS: u32 = 16;
/** Contracts on the call stack, see frames.ts. */
export const STAGING_FRAMES: usize = STAGED_CAPACITY + 192;
export const MAX_FRAMES: u32 = 32;
/** The digest that the call computed last, see hash.ts. */
export const STAGING_DIGEST: usize = STAGED_CAPACITY + 448;
export const STAGING_ACCESSES: usize = STAGED_CAPACITY + 480;
export const STAGING_SIZE: usize = 69632;

export const LOCATION_SHIFT: u32 = 7;
export const LOCATION_SIZE: u32 = 128;
export const CALL_SHIFT: u32 = 5;
export const TRANSACTION_SHIFT: u32 = 6;
export const CHUNK: usize = 65536;
export const INITIAL_INDEX: u32 = 16384;

// ---- a call, written by the host (offsets) ----
/** Index of the method in the workers' method tables; NO_ENTRY where there is no such contract or method. */
export const CALL_ENTRY: usize = 0;
/** Index of the contract; without one, the failure code that the receipt carries. */
export const CALL_CONTRACT: usize = 4;
/** Input and sender as offsets from AT_CALL_BYTES. */
export const CALL_INPUT: usize = 8;
export const CALL_INPUT_LENGTH: usize = 12;
export const CALL_SENDER: usize = 16;
/** u64, below 2^63. A call within a call has none of its own. */
export const CALL_GAS_LIMIT: usize = 24;
export const NO_ENTRY: u32 = 0xffffffff;
export const CALL_SIZE: usize = 1 << CALL_SHIFT;

/** Length word of the record of an absent value. */
export const ABSENT: u32 = 0xffffffff;

// ---- policy bits ----
/** A read whose version changed and whose bytes did not still holds. */
export const POLICY_VALUES: u32 = 1;
/** What an aborted transaction wrote is marked: who reads it waits. */
export const POLICY_ESTIMATES: u32 = 2;
/** Who meets an ESTIMATE waits for its writer; without, it is executed again. */
export const POLICY_PARK: u32 = 4;
/** `add` does not conflict with `add`; without, it reads and writes. */
export const POLICY_DELTAS: u32 = 8;
/** Give up where speculation does not pay: the host goes on sequentially. */
export const POLICY_YIELD: u32 = 16;
/** The call is given less gas and stack than is its due: where either runs out in a call that it makes, give up. */
export const POLICY_CONFINED: u32 = 32;
/** What the workers do is written down, see tape.ts. */
export const POLICY_TAPE: u32 = 64;

/** What the block runs as. */
export const SEQUENTIAL: u32 = 0;
export const BLOCK_STM: u32 = 1;
export const VIEW: u32 = 2;
/** No calls: values are set, see patch.ts. */
export const PATCH: u32 = 3;

// ---- this instance ----
export let worker: usize = 0;
export let workerCount: u32 = 0;
export let locationCapacity: u32 = 0;
export let transactionCapacity: u32 = 0;
export let indexCapacity: u32 = 0;
export let indexBase: usize = 0;
export let locationsBase: usize = 0;
export let marksBase: usize = 0;
export let callsBase: usize = 0;
export let transactionsBase: usize = 0;
export let stagingBase: usize = 0;
export let poolBase: usize = 0;
export let poolEnd: usize = 0;

@inline
export function workerLine(index: u32): usize {
  return WORKER_LINES + <usize>index * WORKER_SIZE;
}

/** The marks of worker `index`, see accesses.ts. */
export function marksOf(index: u32): usize {
  return <usize>load<u32>(AT_MARKS) + <usize>index * <usize>locationCapacity * 8;
}

@inline
export function call(txIndex: u32): usize {
  return callsBase + (<usize>txIndex << CALL_SHIFT);
}

@inline
export function transaction(txIndex: u32): usize {
  return transactionsBase + (<usize>txIndex << TRANSACTION_SHIFT);
}

function align(address: u64, to: u64): u64 {
  return (address + to - 1) & ~(to - 1);
}

/**
 * Lay out a fresh, all-zero memory of `bytes` bytes. Returns how many it must have at least; where it has fewer, it
 * is left unformatted.
 */
export function format(bytes: u64, workers: u32, locations: u32, transactions: u32): u64 {
  let slots: u64 = 1024;
  while (slots < <u64>locations * 2) slots <<= 1;
  let at: u64 = align(WORKER_LINES + <u64>workers * WORKER_SIZE, 4096);
  store<u32>(AT_STAGING, <u32>at);
  at += <u64>workers * STAGING_SIZE;
  store<u32>(AT_INDEX, <u32>at);
  at += slots * 8;
  store<u32>(AT_LOCATIONS, <u32>at);
  at += <u64>locations << LOCATION_SHIFT;
  store<u32>(AT_MARKS, <u32>at);
  at += <u64>workers * locations * 8;
  at = align(at, 128);
  store<u32>(AT_CALLS, <u32>at);
  at += <u64>transactions << CALL_SHIFT;
  store<u32>(AT_TRANSACTIONS, <u32>at);
  at += <u64>transactions << TRANSACTION_SHIFT;
  at = align(at, CHUNK);
  const least = at + 16 * CHUNK;
  if (least > bytes) return least;
  store<u32>(AT_POOL, <u32>at);
  store<u32>(AT_POOL_END, <u32>(bytes & ~<u64>(CHUNK - 1)));
  store<u64>(AT_POOL_FREE, ((bytes & ~<u64>(CHUNK - 1)) << 32) | at);
  store<u32>(AT_WORKERS, workers);
  store<u32>(AT_LOCATION_CAPACITY, locations);
  store<u32>(AT_TRANSACTION_CAPACITY, transactions);
  store<u32>(AT_INDEX_CAPACITY, <u32>slots);
  store<u32>(AT_INDEX_MASK, min<u32>(<u32>slots, INITIAL_INDEX) - 1);
  store<u32>(ABSENT_RECORD, ABSENT);
  store<u32>(AT_VERSION, LAYOUT_VERSION);
  atomic.store<u32>(AT_MAGIC, MAGIC);
  return least;
}

/** Make this instance the one of worker `index`; the host's is one past the last. Returns the layout version, 0 if unformatted. */
export function attachLayout(index: u32): u32 {
  if (atomic.load<u32>(AT_MAGIC) != MAGIC) return 0;
  worker = workerLine(index);
  workerCount = load<u32>(AT_WORKERS);
  locationCapacity = load<u32>(AT_LOCATION_CAPACITY);
  transactionCapacity = load<u32>(AT_TRANSACTION_CAPACITY);
  indexCapacity = load<u32>(AT_INDEX_CAPACITY);
  indexBase = load<u32>(AT_INDEX);
  locationsBase = load<u32>(AT_LOCATIONS);
  marksBase = marksOf(index);
  callsBase = load<u32>(AT_CALLS);
  transactionsBase = load<u32>(AT_TRANSACTIONS);
  stagingBase = <usize>load<u32>(AT_STAGING) + <usize>index * STAGING_SIZE;
  poolBase = load<u32>(AT_POOL);
  poolEnd = load<u32>(AT_POOL_END);
  return load<u32>(AT_VERSION);
}
