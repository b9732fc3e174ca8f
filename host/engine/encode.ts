import type { Transaction } from '../runtime/types.js';
import type { KernelExports } from './kernel.js';

/** Where a call goes: an entry of the workers' method tables, or a failure that is known beforehand. */
export interface Target {
  /** -1 where there is no such contract or method. */
  readonly entry: number;
  /** The contract's index; without an entry, the failure's number. */
  readonly contract: number;
}

const SENDER_BYTES = 32;

/** From this length on the engine's own copy is faster than a loop. */
const LONG_COPY = 64;

function copyBytes(to: Uint8Array, from: Uint8Array, at: number): void {
  if (from.length >= LONG_COPY) to.set(from, at);
  else for (let i = 0; i < from.length; i++) to[at + i] = from[i] as number;
}

/** The bytes that the senders and inputs of `transactions` take in shared memory. */
export function encodedSize(transactions: readonly Transaction[]): number {
  let size = 0;
  for (const { input } of transactions) size += SENDER_BYTES + ((input.length + 7) & ~7);
  return size;
}

/**
 * Write the calls into the call table, and senders and inputs one after another from `address` on, each input zero
 * padded to words. `resolve` is asked once per call.
 */
export function encodeCalls(
  kernel: KernelExports,
  memory: WebAssembly.Memory,
  transactions: readonly Transaction[],
  address: number,
  resolve: (transaction: Transaction) => Target,
): void {
  const bytes = new Uint8Array(memory.buffer);
  const words = new Uint32Array(memory.buffer);
  const stride = 1 << (kernel.CALL_SHIFT.value - 2);
  const entryAt = kernel.CALL_ENTRY.value >>> 2;
  const contractAt = kernel.CALL_CONTRACT.value >>> 2;
  const inputAt = kernel.CALL_INPUT.value >>> 2;
  const lengthAt = kernel.CALL_INPUT_LENGTH.value >>> 2;
  const senderAt = kernel.CALL_SENDER.value >>> 2;
  let call = kernel.callsBase.value >>> 2;
  let at = address;
  for (const transaction of transactions) {
    const { sender, input } = transaction;
    const { entry, contract } = resolve(transaction);
    words[call + entryAt] = entry;
    words[call + contractAt] = contract;
    words[call + senderAt] = at;
    copyBytes(bytes, sender, at);
    at += SENDER_BYTES;
    words[call + inputAt] = at;
    words[call + lengthAt] = input.length;
    if (input.length > 0) {
      const end = at + ((input.length + 7) & ~7);
      words[(end >>> 2) - 1] = 0;
      words[(end >>> 2) - 2] = 0;
      copyBytes(bytes, input, at);
      at = end;
    }
    call += stride;
  }
}
