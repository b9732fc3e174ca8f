import { ACCESS } from './access.js';

const VALUES = 1 << 20;

/** Where workers have memory of their own: as many bytes of each, one worker's next to the other's. */
export interface OwnedMemory {
  readonly from: number;
  readonly bytesOfWorker: number;
  readonly workers: number;
  /** The first worker has the highest. */
  readonly isDownwards: boolean;
}

/**
 * Where workers meet. An access need not be a step of its own, at which others may come in between, where it commutes with
 * whatever others do from then on:
 *
 * - an access to a word in the worker's own memory that no other ever touches;
 * - a load of a word that nobody ever changes from the value that it has now.
 *
 * "Ever" is in any schedule. It is not known beforehand, so it is supposed, from schedules at random, and every access of the search is held against it: where one
 * contradicts a supposition that has been used, `isRefuted`, and the search is made again with what has been learned. When a search ends unrefuted, no schedule
 * contradicts it: take one that does, and its first access that does; all before it commute with the accesses that the search made early, so the search has come
 * to that access as well.
 *
 * Workers are alike, and a search goes through one of the states that differ by who is who. So nothing here may depend on that: words in a worker's own memory are
 * known by their place in it, and by whether it is the owner who touches them. Of any other word it cannot be said that one worker alone touches it, since who did before has
 * perhaps another number in the state that was gone through.
 */
export class Contention {
  /** Have every access be a step. */
  readonly isEverywhere: boolean;
  isRefuted = false;
  #owned: readonly OwnedMemory[] = [];
  /** By word: 1 where another than its owner touches it. */
  readonly #shared: Uint8Array;
  /** By word and value, mixed: whether somebody changes the word from it. */
  readonly #changed: Uint8Array;
  /** Suppositions that have been used. */
  readonly #passedWords: Uint8Array;
  readonly #passedValues = new Uint8Array(VALUES);

  /** `known`: from another search of the same block. */
  constructor(bytes: number, isEverywhere: boolean, known?: Contention) {
    this.isEverywhere = isEverywhere;
    this.#shared = known === undefined ? new Uint8Array(bytes >>> 2) : known.#shared.slice();
    this.#changed = known === undefined ? new Uint8Array(VALUES) : known.#changed.slice();
    this.#passedWords = new Uint8Array(bytes >>> 2);
  }

  /** Before anything is noted. */
  setOwned(owned: readonly OwnedMemory[]): void {
    this.#owned = owned;
  }

  /** Words that more workers than one touch. */
  get words(): number {
    return this.#shared.reduce((count, each) => count + each, 0);
  }

  /** The number of a word; in workers' own memory by its place there. */
  placeOf(address: number): number {
    return this.#folded(address) >>> 2;
  }

  /** Whether more workers than one touch the word at an address. */
  isShared(address: number): boolean {
    return this.#shared[this.#folded(address) >>> 2] !== 0;
  }

  /** Whether others have to be let in between before this access; `words` is memory as it is. */
  isMet(worker: number, address: number, kind: number, size: number, words: Uint32Array): boolean {
    if (this.isEverywhere) return true;
    const word = this.#folded(address) >>> 2;
    if (this.#shared[word] === 0 && this.#ownerOf(address) === worker) {
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
    if (this.#ownerOf(address) !== worker) {
      this.#shared[word] = 1;
      if (this.#passedWords[word] !== 0) this.isRefuted = true;
    }
    if (kind === ACCESS.load || kind === ACCESS.wait) return;
    const value = this.#valueAt(address, size, words);
    this.#changed[value] = 1;
    if (this.#passedValues[value] !== 0) this.isRefuted = true;
  }

  /** -1: nobody. */
  #ownerOf(address: number): number {
    for (const { from, bytesOfWorker, workers, isDownwards } of this.#owned) {
      const place = Math.floor((address - from) / bytesOfWorker);
      if (place >= 0 && place < workers) return isDownwards ? workers - 1 - place : place;
    }
    return -1;
  }

  /** An address in a worker's own memory as if it were in the lowest. */
  #folded(address: number): number {
    for (const { from, bytesOfWorker, workers } of this.#owned) {
      const offset = address - from;
      if (offset >= 0 && offset < bytesOfWorker * workers) return from + (offset % bytesOfWorker);
    }
    return address;
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
