import { stdout } from 'node:process';
import type { Receipt, Transaction } from '../index.js';
import { accountDocuments, accountRows } from './account-rows.js';
import type { AddressBook } from './address-book.js';
import type { Chain } from './chain.js';
import { reportFailure } from './failure.js';
import { failurePlace } from './failure-place.js';
import { type HeadDocument, headDocument } from './head-line.js';
import { hex } from './hex.js';
import { ReceiptReader } from './receipt-reader.js';
import { formatCall, formatOutcome, receiptRows } from './receipt-rows.js';
import type { Row } from './rows.js';

/** What became of one call that was asked for on the command line. */
export class CallReport {
  readonly head: HeadDocument | undefined;
  /** Whether the method is one that writes nothing. */
  readonly isView: boolean;
  readonly #transaction: Transaction;
  readonly #receipt: Receipt;
  readonly #reader: ReceiptReader;
  readonly #addresses: AddressBook;

  constructor(chain: Chain, transaction: Transaction, receipt: Receipt) {
    this.head = chain.head && headDocument(chain.head);
    const { contract, method } = transaction;
    const described = chain.runtime.contract(contract)?.interface?.methods.find(({ name }) => name === method);
    this.isView = described?.kind === 'view';
    this.#transaction = transaction;
    this.#receipt = receipt;
    this.#addresses = chain.addresses;
    this.#reader = new ReceiptReader(chain.contracts);
  }

  /** `coin.transfer` */
  get call(): string {
    return formatCall(this.#transaction, this.#reader);
  }

  get rows(): readonly Row[] {
    return [...receiptRows(this.#receipt, this.#transaction, this.#reader), ...accountRows(this.#addresses)];
  }

  get isOk(): boolean {
    return this.#receipt.status === 'ok';
  }

  /** What the call gave back, or why it failed. */
  get outcome(): string {
    return formatOutcome(this.#receipt, this.#transaction, this.#reader);
  }

  writeJson(schema: string, state: string): void {
    const { sender, contract, method } = this.#transaction;
    const call = { sender: hex(sender), contract: this.#reader.nameOf(contract), method };
    const accounts = accountDocuments(this.#addresses);
    const receipt = this.#reader.document(this.#receipt, this.#transaction);
    stdout.write(`${JSON.stringify({ schema, state, ...call, accounts, receipt, head: this.head })}\n`);
  }

  /** Where the call failed, in lines. */
  get place(): readonly string[] {
    const { error } = this.#receipt;
    return error === undefined ? [] : failurePlace(this.#reader.failure(error));
  }

  /** Sets the exit code to 1, and says why, where the call did not end ok. `details`: lines that come after it. */
  finish(details: readonly string[] = []): void {
    if (this.isOk) return;
    reportFailure('ERR_CALL', `${this.call}: ${this.#receipt.status} (${this.outcome})`, details);
  }
}
