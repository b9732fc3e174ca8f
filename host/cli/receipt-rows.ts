import type { ContractEvent, Receipt, Transaction, Value } from '../index.js';
import { failurePlace } from './failure-place.js';
import { hex } from './hex.js';
import { printable } from './printable.js';
import { count } from './quantity.js';
import { plainJson, type ReceiptReader } from './receipt-reader.js';
import type { Row } from './rows.js';

/** A receipt as a person reads it. */
export function receiptRows(receipt: Receipt, transaction: Transaction, reader: ReceiptReader): Row[] {
  const { status, gasUsed, events } = receipt;
  const outcome = formatOutcome(receipt, transaction, reader);
  return [
    ['call', formatCall(transaction, reader)],
    ['status', status],
    ...(outcome === '' ? [] : [[receipt.error === undefined ? 'result' : 'error', outcome] as const]),
    ...(receipt.error === undefined ? [] : failurePlace(reader.failure(receipt.error)).map((line): Row => ['', line])),
    ...events.map((event): Row => ['event', formatEvent(event, reader)]),
    ['gas', count(gasUsed)],
  ];
}

/** `coin.transfer` */
export function formatCall({ contract, method }: Transaction, reader: ReceiptReader): string {
  return printable(`${reader.nameOf(contract)}.${method}`);
}

/** What a call gave back, or why it failed. Nothing where it gave back nothing. */
export function formatOutcome(receipt: Receipt, transaction: Transaction, reader: ReceiptReader): string {
  const { error, output } = receipt;
  if (error !== undefined) return `${error.code}: ${printable(error.message)}`;
  const result = reader.result(receipt, transaction);
  if (result !== undefined) return formatValue(result);
  return output.length === 0 ? '' : hex(output);
}

/** A value as a person reads it. */
export function formatValue(value: Value): string {
  const plain = plainJson(value);
  // An integer is the same whatever its size.
  if (value instanceof Uint8Array || typeof value === 'bigint') return String(plain);
  return printable(JSON.stringify(plain));
}

function formatEvent(event: ContractEvent, reader: ReceiptReader): string {
  const { contract, topic, data } = event;
  const decoded = reader.event(event);
  if (decoded !== undefined) {
    const fields = Object.entries(decoded.fields).map(([name, value]) => `${printable(name)}=${formatValue(value)}`);
    return printable([reader.nameOf(contract), decoded.name, ...fields].join(' '));
  }
  return `${printable(reader.nameOf(contract))} ${formatTopic(topic)} ${hex(data)}`;
}

/** Most topics are names. */
function formatTopic(topic: Uint8Array): string {
  const text = Buffer.from(topic).toString();
  return /^[\x20-\x7e]+$/.test(text) ? text : hex(topic);
}
