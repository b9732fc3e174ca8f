import { readFile } from 'node:fs/promises';
import type { Contract, Runtime, Transaction } from 'blockstm';

export const ACCOUNTS = 20;
export const BLOCKS = 100;
export const ADDRESS = new Uint8Array(32).fill(0xba);

/** What one run leaves for the next to compare with. */
export interface Summary {
  readonly head: string;
  readonly stateHash: string;
  readonly balances: readonly string[];
}

export function account(index: number): Uint8Array {
  return new Uint8Array(32).fill(index + 1);
}

/** A bank of accounts, in the contract of a token. */
export class Bank {
  readonly #runtime: Runtime;
  readonly #token: Contract;

  private constructor(runtime: Runtime, token: Contract) {
    this.#runtime = runtime;
    this.#token = token;
  }

  static async found(runtime: Runtime, wasm: string): Promise<Bank> {
    return new Bank(runtime, await runtime.deploy(await readFile(wasm), { address: ADDRESS }));
  }

  static find(runtime: Runtime): Bank {
    const token = runtime.contract(ADDRESS);
    if (token === undefined) throw new Error('the contract is not there any more');
    return new Bank(runtime, token);
  }

  mints(): Transaction[] {
    return Array.from({ length: ACCOUNTS }, (_, index) =>
      this.#token.transaction(account(index), 'mint', { to: account(index), amount: 1_000_000n }),
    );
  }

  /** From every account to another, in every block to a different one. */
  transfers(block: number): Transaction[] {
    return Array.from({ length: ACCOUNTS }, (_, index) => {
      const to = account((index * 7 + block) % ACCOUNTS);
      return this.#token.transaction(account(index), 'transfer', { to, amount: BigInt(block + index) });
    });
  }

  async #balance(index: number): Promise<string> {
    const call = this.#token.transaction(account(index), 'balanceOf', { owner: account(index) });
    const { output } = await this.#runtime.view(call);
    return String(this.#token.decodeOutput('balanceOf', output));
  }

  async summary(): Promise<Summary> {
    const balances: string[] = [];
    for (let index = 0; index < ACCOUNTS; index++) balances.push(await this.#balance(index));
    const { head } = this.#runtime;
    if (head === undefined) throw new Error('there is no block');
    return { head: head.hash, stateHash: await this.#runtime.stateHash(), balances };
  }
}
