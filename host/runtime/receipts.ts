import { failedReceipt, NO_OUTPUT, statusOf } from '../engine/receipt.js';
import type { ResultLayout } from '../engine/result-layout.js';
import type { Reports } from '../engine/snapshot.js';
import type { Traces } from '../engine/traces.js';
import type { Backtraces } from './backtraces.js';
import { ByteCopies } from './byte-copies.js';
import type { Contracts } from './contracts.js';
import type { ContractEvent, Receipt, ReceiptStatus, Receipts } from './types.js';

const EVENT_HEADER = 16;

/** What receipts are decoded from: of a block that was executed, or that is being executed. */
export interface BlockReports {
  readonly layout: ResultLayout;
  readonly transactions: DataView;
  readonly reports: Reports;
  readonly traces?: Traces | undefined;
}
type AddressBook = Pick<Contracts, 'addressOf'>;

/** The receipts of an executed block, each decoded when it is asked for, every time: to keep them all would fill the heap. */
export class LazyReceipts implements Receipts {
  readonly length: number;
  readonly #decoder: ReceiptDecoder;

  constructor(block: BlockReports, contracts: AddressBook, backtraces?: Backtraces) {
    this.#decoder = new ReceiptDecoder(block, contracts, backtraces);
    this.length = block.transactions.byteLength >>> block.layout.shift;
  }

  get(index: number): Receipt {
    if (!Number.isInteger(index) || index < 0 || index >= this.length) {
      throw new RangeError(`there is no receipt ${index} in a block of ${this.length} calls`);
    }
    return this.#decoder.decode(index);
  }

  *[Symbol.iterator](): Iterator<Receipt> {
    for (let index = 0; index < this.length; index++) yield this.#decoder.decode(index);
  }
}

/** Makes receipts of a block's calls that have committed. */
export class ReceiptDecoder {
  readonly #transactions: DataView;
  readonly #reports: Reports;
  readonly #contracts: AddressBook;
  readonly #traces: Traces | undefined;
  readonly #backtraces: Backtraces | undefined;
  readonly #layout: ResultLayout;
  readonly #copies = new ByteCopies();

  /** `backtraces`: reads the block's traces, where it has them. */
  constructor(
    { transactions, layout, reports, traces }: BlockReports,
    contracts: AddressBook,
    backtraces?: Backtraces,
  ) {
    this.#traces = traces;
    this.#backtraces = backtraces;
    this.#transactions = transactions;
    this.#reports = reports;
    this.#contracts = contracts;
    this.#layout = layout;
  }

  decode(index: number): Receipt {
    const at = this.#layout;
    const transaction = index << at.shift;
    const word = (offset: number): number => this.#transactions.getUint32(transaction + offset, true);
    const status = statusOf(word(at.status)) as ReceiptStatus;
    const gasUsed = word(at.gasUsed) + word(at.gasUsed + 4) * 2 ** 32;
    const length = word(at.outputLength);
    const output = length === 0 ? NO_OUTPUT : this.#copy(this.#reports.offsetOf(word(at.output)), length);
    if (status === 'ok') return { index, status, gasUsed, output, events: this.#events(word(at.events)) };
    const receipt = failedReceipt(index, status, gasUsed, word(at.code), output);
    const trace = this.#traces?.get(index);
    if (trace === undefined || this.#backtraces === undefined) return receipt;
    return { ...receipt, error: { ...receipt.error, ...this.#backtraces.read(trace, this.#contracts) } };
  }

  #events(first: number): ContractEvent[] {
    const { view } = this.#reports;
    const events: ContractEvent[] = [];
    for (let address = first; address !== 0; ) {
      const at = this.#reports.offsetOf(address);
      const topicLength = view.getUint32(at + 8, true);
      const topic = at + EVENT_HEADER;
      events.push({
        contract: this.#contracts.addressOf(view.getUint32(at + 4, true)),
        topic: this.#copy(topic, topicLength),
        data: this.#copy(topic + ((topicLength + 7) & ~7), view.getUint32(at + 12, true)),
      });
      address = view.getUint32(at, true);
    }
    return events;
  }

  #copy(start: number, length: number): Uint8Array {
    return this.#copies.copy(this.#reports.bytes, start, start + length);
  }
}
