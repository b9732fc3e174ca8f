import { ACCESS } from './access.js';

const VALUES = 1 << 20;

/**
 * Where workers meet: the partial-order reduction. An access need not be a step of its own, at which others may come in between, where it commutes with
 * whatever others do from then on:
 *
 * - a load of a word that no other worker ever changes from the value that it has now;
 * - a change of a word that no other worker ever touches.
 *
 * "Ever" is in any schedule. It is not known beforehand, so it is supposed, from schedules at random, and every access of the search is held against it: where one
 * contradicts a supposition that has been used, `isRefuted`, and the search is made again with what has been learned. When a search ends unrefuted, no schedule
 * contradicts it: take one that does, and its first access that does; all before it commute with the accesses that the search made early, so the search has come
 * to that access as well.
 *
 * Workers are bits.
 */
export class Contention {
  /** Have every access be a step. */
  readonly isEverywhere: boolean;
  isRefuted = false;
  /** By word: who touches it. */
  readonly #touched: Uint8Array;
  /** By word and value, mixed: who changes the word from it. */
  readonly #changed: Uint8Array;
  /** Who was let pass: changing a word; loading a value. */
  readonly #passedWords: Uint8Array;
  readonly #passedValues = new Uint8Array(VALUES);

  /** `known`: from another search of the same block. */
  constructor(bytes: number, isEverywhere: boolean, known?: Contention) {
    this.isEverywhere = isEverywhere;
    this.#touched = known === undefined ? new Uint8Array(bytes >>> 2) : known.#touched.slice();
    this.#changed = known === undefined ? new Uint8Array(VALUES) : known.#changed.slice();
    this.#passedWords = new Uint8Array(bytes >>> 2);
  }

  /** Words that one worker changes and another touches. */
  get words(): number {
    return this.#touched.reduce((count, bits) => count + ((bits & (bits - 1)) !== 0 ? 1 : 0), 0);
  }

  /** Whether others have to be let in between before this access; `words` is memory as it is. */
  isMet(worker: number, address: number, kind: number, size: number, words: Uint32Array): boolean {
    if (this.isEverywhere) return true;
    const others = ~(1 << worker);
    if (kind === ACCESS.load) {
      const value = valueAt(address, size, words);
      if (((this.#changed[value] as number) & others) !== 0) return true;
      this.#passedValues[value] = (this.#passedValues[value] as number) | (1 << worker);
      return false;
    }
    const word = address >>> 2;
    if (((this.#touched[word] as number) & others) !== 0) return true;
    this.#passedWords[word] = (this.#passedWords[word] as number) | (1 << worker);
    return false;
  }

  /** An access is about to be made. */
  note(worker: number, address: number, kind: number, size: number, words: Uint32Array): void {
    const word = address >>> 2;
    const bit = 1 << worker;
    this.#touched[word] = (this.#touched[word] as number) | bit;
    if (((this.#passedWords[word] as number) & ~bit) !== 0) this.isRefuted = true;
    if (kind === ACCESS.load || kind === ACCESS.wait) return;
    const value = valueAt(address, size, words);
    this.#changed[value] = (this.#changed[value] as number) | bit;
    if (((this.#passedValues[value] as number) & ~bit) !== 0) this.isRefuted = true;
  }
}

/** What is to be read: a word, or two where the access is to 64 bits. */
function valueAt(address: number, size: number, words: Uint32Array): number {
  const word = address >>> 2;
  const high = size === 8 ? (words[word + 1] as number) : 0;
  let mixed = Math.imul(word, 0x9e37_79b1) ^ (words[word] as number);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85eb_ca77) ^ high;
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 16)) & (VALUES - 1);
}
