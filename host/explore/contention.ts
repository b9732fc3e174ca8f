import { ACCESS } from './access.js';

const VALUES = 1 << 20;

/** Where workers have memory of their own, one below the other: a chunk for what they publish, and their logs. */
export interface OwnedMemory {
  readonly from: number;
  readonly bytesOfWorker: number;
  readonly workers: number;
}

/**
 * Where workers meet. An access need not be a step of its own, at which others may come in between, where it commutes with
 * whatever others do from then on:
 *
 * - an access to a word that no other worker ever touches in the schedule;
 * - a load of a word that nobody ever changes from the value that it has now.
 *
 * "Ever" is in any schedule. It is not known beforehand, so it is supposed, from schedules at random, and every access of the search is held against it: where one
 * contradicts a supposition that has been used, `isRefuted`, and the search is made again with what has been learned. When a search ends unrefuted, no schedule
 * contradicts it: take one that does, and its first access that does; all before it commute with the accesses that the search made early, so the search has come
 * to that access as well.
 *
 * Workers are alike, and a search goes through one of the states that differ by who is who. So nothing here may depend on that: words in a worker's own memory are
 * known by their place in it, and by whether it is the owner who touches them.
 */
export class Contention {
  /** Have every access be a step. */
  readonly isEverywhere: boolean;
  isRefuted = false;
  #owned: OwnedMemory = { from: 0, bytesOfWorker: 1, workers: 0 };
  /** By word: bits of who touches it. */
  readonly #touched: Uint8Array;
  /** By word and value, mixed: whether somebody changes the word from it. */
  readonly #changed: Uint8Array;
  /** Suppositions that have been used. */
  readonly #passedWords: Uint8Array;
  readonly #passedValues = new Uint8Array(VALUES);

  /** `known`: from another search of the same block. */
  constructor(bytes: number, isEverywhere: boolean, known?: Contention) {
    this.isEverywhere = isEverywhere;
    this.#touched = known === undefined ? new Uint8Array(bytes >>> 2) : known.#touched.slice();
    this.#changed = known === undefined ? new Uint8Array(VALUES) : known.#changed.slice();
    this.#passedWords = new Uint8Array(bytes >>> 2);
  }

  /** Before anything is noted. */
  setOwned(owned: OwnedMemory): void {
    this.#owned = owned;
  }

  /** Words that more workers than one touch. */
  get words(): number {
    return this.#touched.reduce((count, bits) => count + (isShared(bits) ? 1 : 0), 0);
  }

  /** The number of a word; in workers' own memory by its place there. */
  placeOf(address: number): number {
    return this.#folded(address) >>> 2;
  }

  /** Whether more workers than one touch the word at an address. */
  isShared(address: number): boolean {
    return isShared(this.#touched[this.#folded(address) >>> 2] as number);
  }

  /** Whether others have to be let in between before this access; `words` is memory as it is. */
  isMet(address: number, kind: number, size: number, words: Uint32Array): boolean {
    if (this.isEverywhere) return true;
    const word = this.#folded(address) >>> 2;
    if (!isShared(this.#touched[word] as number)) {
      this.#passedWords[word] = 1;
      return false;
    }
    if (kind !== ACCESS.load) return true;
    const value = this.#valueAt(address, size, words);
    if (this.#changed[value] !== 0) return true;
    this.#passedValues[value] = 1;
    return false;
  }

  /** An access is about to be made. */
  note(worker: number, address: number, kind: number, size: number, words: Uint32Array): void {
    const word = this.#folded(address) >>> 2;
    const bits = (this.#touched[word] as number) | this.#bitOf(worker, address);
    this.#touched[word] = bits;
    if (this.#passedWords[word] !== 0 && isShared(bits)) this.isRefuted = true;
    if (kind === ACCESS.load || kind === ACCESS.wait) return;
    const value = this.#valueAt(address, size, words);
    this.#changed[value] = 1;
    if (this.#passedValues[value] !== 0) this.isRefuted = true;
  }

  /** In a worker's own memory the owner is one, all others another. */
  #bitOf(worker: number, address: number): number {
    const { from, bytesOfWorker, workers } = this.#owned;
    const place = Math.floor((address - from) / bytesOfWorker);
    if (place < 0 || place >= workers) return 1 << worker;
    return workers - 1 - place === worker ? 1 : 2;
  }

  /** An address in a worker's own memory as if it were in the lowest. */
  #folded(address: number): number {
    const { from, bytesOfWorker, workers } = this.#owned;
    const offset = address - from;
    return offset < 0 || offset >= bytesOfWorker * workers ? address : from + (offset % bytesOfWorker);
  }

  /** What is to be read: a word, or two where the access is to 64 bits. */
  #valueAt(address: number, size: number, words: Uint32Array): number {
    const word = address >>> 2;
    const high = size === 8 ? (words[word + 1] as number) : 0;
    let mixed = Math.imul(this.#folded(address), 0x9e37_79b1) ^ this.#folded(words[word] as number);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85eb_ca77) ^ high;
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
    return (mixed ^ (mixed >>> 16)) & (VALUES - 1);
  }
}

function isShared(bits: number): boolean {
  return (bits & (bits - 1)) !== 0;
}
