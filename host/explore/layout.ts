import { INCARNATIONS, slotBytesOf } from './block-bounds.js';
import type { ExploredExports } from './kernel.js';
import type { ProgramBlock } from './program.js';

/** Memory of the kernel's; the machine's own is above. */
export const KERNEL_MIB = 4;
export const KERNEL_BYTES = KERNEL_MIB << 20;
export const PAGE = 65536;

const BLOCK = 4096;
const STACK = 2048;
const DRIVER = 3840;
const BEGUN_BYTES = 256;
const ARENA_BYTES = 4096;
/** A log's chunk begins with a head (assembly/kernel/arena.ts), which is as long as so many outputs. */
const LOG_HEADER = 2;
/** What a call answers. */
const OUTPUT_BYTES = 8;
/** Of a worker's stack, before the frames. */
export const STACK_HEAD = 16;
/** Up to the words of the driver. */
export const STACK_BYTES = DRIVER - STACK;
/** Of a worker's line: its logs. */
export const LOGS = 128;

/** The test build on its memory, for a block. */
export interface MachineParts {
  readonly exports: ExploredExports;
  /** Words of memory, as they are now. */
  readonly words: Uint32Array;
  readonly layout: Layout;
  readonly block: ProgramBlock;
}

/** A slot of a worker's memory, by which incarnation it is: all that this one allocates is from `from` to `end`, its output at `output` of the log. */
export interface Slot {
  readonly from: number;
  readonly end: number;
  readonly output: number;
}

/**
 * Where a machine has what, above the kernel's memory:
 *
 * ```text
 *   workers     4096 bytes each:
 *                 0     its globals, while another has the instance
 *                 2048  its Wasm stack, while it is at a probe: {top u32, end u32}, from byte 16 on the frames
 *                 3840  the words of its driver (driver-words.ts)
 *   begun       256 bytes: how often each call was begun, u32 each
 *   state       what a state is made of (state-description.ts)
 *   free        for whoever keeps states
 * ```
 *
 * One thread writes all of it.
 */
export class Layout {
  readonly workers: number;
  /** The words that count how often each call was begun. */
  readonly begun: number;
  /** The address of what a state is made of. */
  readonly state: number;
  /** Bytes of what one incarnation allocates; 0 where there are too many for each to have a place of its own. */
  readonly slotBytes: number;
  /** What is kept of a worker's arena. */
  readonly arenaBytes: number;

  constructor(block: ProgramBlock, workers: number) {
    this.workers = workers;
    this.begun = (KERNEL_BYTES + workers * BLOCK) >>> 2;
    this.state = KERNEL_BYTES + workers * BLOCK + BEGUN_BYTES;
    this.slotBytes = slotBytesOf(block);
    this.arenaBytes = this.slotBytes === 0 ? ARENA_BYTES : this.slotBytes * (1 + INCARNATIONS * block.programs.length);
  }

  /** A worker's globals. */
  globalsOf(worker: number): number {
    return KERNEL_BYTES + worker * BLOCK;
  }

  stackOf(worker: number): number {
    return KERNEL_BYTES + worker * BLOCK + STACK;
  }

  /** The number of the first word. */
  driverOf(worker: number): number {
    return (KERNEL_BYTES + worker * BLOCK + DRIVER) >>> 2;
  }

  /** The arena in which an address is that its worker allocates next. */
  arenaOf(cursor: number): number {
    return (cursor - 1) & ~(PAGE - 1);
  }

  /** By who it is and not by what came before: so states do not differ by addresses. */
  slotOf(arena: number, call: number, incarnation: number): Slot {
    const slot = 1 + call * INCARNATIONS + incarnation;
    const from = arena + this.slotBytes * slot;
    return { from, end: from + this.slotBytes, output: OUTPUT_BYTES * (slot + LOG_HEADER) };
  }
}
