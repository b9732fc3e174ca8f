import { MisuseError } from '../runtime/errors.js';
import type { Transaction } from '../runtime/types.js';
import type { KernelExports } from './kernel.js';

/** Where a call goes: an entry of the workers' method tables, or a failure that is known beforehand. */
export interface Target {
  /** -1 where there is no such contract or method. */
  readonly entry: number;
  /** The contract's index; without an entry, the failure's number. */
  readonly contract: number;
}

const ADDRESS_BYTES = 32;

/** From this length on the engine's own copy is faster than a loop. */
const LONG_COPY = 64;

function copyBytes(to: Uint8Array, from: Uint8Array, at: number): void {
  if (from.length >= LONG_COPY) to.set(from, at);
  else for (let i = 0; i < from.length; i++) to[at + i] = from[i] as number;
}

/** Whole 8-byte words. */
function padded(length: number): number {
  return (length + 7) & ~7;
}

/** The bytes that the senders and inputs of `transactions` take in shared memory. @throws MisuseError `ERR_ARGUMENT` naming the place. */
export function encodedSize(transactions: readonly Transaction[]): number {
  let size = 0;
  for (let index = 0; index < transactions.length; index++) {
    const problem = problemOf(transactions[index]);
    if (problem !== undefined) throw new MisuseError('ERR_ARGUMENT', `transactions[${index}]${problem}`);
    size += ADDRESS_BYTES + padded((transactions[index] as Transaction).input.length);
  }
  return size;
}

function problemOf(transaction: Transaction | undefined): string | undefined {
  if (typeof transaction !== 'object' || transaction === null) return ': expected an object';
  if (!isAddress(transaction.sender)) return `.sender: expected a Uint8Array of ${ADDRESS_BYTES} bytes`;
  if (!isAddress(transaction.contract)) return `.contract: expected a Uint8Array of ${ADDRESS_BYTES} bytes`;
  if (typeof transaction.method !== 'string') return '.method: expected a string';
  if (!(transaction.input instanceof Uint8Array)) return '.input: expected a Uint8Array';
  if (transaction.gasLimit !== undefined && !isGas(transaction.gasLimit)) {
    return '.gasLimit: expected a whole number from 0 to 2^53 - 1';
  }
  return undefined;
}

function isGas(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isAddress(value: unknown): boolean {
  return value instanceof Uint8Array && value.length === ADDRESS_BYTES;
}

/** Writes the calls of one block into shared memory, some at a time. */
export class CallEncoder {
  readonly #transactions: readonly Transaction[];
  readonly #resolve: (transaction: Transaction) => Target;
  readonly #bytes: Uint8Array;
  readonly #words: Uint32Array;
  readonly #end: number;
  readonly #stride: number;
  readonly #offsets: Readonly<Record<'entry' | 'contract' | 'input' | 'length' | 'sender' | 'gas', number>>;
  /** Gas limit of a transaction that names none. */
  readonly #gasLimit: number;
  #call: number;
  #at: number;
  #next = 0;

  /** Senders and inputs go one after another into the `size` bytes from `address` on, each input zero padded to words. */
  constructor(
    kernel: KernelExports,
    memory: WebAssembly.Memory,
    transactions: readonly Transaction[],
    { address, size }: { readonly address: number; readonly size: number },
    gasLimit: number,
    resolve: (transaction: Transaction) => Target,
  ) {
    this.#gasLimit = gasLimit;
    this.#transactions = transactions;
    this.#resolve = resolve;
    this.#bytes = new Uint8Array(memory.buffer);
    this.#words = new Uint32Array(memory.buffer);
    this.#at = address;
    this.#end = address + size;
    this.#call = kernel.callsBase.value >>> 2;
    this.#stride = 1 << (kernel.CALL_SHIFT.value - 2);
    this.#offsets = {
      entry: kernel.CALL_ENTRY.value >>> 2,
      contract: kernel.CALL_CONTRACT.value >>> 2,
      input: kernel.CALL_INPUT.value >>> 2,
      length: kernel.CALL_INPUT_LENGTH.value >>> 2,
      sender: kernel.CALL_SENDER.value >>> 2,
      gas: kernel.CALL_GAS_LIMIT.value >>> 2,
    };
  }

  /**
   * Encode the next `count` calls. True if that was the last.
   * @throws MisuseError `ERR_ARGUMENT` where a transaction is not what it was when its size was taken.
   */
  encode(count: number): boolean {
    const transactions = this.#transactions;
    const words = this.#words;
    const bytes = this.#bytes;
    const offsets = this.#offsets;
    const stop = Math.min(this.#next + count, transactions.length);
    let call = this.#call;
    let at = this.#at;
    for (let index = this.#next; index < stop; index++) {
      const transaction = transactions[index] as Transaction;
      const { sender, input } = transaction;
      const inputAt = at + ADDRESS_BYTES;
      const next = inputAt + padded(input.length);
      const gas = transaction.gasLimit ?? this.#gasLimit;
      if (sender.length !== ADDRESS_BYTES || next > this.#end || !isGas(gas)) {
        throw new MisuseError(
          'ERR_ARGUMENT',
          `transactions[${index}]: it was changed while the block was being encoded`,
        );
      }
      const { entry, contract } = this.#resolve(transaction);
      words[call + offsets.entry] = entry;
      words[call + offsets.contract] = contract;
      words[call + offsets.sender] = at;
      words[call + offsets.input] = inputAt;
      words[call + offsets.length] = input.length;
      words[call + offsets.gas] = gas;
      words[call + offsets.gas + 1] = gas / 2 ** 32;
      copyBytes(bytes, sender, at);
      if (input.length > 0) {
        words[(next >>> 2) - 1] = 0;
        words[(next >>> 2) - 2] = 0;
        copyBytes(bytes, input, inputAt);
      }
      at = next;
      call += this.#stride;
    }
    this.#call = call;
    this.#at = at;
    this.#next = stop;
    return stop === transactions.length;
  }
}
