/**
 * The canonical form of a block's receipts. A header's `receiptsHash` is of these bytes.
 *
 * ```text
 *   receipts | contracts | number of contracts u32 | - u32
 *   receipt    0 status u32 | 4 code u32 | 8 gas used u64 | 16 output length u32 | 20 events u32 | output, zero padded to 8 | events
 *   event      contract u32: its place among the contracts | topic length u32 | data length u32 | - u32 | topic, data: each zero padded to 8
 *   contract   its address, 32 bytes; those that have announced something, in the order of their first event                    little-endian
 * ```
 *
 * Status and code are the kernel's numbers (assembly/kernel/result.ts, host/engine/traps.ts). Of a call that failed, the output is the message, if it gave one.
 */

import { failedReceipt, statusOf } from '../engine/receipt.js';
import type { ResultLayout } from '../engine/result-layout.js';
import type { LogSnapshot } from '../engine/snapshot.js';
import type { WordWriter } from '../engine/word-writer.js';
import { StoreError } from '../runtime/errors.js';
import type { ContractEvent, Receipt } from '../runtime/types.js';

const HEAD_BYTES = 24;
const ADDRESS_BYTES = 32;
const EVENT_HEAD_BYTES = 16;
const END_BYTES = 8;

/** The receipts of `transactions`, into `writer`. `addressOf` gives the address of a contract by its index, as words. */
export function encodeReceipts(
  transactions: ArrayBufferLike,
  reports: LogSnapshot,
  layout: ResultLayout,
  addressOf: (index: number) => Uint32Array,
  writer: WordWriter,
): Uint8Array {
  const results = new Uint32Array(transactions);
  const words = new Uint32Array(reports.log.buffer);
  const wordsEach = 1 << (layout.shift - 2);
  /** Places of the contracts, by their index. */
  const contracts = new Map<number, number>();
  const at = (offset: number): number => offset >>> 2;
  const [status, code, gasUsed] = [at(layout.status), at(layout.code), at(layout.gasUsed)];
  const [output, outputLength, events] = [at(layout.output), at(layout.outputLength), at(layout.events)];
  for (let result = 0; result < results.length; result += wordsEach) {
    const length = results[result + outputLength] as number;
    const head = writer.size;
    writer.word(results[result + status] as number);
    writer.word(results[result + code] as number);
    writer.word(results[result + gasUsed] as number);
    writer.word(results[result + gasUsed + 1] as number);
    writer.word(length);
    writer.word(0);
    if (length > 0) writer.copy(words, reports.offsetOf(results[result + output] as number) >>> 2, paddedWords(length));
    let count = 0;
    for (let address = results[result + events] as number; address !== 0; count++) {
      const event = reports.offsetOf(address) >>> 2;
      const contract = words[event + 1] as number;
      const topicLength = words[event + 2] as number;
      const dataLength = words[event + 3] as number;
      if (!contracts.has(contract)) contracts.set(contract, contracts.size);
      writer.word(contracts.get(contract) as number);
      writer.word(topicLength);
      writer.word(dataLength);
      writer.word(0);
      // After as many bytes in a worker's log (assembly/kernel/result.ts).
      writer.copy(words, event + EVENT_HEAD_BYTES / 4, paddedWords(topicLength) + paddedWords(dataLength));
      address = words[event] as number;
    }
    if (count > 0) writer.setWord(head + 20, count);
  }
  for (const contract of contracts.keys()) writer.copy(addressOf(contract), 0, ADDRESS_BYTES / 4);
  writer.word(contracts.size);
  writer.word(0);
  return writer.bytes();
}

/** 4-byte words of `length` bytes that are padded to 8. */
function paddedWords(length: number): number {
  return ((length + 7) & ~7) >>> 2;
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
  for (let at = 0; at < contractsAt(view); ) {
    yield at;
    const events = view.getUint32(at + 20, true);
    at += HEAD_BYTES + ((view.getUint32(at + 16, true) + 7) & ~7);
    for (let event = 0; event < events; event++) at += eventBytes(view, at);
  }
}

/** Where the contracts begin, and the receipts end. */
function contractsAt(view: DataView): number {
  return view.byteLength - END_BYTES - view.getUint32(view.byteLength - END_BYTES, true) * ADDRESS_BYTES;
}

function eventBytes(view: DataView, at: number): number {
  return EVENT_HEAD_BYTES + ((view.getUint32(at + 4, true) + 7) & ~7) + ((view.getUint32(at + 8, true) + 7) & ~7);
}

function decodeAt(encoded: Uint8Array, at: number, index: number): Receipt {
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.length);
  const status = statusOf(view.getUint32(at, true));
  if (status === undefined) throw corrupt();
  const gasUsed = Number(view.getBigUint64(at + 8, true));
  const length = view.getUint32(at + 16, true);
  const output = encoded.slice(at + HEAD_BYTES, at + HEAD_BYTES + length);
  if (status !== 'ok') return failedReceipt(index, status, gasUsed, view.getUint32(at + 4, true), output);
  const first = at + HEAD_BYTES + ((length + 7) & ~7);
  return { index, status, gasUsed, output, events: decodeEvents(encoded, view, first, view.getUint32(at + 20, true)) };
}

function decodeEvents(encoded: Uint8Array, view: DataView, first: number, count: number): ContractEvent[] {
  let at = first;
  return Array.from({ length: count }, () => {
    const topic = at + EVENT_HEAD_BYTES;
    const topicEnd = topic + view.getUint32(at + 4, true);
    const data = topic + ((topicEnd - topic + 7) & ~7);
    const dataEnd = data + view.getUint32(at + 8, true);
    const contract = contractsAt(view) + view.getUint32(at, true) * ADDRESS_BYTES;
    const event = {
      contract: encoded.slice(contract, contract + ADDRESS_BYTES),
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
