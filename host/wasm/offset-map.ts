import { lastUpTo } from './ascending.js';
import { decode } from './decode.js';
import { instrumentNoting } from './instrument.js';
import type { Body, Module } from './module.js';

/** A place in the original module. */
export interface OriginalOffset {
  /** Of an instruction, in bytes from the start of the module. */
  readonly offset: number;
  /** Position of its function among those that the module defines. */
  readonly body: number;
}

/**
 * Where the instructions of an instrumented module were in the original. The rewrite gives the same bytes every time, so nothing is kept of it: it is
 * done again when somebody asks.
 */
export class OffsetMap {
  /** Ascending: where the code of each original instruction begins, what was put before it included; and where that instruction was. */
  readonly #rewritten: number[] = [];
  readonly #original: number[] = [];
  readonly #bodies: number[] = [];
  readonly #ends: readonly number[];

  /** Of the module that `instrument` makes of `original`. @throws WasmError as `instrument` does */
  constructor(original: Pick<Module, 'bytes' | 'bodies'>) {
    const wasm = instrumentNoting(original.bytes, (body, rewritten, at) => {
      this.#rewritten.push(rewritten);
      this.#original.push(at);
      this.#bodies.push(body);
    });
    const { bodies } = decode(wasm);
    // What was noted is relative to the body.
    this.#bodies.forEach((body, entry) => {
      (this.#rewritten[entry] as number) += (bodies[body] as Body).offset;
    });
    this.#ends = original.bodies.map((_, body) => (bodies[body] as Body).end);
  }

  /** What the code at `offset` of the instrumented module was made of; undefined where that is no code, or all of it was added. */
  originalOf(offset: number): OriginalOffset | undefined {
    const entry = lastUpTo(this.#rewritten, offset);
    if (entry < 0) return undefined;
    const body = this.#bodies[entry] as number;
    return offset < (this.#ends[body] as number) ? { offset: this.#original[entry] as number, body } : undefined;
  }
}
