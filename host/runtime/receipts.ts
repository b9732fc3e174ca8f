import type { ExecutedBlock } from '../engine/engine.js';
import type { Reports } from '../engine/snapshot.js';
import { failureOf } from '../engine/traps.js';
import type { Contracts } from './contracts.js';
import type { ContractEvent, Receipt, ReceiptStatus, Receipts } from './types.js';

/** In the order of the kernel's numbers (assembly/kernel/result.ts). */
const STATUSES: readonly ReceiptStatus[] = ['ok', 'reverted', 'trapped', 'invalid', 'outOfGas'];
const EVENT_HEADER = 16;
const NOTHING = new Uint8Array(0);

/** What receipts are decoded from: of a block that was executed, or that is being executed. */
export type BlockReports = Pick<ExecutedBlock, 'kernel' | 'transactions'> & { readonly reports: Reports };
type AddressBook = Pick<Contracts, 'addressOf'>;

/** The receipts of an executed block, each decoded when it is first asked for. */
export class LazyReceipts implements Receipts {
  readonly length: number;
  readonly #block: BlockReports;
  readonly #contracts: AddressBook;
  readonly #decoded: (Receipt | undefined)[];

  constructor(block: BlockReports, contracts: AddressBook) {
    this.#block = block;
    this.#contracts = contracts;
    this.length = block.transactions.byteLength >>> block.kernel.exports.TRANSACTION_SHIFT.value;
    this.#decoded = new Array<Receipt | undefined>(this.length);
  }

  get(index: number): Receipt {
    if (!Number.isInteger(index) || index < 0 || index >= this.length) {
      throw new RangeError(`there is no receipt ${index} in a block of ${this.length} calls`);
    }
    const known = this.#decoded[index];
    if (known !== undefined) return known;
    const receipt = decodeReceipt(this.#block, this.#contracts, index);
    this.#decoded[index] = receipt;
    return receipt;
  }

  *[Symbol.iterator](): Iterator<Receipt> {
    for (let index = 0; index < this.length; index++) yield this.get(index);
  }
}

/** The receipt of a call that has committed; a copy. */
export function decodeReceipt(block: BlockReports, contracts: AddressBook, index: number): Receipt {
  const { transactions, kernel, reports } = block;
  const { TRANSACTION_SHIFT, TX_RESULT, TX_CODE, TX_OUTPUT, TX_OUTPUT_LENGTH, TX_EVENTS, TX_GAS_USED } = kernel.exports;
  const at = index << TRANSACTION_SHIFT.value;
  const status = STATUSES[transactions.getUint32(at + TX_RESULT.value, true)] as ReceiptStatus;
  const gasUsed = Number(transactions.getBigUint64(at + TX_GAS_USED.value, true));
  const length = transactions.getUint32(at + TX_OUTPUT_LENGTH.value, true);
  let output = NOTHING;
  if (length > 0) {
    const start = reports.offsetOf(transactions.getUint32(at + TX_OUTPUT.value, true));
    output = reports.bytes.slice(start, start + length);
  }
  if (status === 'ok') {
    const events = decodeEvents(reports, contracts, transactions.getUint32(at + TX_EVENTS.value, true));
    return { index, status, gasUsed, output, events };
  }
  const failure = failureOf(transactions.getUint32(at + TX_CODE.value, true));
  const message = output.length > 0 ? new TextDecoder().decode(output) : failure.message;
  return { index, status, gasUsed, output: NOTHING, events: [], error: { code: failure.code, message } };
}

function decodeEvents(reports: Reports, contracts: AddressBook, first: number): ContractEvent[] {
  const { bytes, view } = reports;
  const events: ContractEvent[] = [];
  for (let address = first; address !== 0; ) {
    const at = reports.offsetOf(address);
    const topicLength = view.getUint32(at + 8, true);
    const dataLength = view.getUint32(at + 12, true);
    const topic = at + EVENT_HEADER;
    const data = topic + ((topicLength + 7) & ~7);
    events.push({
      contract: contracts.addressOf(view.getUint32(at + 4, true)),
      topic: bytes.slice(topic, topic + topicLength),
      data: bytes.slice(data, data + dataLength),
    });
    address = view.getUint32(at, true);
  }
  return events;
}
