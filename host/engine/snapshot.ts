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

/** Gives memory for a copy of so many bytes. */
export type CopyMemory = (bytes: number) => ArrayBufferLike;

/** For what another thread reads, too. The system has to clear each page of it, which takes longer than copying. */
export const sharedMemory: CopyMemory = (bytes) => new SharedArrayBuffer(bytes);

/** For what stays on this thread: what copies that were collected had is used again, as it is. */
export const ownMemory: CopyMemory = (bytes) => Buffer.allocUnsafeSlow(bytes).buffer;

/** A copied log. */
export interface CopiedLog {
  readonly buffer: ArrayBufferLike;
  readonly chunks: readonly CopiedChunk[];
}

/** A copy of what the workers logged in a block, so that the memory can be used again while the result is still read. */
export class LogSnapshot implements Reports {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly log: CopiedLog;
  readonly #offsets: ReadonlyMap<number, number>;

  constructor(log: CopiedLog) {
    this.log = log;
    this.bytes = new Uint8Array(log.buffer);
    this.view = new DataView(log.buffer);
    this.#offsets = new Map(log.chunks.map(([number, offset]) => [number, offset]));
  }

  /** Copy the logs whose {newest chunk, ...} words are at `offsetInLine` of the first `workers` workers' lines into memory that `into` gives. */
  static async copy(
    kernel: KernelExports,
    memory: WebAssembly.Memory,
    workers: number,
    offsetInLine: number,
    into: CopyMemory,
  ): Promise<LogSnapshot> {
    const { chunks, size } = findChunks(kernel, memory, workers, offsetInLine);
    const snapshot = new LogSnapshot({ buffer: into(size), chunks });
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
    for (const [, offset, used] of this.log.chunks) yield { start: offset + LOG_HEADER, end: offset + used };
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

/** The transactions' words after a block, `1 << TRANSACTION_SHIFT` bytes each, copied into memory that `into` gives. */
export async function copyTransactions(
  kernel: KernelExports,
  memory: WebAssembly.Memory,
  count: number,
  into: CopyMemory,
): Promise<DataView> {
  const base = kernel.transactionsBase.value >>> 0;
  const copy = new Uint8Array(into(count * 2 ** kernel.TRANSACTION_SHIFT.value));
  for (let at = 0; at < copy.length; at += BYTES_PER_TURN) {
    if (at > 0) await setImmediate();
    copy.set(new Uint8Array(memory.buffer, base + at, Math.min(BYTES_PER_TURN, copy.length - at)), at);
  }
  return new DataView(copy.buffer);
}
