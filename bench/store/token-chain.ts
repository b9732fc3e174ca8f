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
  readonly #accounts: readonly Uint8Array[];

  private constructor(runtime: Runtime, token: Contract, accounts: readonly Uint8Array[]) {
    this.runtime = runtime;
    this.#token = token;
    this.#accounts = accounts;
  }

  /** `contract` where the chain has been made before. */
  static async open(
    accounts: readonly Uint8Array[],
    options: RuntimeOptions,
    contract?: Uint8Array,
  ): Promise<TokenChain> {
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
    for (let from = 0; from < this.#accounts.length; from += FUNDED_AT_ONCE) {
      const transactions = this.#accounts
        .slice(from, from + FUNDED_AT_ONCE)
        .map((to) => this.#token.transaction(to, 'mint', { to, amount: FUNDS }));
      last = await this.runtime.execute({ transactions });
    }
    if (this.runtime.metrics().pendingBlocks > 0) await last?.durable;
  }

  /** Transfers of 1 to 100 between two accounts each, every pair equally likely. */
  transfers(count: number, random: RandomStream): Transaction[] {
    const accounts = this.#accounts;
    return Array.from({ length: count }, () => {
      const from = random.below(accounts.length);
      const to = accounts[(from + 1 + random.below(accounts.length - 1)) % accounts.length] as Uint8Array;
      return this.#token.transaction(accounts[from] as Uint8Array, 'transfer', {
        to,
        amount: BigInt(1 + random.below(100)),
      });
    });
  }

  /** Account `number` pays its neighbour. */
  transfer(number: number): Transaction {
    const to = this.#accounts[number + 1] as Uint8Array;
    return this.#token.transaction(this.#accounts[number] as Uint8Array, 'transfer', { to, amount: 1n });
  }

  balanceOf(number: number): Transaction {
    const owner = this.#accounts[number % this.#accounts.length] as Uint8Array;
    return this.#token.transaction(owner, 'balanceOf', { owner });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.runtime.close();
  }
}
