import type { BlockRecord } from '../store/record.js';
import type { Store } from '../store/store.js';
import type { BlockHeader } from './chain.js';
import { BlockStmError, StoreError } from './errors.js';
import type { Logger } from './runtime-interface.js';

interface Waiting {
  readonly record: BlockRecord;
  readonly resolve: (header: BlockHeader) => void;
  readonly reject: (error: BlockStmError) => void;
}

/**
 * Blocks on their way to the store, in order, while later ones are executed. What has come together while the store was busy is committed at once: all of it or
 * nothing. After a failure nothing more is written.
 */
export class Pipeline {
  readonly #store: Store;
  readonly #pending: number;
  readonly #logger: Logger | undefined;
  #head: BlockHeader | undefined;
  #waiting: Waiting[] = [];
  /** Blocks that the store is busy with. */
  #writing = 0;
  #failure: BlockStmError | undefined;
  /** Blocks were executed that are not kept. */
  #hasLost = false;
  /** Somebody has been told of the failure. */
  #isTold = false;
  /** Resolves when the store has taken what it is busy with, or has failed. */
  #step: Promise<void> = Promise.resolve();

  /** `pending`: blocks that may wait, those being written included. */
  constructor(store: Store, head: BlockHeader | undefined, pending: number, logger: Logger | undefined) {
    this.#store = store;
    this.#head = head;
    this.#pending = pending;
    this.#logger = logger;
  }

  /** Of the last block that is durable. */
  get head(): BlockHeader | undefined {
    return this.#head;
  }

  get length(): number {
    return this.#waiting.length + this.#writing;
  }

  /** Another chain has been put in the place of an empty one. */
  restart(head: BlockHeader | undefined): void {
    this.#head = head;
  }

  /** The chain in the store is another than that in memory. */
  stop(cause: unknown): void {
    const message = `the store has a chain that this runtime could not read in, open it anew: ${cause}`;
    this.#failure ??= new StoreError('ERR_STORE', message, { cause });
  }

  /** Resolves when there is room for another block. @throws StoreError why none will be written any more. */
  async room(): Promise<void> {
    while (this.length > this.#pending && this.#failure === undefined) await this.#step;
    this.refuseFailed();
  }

  /** @throws StoreError why none will be written any more. */
  refuseFailed(): void {
    if (this.#failure === undefined) return;
    this.#isTold = true;
    const { code, message } = this.#failure;
    throw new StoreError(code, `a block could not be written, and none after it will be: ${message}`, {
      cause: this.#failure,
    });
  }

  /** Have a block written. What it returns gives its header, when it is durable, to whoever wants to know. */
  push(record: BlockRecord): () => Promise<BlockHeader> {
    const durable = new Promise<BlockHeader>((resolve, reject) => {
      // The store may have failed while the block was executed.
      if (this.#failure === undefined) this.#waiting.push({ record, resolve, reject });
      else {
        this.#hasLost = true;
        reject(this.#failure);
      }
    });
    // Who does not look at this learns of a failure by the next block, or by closing.
    durable.catch(() => {});
    if (this.#writing === 0) void this.#write();
    return () => {
      durable.catch(() => {
        this.#isTold = true;
      });
      return durable;
    };
  }

  /** Resolves when every block is durable. @throws StoreError */
  async settled(): Promise<void> {
    while (this.length > 0 && this.#failure === undefined) await this.#step;
    this.refuseFailed();
  }

  /** Resolves when no block is on its way any more. @throws StoreError where blocks are lost and nobody was told. */
  async end(): Promise<void> {
    const isTold = this.#isTold;
    await this.settled().catch((error: unknown) => {
      if (this.#hasLost && !isTold) throw error;
    });
  }

  /** Resolves when every block is durable, and the store shows it to those who read the state. @throws StoreError */
  async readable(): Promise<void> {
    await this.settled();
    await this.#store.settle();
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0 && this.#failure === undefined) {
      const blocks = this.#waiting;
      this.#waiting = [];
      this.#writing = blocks.length;
      let done = (): void => {};
      this.#step = new Promise((resolve) => {
        done = resolve;
      });
      try {
        const headers = await this.#store.commit(blocks.map(({ record }) => record));
        this.#head = headers.at(-1);
        this.#logger?.debug({ height: this.#head?.height, blocks: blocks.length }, 'blocks are durable');
        for (const [index, { resolve }] of blocks.entries()) resolve(headers[index] as BlockHeader);
      } catch (error) {
        this.#fail(error, blocks);
      }
      this.#writing = 0;
      done();
    }
  }

  #fail(cause: unknown, blocks: readonly Waiting[]): void {
    this.#failure =
      cause instanceof BlockStmError ? cause : new StoreError('ERR_STORE', `the store failed: ${cause}`, { cause });
    this.#logger?.error({ err: this.#failure, height: this.#head?.height }, 'blocks cannot be written any more');
    this.#hasLost = true;
    for (const { reject } of [...blocks, ...this.#waiting]) reject(this.#failure);
    this.#waiting = [];
  }
}
