import type { EncodedCalls } from '../engine/calls.js';
import type { Engine } from '../engine/engine.js';
import type { Contracts } from './contracts.js';
import { MisuseError } from './errors.js';
import type { BlockContext } from './types.js';

/** A block that was encoded for one branch: what an `EncodedBlock` is. */
export class OwnedBlock {
  readonly length: number;
  readonly context: Partial<BlockContext>;
  readonly #owner: object;
  readonly #calls: EncodedCalls;
  /** That of the contracts when the calls were last looked up among them. */
  #revision: number;

  /** `revision`: that of the contracts when its encoding began. */
  constructor(owner: object, calls: EncodedCalls, context: Partial<BlockContext>, revision: number) {
    this.length = calls.count;
    this.context = context;
    this.#owner = owner;
    this.#calls = calls;
    this.#revision = revision;
  }

  /** @throws MisuseError `ERR_ARGUMENT` where it was encoded by another. */
  of(branch: object): this {
    if (branch === this.#owner) return this;
    throw new MisuseError('ERR_ARGUMENT', 'execute: the block was encoded by another runtime');
  }

  /** Its calls, as they go among the owner's `contracts` as these are now. */
  calls(engine: Engine, contracts: Contracts): EncodedCalls {
    engine.blocks.resolve(this.#calls, contracts, this.#revision !== contracts.revision);
    this.#revision = contracts.revision;
    return this.#calls;
  }
}
