import type { ClientTypes } from '../index.js';
import type { Account } from './account.js';
import { forTestLater } from './call-site.js';
import type { TestDeployOptions } from './chain-options.js';
import type { ContractInput } from './contract-source.js';
import type { Methods } from './methods.js';
import type { TestChain } from './test-chain.js';
import type { CallOptions, TestContract } from './test-contract.js';

/** Somebody on a chain. */
export class Actor {
  readonly account: Account;
  readonly #chain: TestChain;

  constructor(chain: TestChain, account: Account) {
    this.#chain = chain;
    this.account = account;
  }

  /** The methods of a contract, called by this account. */
  on<Types extends ClientTypes>(contract: TestContract<Types>): Methods<Types, CallOptions> {
    return contract.as(this.account);
  }

  /** `TestChain.deploy`, whose constructor this account calls. */
  async deploy<Types extends ClientTypes = ClientTypes>(
    input: ContractInput,
    options: Omit<TestDeployOptions<Types>, 'as'> = {},
  ): Promise<TestContract<Types>> {
    return forTestLater(this.deploy, () => this.#chain.deploy(input, { ...options, as: this.account }));
  }
}
