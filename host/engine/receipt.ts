import type { Receipt, ReceiptStatus } from '../runtime/types.js';
import { failureOf } from './traps.js';

/** In the order of the kernel's numbers (assembly/kernel/result.ts). */
/** By the kernel's numbers. */
export const STATUSES: readonly ReceiptStatus[] = ['ok', 'reverted', 'trapped', 'invalid', 'outOfGas'];
export const NO_OUTPUT = new Uint8Array(0);

/** Undefined where that is no number of the kernel's. */
export function statusOf(number: number): ReceiptStatus | undefined {
  return STATUSES[number];
}

/** Of a call that failed. `code`: the kernel's number. `output`: the message that the call gave, if it gave one. */
export function failedReceipt(
  index: number,
  status: ReceiptStatus,
  gasUsed: number,
  code: number,
  output: Uint8Array,
): Receipt & Required<Pick<Receipt, 'error'>> {
  const failure = failureOf(code);
  const message = output.length > 0 ? new TextDecoder().decode(output) : failure.message;
  return { index, status, gasUsed, output: NO_OUTPUT, events: [], error: { code: failure.code, message } };
}
