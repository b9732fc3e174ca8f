import { MisuseError } from '../index.js';
import { type Account, type AccountLike, accountOf, hex } from './account.js';

/** What accounts and contracts are called on a chain. */
export class ChainNames {
  /** Of the contracts that are there: a snapshot has its own. */
  contracts: ReadonlySet<string> = new Set();
  /** By the digits of addresses. */
  readonly #names = new Map<string, string>();

  /** @throws MisuseError for what is no account, and for the name of a contract. */
  accountOf(who: AccountLike): Account {
    if (typeof who === 'string' && this.contracts.has(who)) {
      throw new MisuseError(
        'ERR_ARGUMENT',
        `"${who}" is a contract here: expected the contract as deploy gave it, or chain.account('${who}') for the account of that name`,
      );
    }
    return this.account(who);
  }

  /** Also one that is called as a contract is. @throws MisuseError for what is no account. */
  account(who: AccountLike): Account {
    const account = accountOf(who);
    // Digits are no name: those of a contract are known by another.
    if (!account.name.startsWith('0x')) this.#names.set(hex(account.address), account.name);
    return account;
  }

  /** @returns what a new contract is called: two of one name are told apart by a number. */
  addContract(address: Uint8Array, name: string): string {
    const free = this.#freeName(name);
    this.#names.set(hex(address), free);
    this.contracts = new Set([...this.contracts, free]);
    return free;
  }

  #freeName(name: string): string {
    for (let number = 1; ; number++) {
      const free = number === 1 ? name : `${name}#${number}`;
      if (!this.contracts.has(free)) return free;
    }
  }

  /** The digits of what has no name. */
  nameOf(address: Uint8Array): string {
    return this.#names.get(hex(address)) ?? hex(address);
  }
}
