import type { RunningBlock } from '../engine/executed-block.js';
import type { Progress } from '../engine/progress.js';
import type { Contracts } from './contracts.js';
import { ReceiptDecoder } from './receipts.js';
import type { BlockResult, Execution, Receipt } from './types.js';

interface Running {
  readonly progress: Progress;
  readonly decoder: ReceiptDecoder;
}

/** The receipts of a block on its way, from those that are final while it still runs. */
export class ReceiptFeed {
  readonly #contracts: Contracts;
  /** From the start of the execution to its end. */
  #running: Running | undefined;
  #hasBegun = false;
  /** Resolves when the block has been started, or has ended without. */
  readonly #started: Promise<void>;
  #start: () => void = () => {};

  constructor(contracts: Contracts) {
    this.#contracts = contracts;
    this.#started = new Promise((resolve) => {
      this.#start = resolve;
    });
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  begin(running: RunningBlock): void {
    this.#hasBegun = true;
    this.#running = { progress: running.progress, decoder: new ReceiptDecoder(running, this.#contracts) };
    this.#start();
  }

  /** Nothing may be read from the block's memory any more. */
  end(): void {
    const running = this.#running;
    this.#running = undefined;
    this.#start();
    running?.progress.wake();
  }

  /** What `execute` gives for `result`, of a block that tells this feed of its start and its end. */
  attach(result: Promise<BlockResult>): Execution {
    // Also where it never came to be executed.
    const settled = result.finally(() => this.end());
    return Object.assign(settled, {
      [Symbol.asyncIterator]: () => {
        // The iterator throws it, if it is followed to the end.
        settled.catch(() => {});
        return this.#receipts(settled);
      },
    });
  }

  async *#receipts(result: Promise<BlockResult>): AsyncGenerator<Receipt, void, undefined> {
    await this.#started;
    let index = 0;
    // Looked at again after each receipt: in between the caller may take as long as it likes.
    for (let running = this.#running; running !== undefined; running = this.#running) {
      if (index < running.progress.committed) yield running.decoder.decode(index++);
      else await running.progress.beyond(index);
    }
    const { receipts } = await result;
    for (; index < receipts.length; index++) yield receipts.get(index);
  }
}
