import { REMOVED, WRITE_HEAD_BYTES } from '../writes.js';
import { KeyedHash } from './keyed-hash.js';

/** A write in its canonical form (../writes.ts): its places in `bytes`. */
export interface LatestWrite {
  readonly bytes: Uint8Array;
  /** Of its contract. */
  readonly id: number;
  readonly keyAt: number;
  readonly keyLength: number;
  readonly valueAt: number;
  /** Undefined where the value was removed. */
  readonly valueLength: number | undefined;
}

const ADDRESS_WORDS = 8;
const HEAD_WORDS = WRITE_HEAD_BYTES / 4;
const FIRST_SLOTS = 1 << 12;

const paddedWords = (length: number): number => ((length + 7) & ~7) >>> 2;

/**
 * Of each location the last write in `logs`, which are in the order of their blocks; ascending by contract id and key, as the table is. `idOf` gives the id of a contract by its address in
 * hex digits.
 */
export function* latestWrites(
  logs: readonly Uint8Array[],
  idOf: (address: string) => number,
): Generator<LatestWrite, void, undefined> {
  const table = new WriteTable(logs, idOf);
  for (const write of table.ascending()) yield table.get(write);
}

/** Writes by location, in an open-addressed hash table: hundreds of thousands, for which strings and objects would take too long. Their keys are the contracts' choice, the hash is not. */
class WriteTable {
  readonly #logs: readonly Uint8Array[];
  readonly #words: readonly Uint32Array[];
  readonly #hash = new KeyedHash();
  /** Of each write: which log, where in it, in words, and the id of its contract. */
  readonly #log: number[] = [];
  readonly #at: number[] = [];
  readonly #id: number[] = [];
  /** Number of a write, plus one; 0 where free. At most half of them are taken. */
  #slots = new Uint32Array(FIRST_SLOTS);

  constructor(logs: readonly Uint8Array[], idOf: (address: string) => number) {
    this.#logs = logs;
    this.#words = logs.map(({ buffer, byteOffset, length }) => new Uint32Array(buffer, byteOffset, length >>> 2));
    const ids = new Map<string, number>();
    // The newest comes first, and keeps older ones out.
    for (let log = logs.length - 1; log >= 0; log--) {
      this.#addAll(log, (address) => {
        if (!ids.has(address)) ids.set(address, idOf(address));
        return ids.get(address) as number;
      });
    }
  }

  get(write: number): LatestWrite {
    const bytes = this.#logs[this.#log[write] as number] as Uint8Array;
    const words = this.#words[this.#log[write] as number] as Uint32Array;
    const at = this.#at[write] as number;
    const keyLength = words[at + ADDRESS_WORDS] as number;
    const valueLength = words[at + ADDRESS_WORDS + 1] as number;
    return {
      bytes,
      id: this.#id[write] as number,
      keyAt: (at + HEAD_WORDS) * 4,
      keyLength,
      valueAt: (at + HEAD_WORDS + paddedWords(keyLength)) * 4,
      valueLength: valueLength === REMOVED ? undefined : valueLength,
    };
  }

  /** The numbers of all writes. */
  ascending(): Uint32Array {
    return Uint32Array.from(this.#at.keys()).sort((a, b) => this.#compare(a, b));
  }

  #addAll(log: number, idOf: (address: string) => number): void {
    const words = this.#words[log] as Uint32Array;
    let known = -1;
    let id = 0;
    for (let at = 0; at < words.length; ) {
      if (known < 0 || !sameWords(words, at, words, known, ADDRESS_WORDS)) {
        known = at;
        id = idOf(
          Buffer.from((this.#logs[log] as Uint8Array).subarray(at * 4, (at + ADDRESS_WORDS) * 4)).toString('hex'),
        );
      }
      this.#add(log, at, id);
      const valueLength = words[at + ADDRESS_WORDS + 1] as number;
      at += HEAD_WORDS + paddedWords(words[at + ADDRESS_WORDS] as number);
      if (valueLength !== REMOVED) at += paddedWords(valueLength);
    }
  }

  #add(log: number, at: number, id: number): void {
    if (this.#at.length * 2 >= this.#slots.length) this.#grow();
    const slot = this.#find(this.#words[log] as Uint32Array, at, id);
    if (this.#slots[slot] !== 0) return;
    this.#log.push(log);
    this.#at.push(at);
    this.#id.push(id);
    this.#slots[slot] = this.#at.length;
  }

  /** The slot that has the location of this write, or is free for it. */
  #find(words: Uint32Array, at: number, id: number): number {
    const length = words[at + ADDRESS_WORDS] as number;
    const count = paddedWords(length);
    const mask = this.#slots.length - 1;
    const hash = this.#hash.hash(id, length, words, at + HEAD_WORDS, count);
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const write = (this.#slots[slot] as number) - 1;
      if (write < 0) return slot;
      const other = this.#words[this.#log[write] as number] as Uint32Array;
      const otherAt = this.#at[write] as number;
      if (this.#id[write] !== id || other[otherAt + ADDRESS_WORDS] !== length) continue;
      if (sameWords(words, at + HEAD_WORDS, other, otherAt + HEAD_WORDS, count)) return slot;
    }
  }

  #grow(): void {
    this.#slots = new Uint32Array(this.#slots.length * 4);
    for (let write = 0; write < this.#at.length; write++) {
      const words = this.#words[this.#log[write] as number] as Uint32Array;
      this.#slots[this.#find(words, this.#at[write] as number, this.#id[write] as number)] = write + 1;
    }
  }

  #compare(a: number, b: number): number {
    const byId = (this.#id[a] as number) - (this.#id[b] as number);
    if (byId !== 0) return byId;
    const left = this.#words[this.#log[a] as number] as Uint32Array;
    const right = this.#words[this.#log[b] as number] as Uint32Array;
    const leftAt = this.#at[a] as number;
    const rightAt = this.#at[b] as number;
    const leftLength = left[leftAt + ADDRESS_WORDS] as number;
    const rightLength = right[rightAt + ADDRESS_WORDS] as number;
    const count = paddedWords(Math.min(leftLength, rightLength));
    for (let index = HEAD_WORDS; index < HEAD_WORDS + count; index++) {
      const x = left[leftAt + index] as number;
      const y = right[rightAt + index] as number;
      if (x !== y) return bigEndian(x) - bigEndian(y);
    }
    return leftLength - rightLength;
  }
}

/** Bytes ascend as the numbers do that they are big-endian; padding is zeros, and sorts first. */
function bigEndian(word: number): number {
  return ((word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;
}

function sameWords(a: Uint32Array, aAt: number, b: Uint32Array, bAt: number, count: number): boolean {
  for (let index = 0; index < count; index++) if (a[aAt + index] !== b[bAt + index]) return false;
  return true;
}
