// A yardstick for benchmarks: transfers between balances, by hand, with nothing of a runtime around them. No metering, no
// isolation, no events, no receipts, one thread. What it does share with the `token` contract are the bytes of the keys.
//
//   memory   | AssemblyScript's data | transfers: 64 bytes each | table 1 | table 2, twice as long | ...
//   transfer | sender: 4 words | receiver: 4 words |
//   slot     | prefix, 0 where free | address: 4 words | balance | 2 words unused |  64 bytes, a cache line
//
// The table has open addressing with linear probing and is at most half full. The host writes the transfers.

/** The word that the keys of a map "balances" start with; not 0, so that it marks a slot in use. */
const PREFIX: u64 = 0xc1f8e5881da9a6e8;

const SLOT_SHIFT: usize = 6;
const BALANCE: usize = 40;
const SLOTS_FIRST: usize = 1024;

let table: usize = 0;
/** Slots less one; the number of slots is a power of two. */
let mask: usize = 0;
let used: usize = 0;
/** The end of what is in use. */
let end: usize = (__heap_base + 63) & ~63;

/** Takes memory for `count` transfers. To be called once, before anything else. Returns where the first one goes. */
export function reserve(count: usize): usize {
  const transfers = take(count << 6);
  mask = SLOTS_FIRST - 1;
  table = take(SLOTS_FIRST << SLOT_SHIFT);
  return transfers;
}

/** Creates `amount` for the address at `to`. */
export function mint(to: usize, amount: u64): void {
  const credit = find(to);
  store<u64>(credit, load<u64>(credit, BALANCE) + amount, BALANCE);
}

/** Moves `amount` between the balances of the addresses at `from` and `to`; 0, and no change, for want of funds. */
export function transfer(from: usize, to: usize, amount: u64): i32 {
  const debit = find(from);
  const balance = load<u64>(debit, BALANCE);
  if (balance < amount) return 0;
  store<u64>(debit, balance - amount, BALANCE);
  const credit = find(to);
  store<u64>(credit, load<u64>(credit, BALANCE) + amount, BALANCE);
  return 1;
}

/** The address's slot, a new one where it has none. Good until the next call, which may move the table. */
function find(address: usize): usize {
  let slot = probe(address);
  if (load<u64>(slot) != 0) return slot;
  if (used * 2 > mask) {
    grow();
    slot = probe(address);
  }
  used++;
  store<u64>(slot, PREFIX);
  memory.copy(slot + 8, address, 32);
  return slot;
}

/** The address's slot, or the free one where it belongs. */
function probe(address: usize): usize {
  const word0 = load<u64>(address);
  const word1 = load<u64>(address, 8);
  const word2 = load<u64>(address, 16);
  const word3 = load<u64>(address, 24);
  const hash = mix(mix(mix(mix(mix(0, PREFIX), word0), word1), word2), word3);
  let index = <usize>(hash >> 32) & mask;
  while (true) {
    const slot = table + (index << SLOT_SHIFT);
    const prefix = load<u64>(slot);
    if (prefix == 0) return slot;
    if (
      prefix == PREFIX &&
      load<u64>(slot, 8) == word0 &&
      load<u64>(slot, 16) == word1 &&
      load<u64>(slot, 24) == word2 &&
      load<u64>(slot, 32) == word3
    ) {
      return slot;
    }
    index = (index + 1) & mask;
  }
}

/** One word into a hash: a multiplication, and its upper bits folded into the lower ones. */
function mix(hash: u64, word: u64): u64 {
  const mixed = (hash ^ word) * 0x9e3779b97f4a7c15;
  return mixed ^ (mixed >> 29);
}

/** Twice as many slots; the memory of the old ones is not used again. */
function grow(): void {
  const old = table;
  const oldEnd = old + ((mask + 1) << SLOT_SHIFT);
  mask = mask * 2 + 1;
  table = take((mask + 1) << SLOT_SHIFT);
  for (let slot = old; slot < oldEnd; slot += 1 << SLOT_SHIFT) {
    if (load<u64>(slot) != 0) memory.copy(probe(slot + 8), slot, 1 << SLOT_SHIFT);
  }
}

/** Memory that is zero. */
function take(bytes: usize): usize {
  const start = end;
  end += bytes;
  const missing = <i32>((end + 0xffff) >> 16) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) unreachable();
  return start;
}
