import type { EncodedCalls } from '../engine/calls.js';
import { MisuseError } from './errors.js';
import type { BlockContext } from './types.js';

/** A block that was encoded for one runtime: what an `EncodedBlock` is. */
export class OwnedBlock {
  readonly length: number;
  readonly context: Partial<BlockContext>;
  readonly #owner: object;
  readonly #calls: EncodedCalls;

  constructor(owner: object, calls: EncodedCalls, context: Partial<BlockContext>) {
    this.length = calls.count;
    this.context = context;
    this.#owner = owner;
    this.#calls = calls;
  }

  /** @throws MisuseError `ERR_ARGUMENT` where it was encoded for another runtime. */
  callsFor(runtime: object): EncodedCalls {
    if (runtime === this.#owner) return this.#calls;
    throw new MisuseError('ERR_ARGUMENT', 'execute: the block was encoded by another runtime');
  }
}
