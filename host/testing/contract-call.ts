import type { Receipt, Transaction } from '../index.js';
import type { Account } from './account.js';
import { CallFailed } from './call-failed.js';
import { CallReceipt } from './call-receipt.js';
import { shownAt } from './call-site.js';
import type { TestContract } from './test-contract.js';
import { UnmadeCalls } from './unmade-calls.js';

/** What a call is made of. */
export interface CallParts {
  readonly contract: TestContract;
  readonly method: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly sender: Account;
  readonly transaction: Transaction;
  /** Lines of the stack where the call was written. */
  readonly stack: string;
}

/**
 * A call that was written down, and is made when somebody asks what came of it: `await` makes it in a block of its own and gives its output, `receipt()`
 * its receipt, and `chain.block` makes it in a block with others. One that nobody asks for is not made, which the end of its test complains of.
 */
export class ContractCall<Output = unknown> implements Promise<Output>, CallParts {
  readonly contract: TestContract;
  readonly method: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly sender: Account;
  readonly stack: string;
  readonly #transaction: Transaction;
  readonly #make: (call: ContractCall) => Promise<Receipt>;
  #receipt: Promise<CallReceipt<Output>> | undefined;

  /** @param make - Executes it, or looks what it would give. */
  constructor(parts: CallParts, make: (call: ContractCall) => Promise<Receipt>) {
    this.contract = parts.contract;
    this.method = parts.method;
    this.args = parts.args;
    this.sender = parts.sender;
    this.#transaction = parts.transaction;
    this.stack = parts.stack;
    this.#make = make;
  }

  /** What a runtime executes. Whoever takes it makes the call. */
  get transaction(): Transaction {
    UnmadeCalls.delete(this);
    return this.#transaction;
  }

  /** Make the call, the first time that it is asked for. A call that fails has a receipt too: this rejects only where the block was not executed. */
  async receipt(): Promise<CallReceipt<Output>> {
    UnmadeCalls.delete(this);
    this.#receipt ??= this.#made();
    return this.#receipt;
  }

  async #made(): Promise<CallReceipt<Output>> {
    try {
      return new CallReceipt(this, await this.#make(this));
    } catch (error) {
      throw shownAt(this.stack, error);
    }
  }

  /** The call's output. @throws CallFailed where it did not end `ok`. */
  async #output(): Promise<Output> {
    const receipt = await this.receipt();
    if (receipt.status !== 'ok') throw new CallFailed(receipt);
    return receipt.value as Output;
  }

  // biome-ignore lint/suspicious/noThenProperty: it is made when it is awaited
  then<Fulfilled = Output, Rejected = never>(
    onFulfilled?: ((value: Output) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    return this.#output().then(onFulfilled, onRejected);
  }

  catch<Rejected = never>(
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Output | Rejected> {
    return this.#output().catch(onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<Output> {
    return this.#output().finally(onFinally);
  }

  get [Symbol.toStringTag](): string {
    return 'ContractCall';
  }

  /** `token.transfer({ to: bob, amount: 5n }) as alice` */
  toString(): string {
    const { contract, sender } = this;
    const caller = sender.name.startsWith('0x') ? contract.nameOf(sender.address) : sender.name;
    return `${contract.name}.${this.method}(${contract.describe(this.args)}) as ${caller}`;
  }
}
