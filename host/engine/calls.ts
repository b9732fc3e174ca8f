import { setImmediate } from 'node:timers/promises';
import { CapacityError, MisuseError } from '../runtime/errors.js';
import type { Transaction } from '../runtime/types.js';
import type { KernelExports } from './kernel.js';
import { type CallOffsets, type CallTarget, type RecordedCalls, recordCalls } from './recorded-calls.js';
import './web-assembly.js';

/** Where a call goes: an entry of the workers' method tables, or a failure that is known beforehand. */
export interface Target {
  /** -1 where there is no such contract or method. */
  readonly entry: number;
  /** The contract's index; without an entry, the failure's number. */
  readonly contract: number;
}

/** Says where the calls of a contract's methods go. */
export interface MethodTargets {
  find(method: string): Target;
}

/** Says it of every address. */
export interface Targets {
  methodsOf(contract: Uint8Array): MethodTargets;
}

/** Says too what was asked for where a target was found, now or before. */
export interface NamedTargets extends Targets {
  namesOf(target: Target): Pick<Transaction, 'contract' | 'method'>;
}

const ADDRESS_BYTES = 32;
/** The fields of a transaction. */
const FIELDS: readonly string[] = ['sender', 'contract', 'method', 'input', 'gasLimit'];
/** From this length on the engine's own copy is faster than a loop. */
const LONG_COPY = 128;
/** Room for a call's sender and input at first. */
const BYTES_PER_CALL = 80;
/** After so many bytes the event loop gets a turn: some milliseconds of copying. */
const BYTES_PER_TURN = 4 << 20;
/** Memory above this is not kept from block to block. */
const KEPT_BYTES = 16 << 20;

/** An array's true length: a subclass may say something else. */
const lengthOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), 'length')?.get as (
  this: Uint8Array,
) => number;

/**
 * Calls as the kernel reads them, in memory of their own: its call records, and the bytes of senders and inputs, one after another and zero padded to
 * words, which the records name by their place in them. `CallEncoder` fills it; to execute them is to copy them.
 */
export class EncodedCalls {
  /** Calls in it. */
  count = 0;
  /** Bytes of senders and inputs in it. */
  size = 0;
  /** The records, as words. */
  records: Uint32Array;
  bytes: Uint8Array;
  /** The same memory as `bytes`. */
  words: Uint32Array;
  /** What is called where there was no such contract or method, by TxIndex. */
  readonly unresolved = new Map<number, Pick<Transaction, 'contract' | 'method'>>();

  /** Room for `calls` calls of `recordBytes` bytes each; `bytes` grow. */
  constructor(calls: number, recordBytes: number) {
    this.records = new Uint32Array((calls * recordBytes) >>> 2);
    this.bytes = new Uint8Array(calls * BYTES_PER_CALL);
    this.words = new Uint32Array(this.bytes.buffer);
  }

  /** Make it empty, with room for `calls` calls. */
  reset(calls: number, recordBytes: number): void {
    this.count = 0;
    this.size = 0;
    this.unresolved.clear();
    if (this.bytes.length > KEPT_BYTES) this.#use(new Uint8Array(calls * BYTES_PER_CALL));
    if (this.records.byteLength > KEPT_BYTES) this.records = new Uint32Array(0);
    if (this.records.byteLength < calls * recordBytes) this.records = new Uint32Array((calls * recordBytes) >>> 2);
  }

  /** Have room for `size` bytes, a whole number of words. */
  grow(size: number): void {
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, size));
    larger.set(this.bytes.subarray(0, this.size));
    this.#use(larger);
  }

  #use(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.words = new Uint32Array(bytes.buffer);
  }

  /** Copy them to where the kernel reads them: senders and inputs to `address`. */
  async place(kernel: KernelExports, memory: WebAssembly.Memory, address: number): Promise<void> {
    const records = new Uint8Array(this.records.buffer, 0, this.count << kernel.CALL_SHIFT.value);
    await copyInTurns(memory, kernel.callsBase.value >>> 0, records);
    await copyInTurns(memory, address, this.bytes.subarray(0, this.size));
  }
}

/** Copy `from` to `address`, a part at a time. */
export async function copyInTurns(memory: WebAssembly.Memory, address: number, from: Uint8Array): Promise<void> {
  for (let at = 0; at < from.length; at += BYTES_PER_TURN) {
    if (at > 0) await setImmediate();
    const part = from.subarray(at, at + BYTES_PER_TURN);
    new Uint8Array(memory.buffer, address + at, part.length).set(part);
  }
}

/** Makes call records of transactions. One lives as long as its runtime: V8 has compiled it once. */
export class CallEncoder {
  readonly recordBytes: number;
  /** Neighbours often name their contract by the same array, which is looked up once. */
  #contract: Uint8Array | undefined;
  #methods: MethodTargets | undefined;
  /** Gas limit of a transaction that names none. */
  readonly #gasLimit: number;
  /** Bytes of senders and inputs that a block can have at most. */
  readonly #sizeMax: number;
  readonly #offsets: CallOffsets;

  constructor(kernel: KernelExports, gasLimit: number) {
    this.recordBytes = 1 << kernel.CALL_SHIFT.value;
    this.#gasLimit = gasLimit;
    this.#sizeMax = (kernel.poolEnd.value >>> 0) - (kernel.poolBase.value >>> 0);
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
   * Add `transactions[from]` to `transactions[to - 1]`, which go where `targets` says.
   * @throws MisuseError `ERR_ARGUMENT` naming the place, `ERR_OPTION` for a field that nobody reads; CapacityError `limits.memoryMiB`.
   */
  encode(transactions: readonly Transaction[], from: number, to: number, calls: EncodedCalls, targets: Targets): void {
    // Its owner may have changed it since.
    this.#contract = undefined;
    for (let index = from; index < to; index++) this.#add(transactions[index], index, calls, targets);
  }

  /** Look again for what was not there when the calls were encoded. */
  resolve(calls: EncodedCalls, targets: Targets): void {
    for (const [index, { contract, method }] of calls.unresolved) {
      const target = targets.methodsOf(contract).find(method);
      const record = (index * this.recordBytes) >>> 2;
      calls.records[record + this.#offsets.entry] = target.entry;
      calls.records[record + this.#offsets.contract] = target.contract;
      if (target.entry >= 0) calls.unresolved.delete(index);
    }
  }

  /** Have `resolve` look again for everything. */
  unresolve(calls: EncodedCalls, targets: NamedTargets): void {
    for (let index = 0; index < calls.count; index++) {
      if (calls.unresolved.has(index)) continue;
      const record = (index * this.recordBytes) >>> 2;
      const entry = calls.records[record + this.#offsets.entry] as number;
      const contract = calls.records[record + this.#offsets.contract] as number;
      calls.unresolved.set(index, targets.namesOf({ entry, contract }));
    }
  }

  /** A copy of the calls that means the same elsewhere. */
  record(calls: EncodedCalls, targetOf: (contract: number, entry: number) => CallTarget): RecordedCalls {
    return recordCalls(calls, this.#offsets, this.recordBytes >>> 2, targetOf);
  }

  /** The entry of call `index`, negative where there is none. */
  entryOf(calls: EncodedCalls, index: number): number {
    return (calls.records[((index * this.recordBytes) >>> 2) + this.#offsets.entry] as number) | 0;
  }

  /** Let the first of the calls that have been placed use no more than `most`. Returns what it may by itself. */
  limitGas(kernel: KernelExports, memory: WebAssembly.Memory, most: number): number {
    const words = new Uint32Array(memory.buffer, kernel.callsBase.value >>> 0, this.recordBytes >>> 2);
    const at = this.#offsets.gas;
    const limit = (words[at] as number) + (words[at + 1] as number) * 2 ** 32;
    if (limit > most) {
      words[at] = most;
      words[at + 1] = 0;
    }
    return limit;
  }

  #add(transaction: Transaction | undefined, index: number, calls: EncodedCalls, targets: Targets): void {
    if (typeof transaction !== 'object' || transaction === null) throw misuse(index, ': expected an object');
    // Taken once each: what was checked is what is written.
    const { sender, contract, method, input, gasLimit } = transaction;
    if (!isAddress(sender) || !isAddress(contract) || typeof method !== 'string' || !(input instanceof Uint8Array)) {
      throw misuse(index, problemOf(sender, contract, method));
    }
    const gas = gasLimit === undefined ? this.#gasLimit : gasLimit;
    if (!isGas(gas)) throw misuse(index, '.gasLimit: expected a whole number from 0 to 2^53 - 1');
    refuseUnknown(transaction, index);
    const at = calls.size;
    const length = lengthOf.call(input);
    const inputAt = at + ADDRESS_BYTES;
    const next = inputAt + Math.ceil(length / 8) * 8;
    if (next > calls.bytes.length) {
      if (next > this.#sizeMax) {
        const message = `limits.memoryMiB: transactions[${index}] and those before it do not fit the shared memory`;
        throw new CapacityError('limits.memoryMiB', message);
      }
      calls.grow(next);
    }
    copyWords(sender, ADDRESS_BYTES, calls.words, at >>> 2);
    if (length > 0) copyInput(input, length, calls, inputAt);
    if (contract !== this.#contract) {
      this.#methods = targets.methodsOf(contract);
      this.#contract = contract;
    }
    const target = (this.#methods as MethodTargets).find(method);
    const { records } = calls;
    const record = (calls.count * this.recordBytes) >>> 2;
    const offsets = this.#offsets;
    records[record + offsets.entry] = target.entry;
    records[record + offsets.contract] = target.contract;
    records[record + offsets.sender] = at;
    records[record + offsets.input] = inputAt;
    records[record + offsets.length] = length;
    records[record + offsets.gas] = gas;
    records[record + offsets.gas + 1] = gas / 2 ** 32;
    // A name that no contract can have may have no bytes that it could be kept by.
    if (target.entry < 0 && !method.isWellFormed()) throw misuse(index, '.method: expected a well-formed string');
    if (target.entry < 0) calls.unresolved.set(calls.count, { contract: copyOf(contract), method });
    calls.count++;
    calls.size = next;
  }
}

/** Of an address, whatever a subclass says. */
function copyOf(address: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: ADDRESS_BYTES }, (_, index) => address[index] as number);
}

/** The input, zero padded to 8-byte words. */
function copyInput(input: Uint8Array, length: number, { bytes, words }: EncodedCalls, at: number): void {
  const end = Math.ceil((at + length) / 8);
  words[2 * end - 2] = 0;
  words[2 * end - 1] = 0;
  if (length >= LONG_COPY) {
    bytes.set(input, at);
    return;
  }
  const whole = length & ~3;
  copyWords(input, whole, words, at >>> 2);
  for (let i = whole; i < length; i++) bytes[at + i] = input[i] as number;
}

/** Composing words takes half as long as moving bytes, and for few bytes no longer than V8's own `set`. */
function copyWords(from: Uint8Array, length: number, to: Uint32Array, at: number): void {
  for (let i = 0, word = at; i < length; i += 4, word++) {
    to[word] =
      (from[i] as number) |
      ((from[i + 1] as number) << 8) |
      ((from[i + 2] as number) << 16) |
      ((from[i + 3] as number) << 24);
  }
}

/** A field that nobody reads is a mistake that would go unnoticed: a `gaslimit`, say. @throws MisuseError `ERR_OPTION` */
function refuseUnknown(transaction: Transaction, index: number): void {
  for (const name in transaction) {
    if (isField(name) || !Object.hasOwn(transaction, name)) continue;
    const message = `transactions[${index}]: unknown option "${name}", known are ${FIELDS.join(', ')}`;
    throw new MisuseError('ERR_OPTION', message);
  }
}

/** Compared one by one: a look into a set takes 8 ns for each field of every call. */
function isField(name: string): boolean {
  return name === 'sender' || name === 'contract' || name === 'method' || name === 'input' || name === 'gasLimit';
}

function isGas(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isAddress(value: unknown): boolean {
  return value instanceof Uint8Array && lengthOf.call(value) === ADDRESS_BYTES;
}

function problemOf(sender: unknown, contract: unknown, method: unknown): string {
  if (!isAddress(sender)) return `.sender: expected a Uint8Array of ${ADDRESS_BYTES} bytes`;
  if (!isAddress(contract)) return `.contract: expected a Uint8Array of ${ADDRESS_BYTES} bytes`;
  if (typeof method !== 'string') return '.method: expected a string';
  return '.input: expected a Uint8Array';
}

function misuse(index: number, problem: string): MisuseError {
  return new MisuseError('ERR_ARGUMENT', `transactions[${index}]${problem}`);
}
