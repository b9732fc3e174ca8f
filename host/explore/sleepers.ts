import { AT, NO_TICKET, PHASE } from './driver-words.js';
import type { Layout } from './layout.js';

/** Virtual workers that sleep until the wake word is notified: those first that have slept longest, as threads in `Atomics.wait` do. */
export class Sleepers {
  readonly #words: Uint32Array;
  readonly #layout: Layout;
  /** Address of the wake word. */
  readonly #wake: number;

  constructor(words: Uint32Array, layout: Layout, wake: number) {
    this.#words = words;
    this.#layout = layout;
    this.#wake = wake;
  }

  /** Put a worker to sleep, if nobody has called since it parked. False: it does not sleep. */
  wait(worker: number): boolean {
    const words = this.#words;
    const driver = this.#layout.driverOf(worker);
    const isCalled = words[this.#wake >>> 2] !== words[driver + AT.ticket];
    words[driver + AT.ticket] = NO_TICKET;
    words[driver + AT.phase] = isCalled ? PHASE.unpark : PHASE.asleep;
    if (isCalled) return false;
    let last = 0;
    for (let other = 0; other < this.#layout.workers; other++) last = Math.max(last, this.#placeOf(other));
    words[driver + AT.place] = last + 1;
    return true;
  }

  /** Wake the first `most` of those asleep. Returns how many they are. */
  notify(address: number, most: number): number {
    if (address !== this.#wake) return 0;
    const words = this.#words;
    let woken = 0;
    for (; woken < most; woken++) {
      let first = -1;
      for (let worker = 0; worker < this.#layout.workers; worker++) {
        const place = this.#placeOf(worker);
        if (place !== 0 && (first < 0 || place < this.#placeOf(first))) first = worker;
      }
      if (first < 0) break;
      const driver = this.#layout.driverOf(first);
      words[driver + AT.place] = 0;
      words[driver + AT.phase] = PHASE.next;
    }
    // Places count from 1.
    for (let worker = 0; worker < this.#layout.workers; worker++) {
      const place = this.#placeOf(worker);
      if (place !== 0) words[this.#layout.driverOf(worker) + AT.place] = place - woken;
    }
    return woken;
  }

  /** Among those asleep, from 1; 0 of one that is awake. */
  #placeOf(worker: number): number {
    return this.#words[this.#layout.driverOf(worker) + AT.place] as number;
  }
}
