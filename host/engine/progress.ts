import type { KernelExports } from './kernel.js';

/** How far the block that is being executed has committed: what the kernel tells of it (assembly/kernel/progress.ts). */
export class Progress {
  readonly #words: Int32Array;
  readonly #frontier: number;
  readonly #awaited: number;
  readonly #news: number;

  constructor(kernel: KernelExports, memory: WebAssembly.Memory) {
    this.#words = new Int32Array(memory.buffer);
    this.#frontier = kernel.AT_FRONTIER.value >>> 2;
    this.#awaited = kernel.AT_AWAITED.value >>> 2;
    this.#news = kernel.AT_NEWS.value >>> 2;
  }

  /** Calls from the block's first on that have committed, or a few less: under `sequential` it is only known of what is awaited. */
  get committed(): number {
    return Atomics.load(this.#words, this.#frontier) >>> 0;
  }

  /** Resolves when more than `count` calls have committed, on `wake`, or for nothing. */
  async beyond(count: number): Promise<void> {
    const news = Atomics.load(this.#words, this.#news);
    this.#await(count + 1);
    if (this.committed > count) return;
    const change = Atomics.waitAsync(this.#words, this.#news, news);
    if (change.async) await change.value;
  }

  /** Unless less is awaited already. */
  #await(frontier: number): void {
    for (;;) {
      const awaited = Atomics.load(this.#words, this.#awaited);
      if (awaited >>> 0 <= frontier) return;
      if (Atomics.compareExchange(this.#words, this.#awaited, awaited, frontier) === awaited) return;
    }
  }

  /** Wake whoever waits here: nothing more will be told of this block. */
  wake(): void {
    Atomics.add(this.#words, this.#news, 1);
    Atomics.notify(this.#words, this.#news);
  }
}
