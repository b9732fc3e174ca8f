import { setImmediate } from 'node:timers/promises';
import type { KernelExports } from './kernel.js';

const LOG_NEXT = 0;
const LOG_USED = 4;
const LOG_HEADER = 16;
const CHUNK_SHIFT = 16;
/** After so many bytes the event loop gets a turn: some milliseconds of copying. */
const BYTES_PER_TURN = 4 << 20;

/** What the workers logged in a block: output, events. Entries are found by the address that they had in shared memory. */
export interface Reports {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Where in `bytes` and `view` the entry is that had `address`. */
  offsetOf(address: number): number;
}

/** The logs where the workers write them. */
export class LiveReports implements Reports {
  readonly bytes: Uint8Array;
  readonly view: DataView;

  constructor(memory: WebAssembly.Memory) {
    this.bytes = new Uint8Array(memory.buffer);
    this.view = new DataView(memory.buffer);
  }

  offsetOf(address: number): number {
    return address;
  }
}

/** One chunk of a log, copied: `offset` is where it starts in the copy. */
interface CopiedChunk {
  readonly offset: number;
  readonly used: number;
}

/** A copy of what the workers logged in a block, so that the memory can be used again while the result is still read. */
export class LogSnapshot implements Reports {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly #chunks = new Map<number, CopiedChunk>();

  private constructor(kernel: KernelExports, memory: WebAssembly.Memory, workers: number, offsetInLine: number) {
    const source = new DataView(memory.buffer);
    let size = 0;
    for (let index = 0; index < workers; index++) {
      let chunk = source.getUint32((kernel.workerLine(index) >>> 0) + offsetInLine, true);
      for (; chunk !== 0; chunk = source.getUint32(chunk + LOG_NEXT, true)) {
        const used = source.getUint32(chunk + LOG_USED, true);
        this.#chunks.set(chunk >>> CHUNK_SHIFT, { offset: size, used });
        size += (used + 7) & ~7;
      }
    }
    this.bytes = new Uint8Array(size);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Copy the logs whose {newest chunk, ...} words are at `offsetInLine` of the first `workers` workers' lines. */
  static async copy(
    kernel: KernelExports,
    memory: WebAssembly.Memory,
    workers: number,
    offsetInLine: number,
  ): Promise<LogSnapshot> {
    const snapshot = new LogSnapshot(kernel, memory, workers, offsetInLine);
    let sinceTurn = 0;
    for (const [chunk, { offset, used }] of snapshot.#chunks) {
      snapshot.bytes.set(new Uint8Array(memory.buffer, chunk * 2 ** CHUNK_SHIFT, used), offset);
      sinceTurn += used;
      if (sinceTurn >= BYTES_PER_TURN) {
        await setImmediate();
        sinceTurn = 0;
      }
    }
    return snapshot;
  }

  offsetOf(address: number): number {
    const chunk = this.#chunks.get(address >>> CHUNK_SHIFT);
    if (chunk === undefined) throw new RangeError(`no log entry at ${address}`);
    return chunk.offset + (address & ((1 << CHUNK_SHIFT) - 1));
  }

  /** The copied chunks, each from its first entry to its end. */
  *entries(): IterableIterator<{ readonly start: number; readonly end: number }> {
    for (const { offset, used } of this.#chunks.values()) yield { start: offset + LOG_HEADER, end: offset + used };
  }
}

/** The transactions' words after a block, copied: `1 << TRANSACTION_SHIFT` bytes each. */
export async function copyTransactions(
  kernel: KernelExports,
  memory: WebAssembly.Memory,
  count: number,
): Promise<DataView> {
  const base = kernel.transactionsBase.value >>> 0;
  const copy = new Uint8Array(count * 2 ** kernel.TRANSACTION_SHIFT.value);
  for (let at = 0; at < copy.length; at += BYTES_PER_TURN) {
    if (at > 0) await setImmediate();
    copy.set(new Uint8Array(memory.buffer, base + at, Math.min(BYTES_PER_TURN, copy.length - at)), at);
  }
  return new DataView(copy.buffer);
}
