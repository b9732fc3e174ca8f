import type { BlockContext, Limits } from '../runtime/types.js';
import type { EncodedCalls } from './calls.js';
import type { ExecutedBlock, RunningBlock } from './executed-block.js';
import { memoryExhausted } from './faults.js';
import type { KernelExports } from './kernel.js';
import { Progress } from './progress.js';
import { type ResultLayout, resultLayout } from './result-layout.js';
import { type CopyMemory, copyTransactions, LiveReports, LogSnapshot } from './snapshot.js';
import { readCounters, readMemoryUse } from './statistics.js';

/** A block in the shared memory: what it consists of, written by the host before the workers start; and what they leave. */
export class BlockMemory {
  readonly layout: ResultLayout;
  readonly #kernel: KernelExports;
  readonly #memory: WebAssembly.Memory;
  readonly #limits: Limits;
  readonly #progress: Progress;
  readonly #copies: CopyMemory;

  /** @param copies where what blocks leave is copied to. */
  constructor(kernel: KernelExports, memory: WebAssembly.Memory, limits: Limits, copies: CopyMemory) {
    this.layout = resultLayout(kernel);
    this.#kernel = kernel;
    this.#memory = memory;
    this.#limits = limits;
    this.#progress = new Progress(kernel, memory);
    this.#copies = copies;
  }

  /** Void the last block, and put this one's calls and context where the workers read them. @throws CapacityError */
  async write(calls: EncodedCalls, context: BlockContext): Promise<void> {
    const exports = this.#kernel;
    const address = this.reserve(calls.size);
    const view = new DataView(this.#memory.buffer);
    view.setBigUint64(exports.AT_HEIGHT.value, context.height, true);
    view.setBigUint64(exports.AT_TIMESTAMP.value, context.timestamp, true);
    view.setBigUint64(exports.AT_CHAIN_ID.value, context.chainId, true);
    new Uint8Array(this.#memory.buffer).set(context.seed, exports.AT_SEED.value);
    await calls.place(exports, this.#memory, address);
  }

  /** Void the last block; where `bytes` bytes of the next one go. @throws CapacityError */
  reserve(bytes: number): number {
    const address = bytes < 2 ** 32 ? this.#kernel.prepareBlock(bytes) >>> 0 : 0;
    if (address === 0) throw memoryExhausted(this.#limits);
    return address;
  }

  /** What workers write of a block of `count` calls, where they write it. */
  running(count: number): RunningBlock {
    const exports = this.#kernel;
    const { buffer } = this.#memory;
    const size = count << exports.TRANSACTION_SHIFT.value;
    return {
      layout: this.layout,
      transactions: new DataView(buffer, exports.transactionsBase.value >>> 0, size),
      reports: new LiveReports(this.#memory),
      progress: this.#progress,
    };
  }

  /** What they have written, copied. */
  async copyOut(
    count: number,
    participants: number,
  ): Promise<Omit<ExecutedBlock, 'decision' | 'workers' | 'availableWorkers' | 'wallMs' | 'traces' | 'tape'>> {
    const exports = this.#kernel;
    const { WORKER_REPORTS, WORKER_WRITES } = exports;
    const log = (at: number) => LogSnapshot.copy(exports, this.#memory, participants, at, this.#copies);
    return {
      layout: this.layout,
      transactions: await copyTransactions(exports, this.#memory, count, this.#copies),
      reports: await log(WORKER_REPORTS.value),
      writes: await log(WORKER_WRITES.value),
      ...readCounters(exports, this.#memory, participants),
      ...readMemoryUse(exports, this.#memory, count),
    };
  }
}
