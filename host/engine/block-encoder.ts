import { setImmediate } from 'node:timers/promises';
import { CapacityError } from '../runtime/errors.js';
import type { Transaction } from '../runtime/types.js';
import { type CallEncoder, EncodedCalls, type NamedTargets, type Targets } from './calls.js';

/** After so many calls the event loop gets a turn: some milliseconds of encoding. */
const CALLS_PER_TURN = 16_384;

/** Makes of transactions what a block consists of. `encode` of calls that are kept may go on while a block is executed. */
export class BlockEncoder {
  readonly #encoder: CallEncoder;
  readonly #callsMax: number;
  /** Of the blocks that are executed as they come; its memory is used again. */
  readonly #calls: EncodedCalls;

  /** `callsMax`: the option `limits.transactions`. */
  constructor(encoder: CallEncoder, callsMax: number) {
    this.#encoder = encoder;
    this.#callsMax = callsMax;
    this.#calls = new EncodedCalls(0, encoder.recordBytes);
  }

  /** Encode calls: into memory of their own if they are `kept`, else into what the next `encode` uses again. @throws CapacityError, MisuseError */
  async encode(transactions: readonly Transaction[], targets: Targets, kept: boolean): Promise<EncodedCalls> {
    const count = transactions.length;
    if (count > this.#callsMax) {
      throw new CapacityError(
        'limits.transactions',
        `limits.transactions: the block has ${count} calls, the limit is ${this.#callsMax}`,
      );
    }
    const calls = kept ? new EncodedCalls(count, this.#encoder.recordBytes) : this.#calls;
    calls.reset(count, this.#encoder.recordBytes);
    for (let from = 0; from < count; from += CALLS_PER_TURN) {
      if (from > 0) await setImmediate();
      this.#encoder.encode(transactions, from, Math.min(from + CALLS_PER_TURN, count), calls, targets);
    }
    return calls;
  }

  /** Look again for what calls name and was not there when they were encoded; for all of it, where it `hasMoved`. */
  resolve(calls: EncodedCalls, targets: NamedTargets, hasMoved: boolean): void {
    if (hasMoved) this.#encoder.unresolve(calls, targets);
    this.#encoder.resolve(calls, targets);
  }
}
