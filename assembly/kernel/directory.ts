/**
 * The directory: which contract an address is, and which entry a method has. What a call within a call is resolved by.
 *
 * ```text
 *   contracts   open-addressed table of u64 {code u32, index + 1 u32}, by address; the address itself is at AT_ADDRESSES, by index
 *   methods     open-addressed table of u64 {entry + 1 u32, address of the name u32}, by code and name
 *   name        0 code u32 | 4 length u32 | 8 its bytes in UTF-8, zero padded to words
 * ```
 *
 * A code is known by the entry of its first method. Slots are 0 where free, probed linearly, at most half of them in use.
 *
 * Written by the host while no worker runs (host/engine/directory.ts): the contracts are those of the branch whose block comes next, the methods
 * those of every code. Read by all workers. So within a block it is a constant, and the same for every incarnation and every executor.
 */
import { hashKey } from "./keys";
import { AT_ADDRESSES, AT_CONTRACTS, AT_CONTRACTS_MASK, AT_METHODS, AT_METHODS_MASK, NO_ENTRY } from "./layout";
import { sameWords } from "./words";

const NAME_CODE: usize = 0;
const NAME_LENGTH: usize = 4;
export const NAME_BYTES: usize = 8;
export const MAX_METHOD_LENGTH: u32 = 256;

/** Empty tables of so many slots, powers of two, at these addresses. The host only. */
export function placeDirectory(contracts: usize, contractSlots: u32, methods: usize, methodSlots: u32): void {
  store<u32>(AT_CONTRACTS, <u32>contracts);
  store<u32>(AT_CONTRACTS_MASK, contractSlots - 1);
  store<u32>(AT_METHODS, <u32>methods);
  store<u32>(AT_METHODS_MASK, methodSlots - 1);
  memory.fill(methods, 0, <usize>methodSlots << 3);
  clearContracts();
}

/** No address is a contract's. The host only. */
export function clearContracts(): void {
  memory.fill(load<u32>(AT_CONTRACTS), 0, (<usize>load<u32>(AT_CONTRACTS_MASK) + 1) << 3);
}

/** The contract `index`, whose address is in its place, has this code, whatever it had before. The host only. */
export function enterContract(index: u32, code: u32): void {
  const address = <usize>load<u32>(AT_ADDRESSES) + (<usize>index << 5);
  enter(load<u32>(AT_CONTRACTS), load<u32>(AT_CONTRACTS_MASK), hashKey(0, address, 32), (<u64>code << 32) | (index + 1));
}

/** The method whose name is at `name` has this entry. The host only. */
export function enterMethod(name: usize, entry: u32): void {
  const hash = hashKey(load<u32>(name, NAME_CODE), name + NAME_BYTES, load<u32>(name, NAME_LENGTH));
  enter(load<u32>(AT_METHODS), load<u32>(AT_METHODS_MASK), hash, (<u64>(entry + 1) << 32) | name);
}

/** In the place of the word that has the same low half, which names one thing only, or in a free one. */
function enter(table: usize, mask: u32, hash: u32, word: u64): void {
  let slot = hash & mask;
  for (let known = load<u64>(table + (<usize>slot << 3)); known != 0 && <u32>known != <u32>word; known = load<u64>(table + (<usize>slot << 3))) {
    slot = (slot + 1) & mask;
  }
  store<u64>(table + (<usize>slot << 3), word);
}

/** {code, index + 1} of the contract whose address is the four words at `address`; 0 where there is none. */
export function findContract(address: usize): u64 {
  const table: usize = load<u32>(AT_CONTRACTS);
  if (table == 0) return 0;
  const mask = load<u32>(AT_CONTRACTS_MASK);
  const addresses: usize = load<u32>(AT_ADDRESSES);
  let slot = hashKey(0, address, 32) & mask;
  while (true) {
    const word = load<u64>(table + (<usize>slot << 3));
    if (word == 0 || sameWords(addresses + (<usize>(<u32>word - 1) << 5), address, 32)) return word;
    slot = (slot + 1) & mask;
  }
}

/** The entry of the method of `code` with the name of `length` bytes, zero padded to words, at `name`; NO_ENTRY where there is none. */
export function findMethod(code: u32, name: usize, length: u32): u32 {
  const table: usize = load<u32>(AT_METHODS);
  const mask = load<u32>(AT_METHODS_MASK);
  let slot = hashKey(code, name, length) & mask;
  while (true) {
    const word = load<u64>(table + (<usize>slot << 3));
    if (word == 0) return NO_ENTRY;
    const known = <usize>word;
    if (load<u32>(known, NAME_CODE) == code && load<u32>(known, NAME_LENGTH) == length && sameWords(known + NAME_BYTES, name, (length + 7) & ~7)) {
      return <u32>(word >> 32) - 1;
    }
    slot = (slot + 1) & mask;
  }
}
