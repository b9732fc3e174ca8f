import { readFileSync } from 'node:fs';
import {
  type BlockResult,
  type Contract,
  createRuntime,
  type Runtime,
  type RuntimeOptions,
  type Transaction,
} from '../../host/index.js';
import { builtContractPath } from '../package.js';
import type { RandomStream } from '../random.js';

/** Accounts that are funded in one block. */
const FUNDED_AT_ONCE = 100_000;
const FUNDS = 1_000_000n;

/** Account `number`: ascending with it, so that a state is written in order of its keys, as a snapshot is. */
export function account(number: number): Uint8Array {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setUint32(0, number);
  bytes.fill(0x5a, 4);
  return bytes;
}

/** A runtime with a token whose accounts have funds. */
export class TokenChain implements AsyncDisposable {
  readonly runtime: Runtime;
  readonly #token: Contract;
  readonly #accounts: number;

  private constructor(runtime: Runtime, token: Contract, accounts: number) {
    this.runtime = runtime;
    this.#token = token;
    this.#accounts = accounts;
  }

  /** With accounts 0 to `accounts` - 1. `contract` where the chain has been made before. */
  static async open(accounts: number, options: RuntimeOptions, contract?: Uint8Array): Promise<TokenChain> {
    const runtime = await createRuntime(options);
    const known = contract && runtime.contract(contract);
    const chain = new TokenChain(
      runtime,
      known ?? (await runtime.deploy(readFileSync(builtContractPath('token')))),
      accounts,
    );
    if (known === undefined) await chain.#fund();
    return chain;
  }

  get contract(): Uint8Array {
    return this.#token.address;
  }

  async #fund(): Promise<void> {
    let last: BlockResult | undefined;
    for (let from = 0; from < this.#accounts; from += FUNDED_AT_ONCE) {
      const transactions = Array.from({ length: Math.min(FUNDED_AT_ONCE, this.#accounts - from) }, (_, index) => {
        const to = account(from + index);
        return this.#token.transaction(to, 'mint', { to, amount: FUNDS });
      });
      last = await this.runtime.execute({ transactions });
    }
    if (this.runtime.metrics().pendingBlocks > 0) await last?.durable;
  }

  /** Transfers of 1 to 100 between two accounts each, every pair equally likely. */
  transfers(count: number, random: RandomStream): Transaction[] {
    return Array.from({ length: count }, () => {
      const from = random.below(this.#accounts);
      const to = account((from + 1 + random.below(this.#accounts - 1)) % this.#accounts);
      return this.#token.transaction(account(from), 'transfer', { to, amount: BigInt(1 + random.below(100)) });
    });
  }

  /** Account `number` pays its neighbour. */
  transfer(number: number): Transaction {
    return this.#token.transaction(account(number), 'transfer', { to: account(number + 1), amount: 1n });
  }

  balanceOf(number: number): Transaction {
    const owner = account(number % this.#accounts);
    return this.#token.transaction(owner, 'balanceOf', { owner });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.runtime.close();
  }
}
