import { setImmediate } from 'node:timers/promises';
import type { KernelExports } from './kernel.js';
import './web-assembly.js';

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

/** One chunk of a log, copied: its number in shared memory, where it starts in the copy, and its bytes. */
export type CopiedChunk = readonly [number: number, offset: number, used: number];

/** A copied log as it can be sent to another thread. */
export interface SharedLog {
  readonly buffer: SharedArrayBuffer;
  readonly chunks: readonly CopiedChunk[];
}

/** A copy of what the workers logged in a block, so that the memory can be used again while the result is still read. In shared memory: the store reads it, too. */
export class LogSnapshot implements Reports {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly shared: SharedLog;
  readonly #offsets: ReadonlyMap<number, number>;

  constructor(shared: SharedLog) {
    this.shared = shared;
    this.bytes = new Uint8Array(shared.buffer);
    this.view = new DataView(shared.buffer);
    this.#offsets = new Map(shared.chunks.map(([number, offset]) => [number, offset]));
  }

  /** Copy the logs whose {newest chunk, ...} words are at `offsetInLine` of the first `workers` workers' lines. */
  static async copy(
    kernel: KernelExports,
    memory: WebAssembly.Memory,
    workers: number,
    offsetInLine: number,
  ): Promise<LogSnapshot> {
    const { chunks, size } = findChunks(kernel, memory, workers, offsetInLine);
    const snapshot = new LogSnapshot({ buffer: new SharedArrayBuffer(size), chunks });
    let sinceTurn = 0;
    for (const [number, offset, used] of chunks) {
      snapshot.bytes.set(new Uint8Array(memory.buffer, number * 2 ** CHUNK_SHIFT, used), offset);
      sinceTurn += used;
      if (sinceTurn >= BYTES_PER_TURN) {
        await setImmediate();
        sinceTurn = 0;
      }
    }
    return snapshot;
  }

  offsetOf(address: number): number {
    const offset = this.#offsets.get(address >>> CHUNK_SHIFT);
    if (offset === undefined) throw new RangeError(`no log entry at ${address}`);
    return offset + (address & ((1 << CHUNK_SHIFT) - 1));
  }

  /** The copied chunks, each from its first entry to its end. */
  *entries(): IterableIterator<{ readonly start: number; readonly end: number }> {
    for (const [, offset, used] of this.shared.chunks) yield { start: offset + LOG_HEADER, end: offset + used };
  }
}

function findChunks(
  kernel: KernelExports,
  memory: WebAssembly.Memory,
  workers: number,
  offsetInLine: number,
): { readonly chunks: CopiedChunk[]; readonly size: number } {
  const source = new DataView(memory.buffer);
  const chunks: CopiedChunk[] = [];
  let size = 0;
  for (let index = 0; index < workers; index++) {
    let chunk = source.getUint32((kernel.workerLine(index) >>> 0) + offsetInLine, true);
    for (; chunk !== 0; chunk = source.getUint32(chunk + LOG_NEXT, true)) {
      const used = source.getUint32(chunk + LOG_USED, true);
      chunks.push([chunk >>> CHUNK_SHIFT, size, used]);
      size += (used + 7) & ~7;
    }
  }
  return { chunks, size };
}

/** The transactions' words after a block, copied to shared memory: `1 << TRANSACTION_SHIFT` bytes each. */
export async function copyTransactions(
  kernel: KernelExports,
  memory: WebAssembly.Memory,
  count: number,
): Promise<DataView<SharedArrayBuffer>> {
  const base = kernel.transactionsBase.value >>> 0;
  const copy = new Uint8Array(new SharedArrayBuffer(count * 2 ** kernel.TRANSACTION_SHIFT.value));
  for (let at = 0; at < copy.length; at += BYTES_PER_TURN) {
    if (at > 0) await setImmediate();
    copy.set(new Uint8Array(memory.buffer, base + at, Math.min(BYTES_PER_TURN, copy.length - at)), at);
  }
  return new DataView(copy.buffer);
}
