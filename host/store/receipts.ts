/**
 * The canonical form of a block's receipts. A header's `receiptsHash` is of these bytes.
 *
 * ```text
 *   receipt, one after another   0 status u32 | 4 code u32 | 8 gas used u64 | 16 output length u32 | 20 events u32 | output, zero padded to 8 | events
 *   event                        contract, 32 bytes | topic length u32 | data length u32 | topic, data: each zero padded to 8        little-endian
 * ```
 *
 * Status and code are the kernel's numbers (assembly/kernel/result.ts, host/engine/traps.ts). Of a call that failed, the output is the message, if it gave one.
 */

import type { ResultLayout } from '../engine/result-layout.js';
import type { Reports } from '../engine/snapshot.js';
import { failureOf } from '../engine/traps.js';
import { WordWriter } from '../engine/word-writer.js';
import { StoreError } from '../runtime/errors.js';
import type { ContractEvent, Receipt, ReceiptStatus } from '../runtime/types.js';

const HEAD_BYTES = 24;
const ADDRESS_BYTES = 32;
const EVENT_HEAD_BYTES = 40;
/** Of an event in a worker's log (assembly/kernel/result.ts). */
const LOGGED_EVENT_BYTES = 16;
/** In the order of the kernel's numbers. */
const STATUSES: readonly ReceiptStatus[] = ['ok', 'reverted', 'trapped', 'invalid', 'outOfGas'];

/** The receipts of `transactions`. `addressOf` gives the address of a contract by its index. */
export function encodeReceipts(
  transactions: DataView,
  reports: Reports,
  layout: ResultLayout,
  addressOf: (index: number) => Uint8Array,
): Uint8Array {
  const count = transactions.byteLength >>> layout.shift;
  const writer = new WordWriter(count * 64);
  const { bytes, view } = reports;
  for (let index = 0; index < count; index++) {
    const transaction = index << layout.shift;
    const word = (offset: number): number => transactions.getUint32(transaction + offset, true);
    const length = word(layout.outputLength);
    const head = writer.size;
    writer.word(word(layout.status));
    writer.word(word(layout.code));
    writer.word(word(layout.gasUsed));
    writer.word(word(layout.gasUsed + 4));
    writer.word(length);
    writer.word(0);
    if (length > 0) writer.copy(bytes, reports.offsetOf(word(layout.output)), (length + 7) & ~7);
    let events = 0;
    for (let address = word(layout.events); address !== 0; events++) {
      const at = reports.offsetOf(address);
      const topicLength = view.getUint32(at + 8, true);
      const dataLength = view.getUint32(at + 12, true);
      writer.copy(addressOf(view.getUint32(at + 4, true)), 0, ADDRESS_BYTES);
      writer.word(topicLength);
      writer.word(dataLength);
      writer.copy(bytes, at + LOGGED_EVENT_BYTES, ((topicLength + 7) & ~7) + ((dataLength + 7) & ~7));
      address = view.getUint32(at, true);
    }
    if (events > 0) writer.setWord(head + 20, events);
  }
  return writer.bytes();
}

/** All receipts, in order. @throws StoreError `ERR_STORE_CORRUPT` */
export function decodeReceipts(encoded: Uint8Array): Receipt[] {
  const receipts: Receipt[] = [];
  try {
    for (const at of receiptPlaces(encoded)) receipts.push(decodeAt(encoded, at, receipts.length));
  } catch (cause) {
    throw cause instanceof StoreError ? cause : corrupt(cause);
  }
  return receipts;
}

/** The receipt of call `index`; undefined where there is no such call. @throws StoreError `ERR_STORE_CORRUPT` */
export function decodeReceipt(encoded: Uint8Array, index: number): Receipt | undefined {
  try {
    let position = 0;
    for (const at of receiptPlaces(encoded)) if (position++ === index) return decodeAt(encoded, at, index);
    return undefined;
  } catch (cause) {
    throw cause instanceof StoreError ? cause : corrupt(cause);
  }
}

function* receiptPlaces(encoded: Uint8Array): Generator<number, void, undefined> {
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.length);
  for (let at = 0; at < encoded.length; ) {
    yield at;
    const events = view.getUint32(at + 20, true);
    at += HEAD_BYTES + ((view.getUint32(at + 16, true) + 7) & ~7);
    for (let event = 0; event < events; event++) at += eventBytes(view, at);
  }
}

function eventBytes(view: DataView, at: number): number {
  const topic = view.getUint32(at + ADDRESS_BYTES, true);
  return EVENT_HEAD_BYTES + ((topic + 7) & ~7) + ((view.getUint32(at + ADDRESS_BYTES + 4, true) + 7) & ~7);
}

function decodeAt(encoded: Uint8Array, at: number, index: number): Receipt {
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.length);
  const status = STATUSES[view.getUint32(at, true)];
  if (status === undefined) throw corrupt();
  const gasUsed = Number(view.getBigUint64(at + 8, true));
  const length = view.getUint32(at + 16, true);
  const output = encoded.slice(at + HEAD_BYTES, at + HEAD_BYTES + length);
  if (status === 'ok') {
    const first = at + HEAD_BYTES + ((length + 7) & ~7);
    return {
      index,
      status,
      gasUsed,
      output,
      events: decodeEvents(encoded, view, first, view.getUint32(at + 20, true)),
    };
  }
  const failure = failureOf(view.getUint32(at + 4, true));
  const message = length > 0 ? new TextDecoder().decode(output) : failure.message;
  return { index, status, gasUsed, output: new Uint8Array(0), events: [], error: { code: failure.code, message } };
}

function decodeEvents(encoded: Uint8Array, view: DataView, first: number, count: number): ContractEvent[] {
  let at = first;
  return Array.from({ length: count }, () => {
    const topic = at + EVENT_HEAD_BYTES;
    const topicEnd = topic + view.getUint32(at + ADDRESS_BYTES, true);
    const data = topic + ((topicEnd - topic + 7) & ~7);
    const dataEnd = data + view.getUint32(at + ADDRESS_BYTES + 4, true);
    const event = {
      contract: encoded.slice(at, at + ADDRESS_BYTES),
      topic: encoded.slice(topic, topicEnd),
      data: encoded.slice(data, dataEnd),
    };
    at += eventBytes(view, at);
    return event;
  });
}

function corrupt(cause?: unknown): StoreError {
  return new StoreError('ERR_STORE_CORRUPT', 'the receipts of a block are damaged', { cause });
}
