import type { KernelExports } from './kernel.js';

/**
 * Where calls were when they failed, as V8 knows it: for people who look for the cause, and no part of a result. A thread keeps, by TxIndex, the error that
 * ended the last incarnation that it executed, and makes a trace of it when the host asks: what V8 has noted of a stack is turned into
 * text when somebody looks at it, and hardly any of the errors that unwind a call is ever looked at.
 */

/** A stretch of a contract's code that was entered and not left. */
export interface Frame {
  /** The hash of the contract's code. */
  readonly code: string;
  /** Of the instruction, in bytes from the start of the instrumented module. */
  readonly offset: number;
  /** How many contracts had been called before this one in the transaction, one from another. */
  readonly depth: number;
}

export interface Trace {
  readonly incarnation: number;
  /** By depth, the index of the contract; undefined where it is not known. */
  readonly contracts: readonly number[];
  /** The innermost first. */
  readonly frames: readonly Frame[];
}

/** By TxIndex. */
export type Traces = ReadonlyMap<number, Trace>;

/** Frames that V8 notes of an error: those that are innermost. */
export const FRAMES_MAX = 64;
/** Failed calls of a block that are traced: those with the lowest TxIndexes. */
export const TRACES_MAX = 1024;

const MODULE_NAME = 'blockstm.contract.';

/** What the module of a code is named, so that its frames are told apart from all others. */
export function moduleNameOf(codeHash: string): string {
  return `${MODULE_NAME}${codeHash}`;
}

/** V8 puts a hash of its own behind the name. */
const contractFile = /^wasm:\/\/wasm\/blockstm\.contract\.([0-9a-f]{64})-[0-9a-f]+$/;

interface Failed {
  readonly incarnation: number;
  readonly contracts: readonly number[];
  readonly error: unknown;
}

/** One thread's failed calls of the block that it executed last. */
export class FailedCalls {
  readonly #kernel: KernelExports;
  readonly #memory: WebAssembly.Memory;
  readonly #failed = new Map<number, Failed>();
  #epoch = 0;

  constructor(kernel: KernelExports, memory: WebAssembly.Memory) {
    this.#kernel = kernel;
    this.#memory = memory;
  }

  /** The thread takes part in the block that is set up; perhaps it goes on with the same one. */
  enter(): void {
    const epoch = this.#load(this.#kernel.AT_EPOCH.value);
    if (epoch !== this.#epoch) this.#failed.clear();
    this.#epoch = epoch;
  }

  /** The running call has been left by `error`: to be told before the kernel is. */
  keep(error: unknown): void {
    const index = this.#kernel.runningCall();
    if (index < 0 || !this.#hasRoom(index)) return;
    const call = (this.#kernel.callsBase.value >>> 0) + (index << this.#kernel.CALL_SHIFT.value);
    const contracts = [this.#load(call + this.#kernel.CALL_CONTRACT.value)];
    for (let below = 1, called = this.#kernel.calledAt(1); called >= 0; called = this.#kernel.calledAt(++below)) {
      contracts.push(called);
    }
    this.#failed.set(index, { incarnation: this.#kernel.runningIncarnation(), contracts, error });
  }

  /** The traces of those of the calls `indexes` that failed here. None where the block of `epoch` was not the last. */
  tracesOf(epoch: number, indexes: readonly number[]): [index: number, trace: Trace][] {
    if (epoch !== this.#epoch) return [];
    return indexes.flatMap((index): [number, Trace][] => {
      const failed = this.#failed.get(index);
      if (failed === undefined) return [];
      const { incarnation, contracts, error } = failed;
      return [[index, { incarnation, contracts, frames: framesOf(error, contracts.length) }]];
    });
  }

  /** The lowest indexes are kept. */
  #hasRoom(index: number): boolean {
    if (this.#failed.size < TRACES_MAX || this.#failed.has(index)) return true;
    const highest = Math.max(...this.#failed.keys());
    return highest > index && this.#failed.delete(highest);
  }

  #load(address: number): number {
    return Atomics.load(new Uint32Array(this.#memory.buffer), address >>> 2);
  }
}

/** The frames of contracts in an error's stack, in which there were so many contracts: V8 may have noted the innermost of them only. */
function framesOf(error: unknown, contracts: number): Frame[] {
  const sites = callSites(error);
  const frames: (Omit<Frame, 'depth'> & { readonly run: number })[] = [];
  let run = 0;
  let isInside = false;
  // From the outermost on: between two contracts there is the kernel.
  for (const site of sites.reverse()) {
    const code = contractFile.exec(site.getFileName() ?? '')?.[1];
    if (code === undefined) {
      if (isInside) run++;
      isInside = false;
      continue;
    }
    isInside = true;
    // V8 counts columns from 1, and calls the offset in the module the column.
    frames.push({ code, offset: (site.getColumnNumber() ?? 1) - 1, run });
  }
  const innermost = frames.at(-1)?.run ?? 0;
  return frames
    .reverse()
    .map(({ code, offset, run: from }) => ({ code, offset, depth: contracts - 1 - innermost + from }));
}

/** What V8 has noted of an error's stack, the innermost first. */
function callSites(error: unknown): NodeJS.CallSite[] {
  if (!(error instanceof Error)) return [];
  const { prepareStackTrace } = Error;
  let sites: NodeJS.CallSite[] = [];
  Error.prepareStackTrace = (_, noted) => {
    sites = noted;
    return '';
  };
  try {
    void error.stack;
  } finally {
    Error.prepareStackTrace = prepareStackTrace as typeof Error.prepareStackTrace;
  }
  return [...sites];
}

/** The traces of the last incarnations. */
export function lastTraces(traces: Iterable<readonly [index: number, trace: Trace]>): Traces {
  const last = new Map<number, Trace>();
  for (const [index, trace] of traces) {
    const other = last.get(index);
    if (other === undefined || other.incarnation < trace.incarnation) last.set(index, trace);
  }
  return last;
}
