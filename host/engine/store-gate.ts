/**
 * Which workers are inside the store. Its code may be native, and native code that is cut off cannot raise what went wrong: Node then ends the whole
 * process. So a worker that is in there is not ended before it has come out.
 *
 * ```text
 *   words    0: 1 once the workers are to be ended    1 + index: 1 while worker `index` is inside
 * ```
 *
 * Word 0 is written once, by the host; the others each by its worker. A worker raises its word and then looks at word 0; the host raises word 0
 * and then looks at the workers' words. All of it is atomic and so in one order: either the worker sees that it is to be ended, and stays outside, or
 * the host sees it inside, and waits.
 */
const ENDING = 0;

/** The words of a new generation of `size` workers. */
export function storeGateWords(size: number): SharedArrayBuffer {
  return new SharedArrayBuffer(4 * (1 + size));
}

/** One worker's way in. */
export class StoreGate {
  readonly #words: Int32Array;
  readonly #own: number;

  constructor(words: SharedArrayBuffer, index: number) {
    this.#words = new Int32Array(words);
    this.#own = 1 + index;
  }

  /** Does not return where the workers are being ended. */
  enter(): void {
    Atomics.store(this.#words, this.#own, 1);
    if (Atomics.load(this.#words, ENDING) === 0) return;
    this.leave();
    Atomics.wait(this.#words, ENDING, 1);
  }

  leave(): void {
    Atomics.store(this.#words, this.#own, 0);
    if (Atomics.load(this.#words, ENDING) === 1) Atomics.notify(this.#words, this.#own);
  }
}

/** For the host, which ends the workers next: nobody goes in any more. Each promise is settled when that worker is outside; never, where it has ended inside. */
export function closeStoreGate(words: SharedArrayBuffer): Promise<unknown>[] {
  const gate = new Int32Array(words);
  Atomics.store(gate, ENDING, 1);
  return Array.from(gate.subarray(1), async (_, index) => Atomics.waitAsync(gate, 1 + index, 1).value);
}
