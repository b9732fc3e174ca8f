// The contract interface, version 1 (assembly/sdk/README.md), in the plainest way there is: one call after another over a
// Map. It shares no code with the kernel, so a contract that behaves the same under both behaves as specified.

import { ed25519 } from '@noble/curves/ed25519.js';
import { blake3 } from '@noble/hashes/blake3.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import type { ReceiptStatus } from '../../dist/host/runtime/types.js';

/** One call. Addresses are 32 bytes. */
export interface ReferenceCall {
  readonly sender: Uint8Array;
  readonly method: string;
  readonly input: Uint8Array;
}

export interface ReferenceReceipt {
  readonly status: ReceiptStatus;
  /** Empty unless `ok`. */
  readonly output: Uint8Array;
  readonly events: readonly { readonly topic: Uint8Array; readonly data: Uint8Array }[];
  /** Of a `reverted` or `invalid` call. */
  readonly message: string;
}

export interface ReferenceContext {
  readonly height: bigint;
  readonly timestamp: bigint;
  readonly chainId: bigint;
  readonly seed: Uint8Array;
}

/** Ends a call from inside an import. */
class Ended extends Error {
  readonly status: ReceiptStatus;

  constructor(status: ReceiptStatus, message: string) {
    super(message);
    this.status = status;
  }
}

const wordBytes = 8;
const stagedBytes = 66_048;
const hashes = [sha256, keccak_256, blake3];

/** A contract with its storage. One instance serves every call, as in the engine. */
export class ReferenceContract {
  /** Key and value, each as hexadecimal digits. */
  readonly storage = new Map<string, string>();
  readonly address: Uint8Array;
  readonly context: ReferenceContext;
  readonly #instance: WebAssembly.Instance;
  #call: ReferenceCall | undefined;
  #staged: bigint[] = [];
  #cursor: bigint[] = [];
  #slots: string[] = [];
  #written = new Map<string, string | undefined>();
  #isReadOnly = false;
  #output: Uint8Array = new Uint8Array(0);
  #events: { topic: Uint8Array; data: Uint8Array }[] = [];

  constructor(wasm: Uint8Array, address = new Uint8Array(32).fill(7), context: Partial<ReferenceContext> = {}) {
    this.address = address;
    this.context = { height: 1n, timestamp: 0n, chainId: 0n, seed: new Uint8Array(32), ...context };
    const module = new WebAssembly.Module(Uint8Array.from(wasm));
    this.#instance = new WebAssembly.Instance(module, { blockstm: this.#imports() });
  }

  call(call: ReferenceCall): ReferenceReceipt {
    this.#call = call;
    this.#staged = [];
    this.#cursor = [];
    this.#slots = [];
    this.#written = new Map();
    this.#isReadOnly = false;
    this.#output = new Uint8Array(0);
    this.#events = [];
    try {
      (this.#instance.exports[call.method] as () => void)();
    } catch (error) {
      const output = new Uint8Array(0);
      if (error instanceof Ended) return { status: error.status, output, events: [], message: error.message };
      // What a contract's own Wasm raises: a trap, or a stack that ran out.
      if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
        return { status: 'trapped', output, events: [], message: '' };
      }
      throw error;
    }
    for (const [key, value] of this.#written) {
      if (value === undefined) this.storage.delete(key);
      else this.storage.set(key, value);
    }
    return { status: 'ok', output: this.#output, events: this.#events, message: '' };
  }

  #requireWritable(): void {
    if (this.#isReadOnly) throw new Ended('trapped', 'read only');
  }

  #count(slot: number, change: (value: bigint) => bigint, isAllowed: (result: bigint) => boolean): number {
    this.#requireWritable();
    const value = this.#value(slot);
    if (value !== undefined && value.length !== wordBytes) throw new Ended('trapped', 'counter');
    const result = change(value === undefined ? 0n : (words(value)[0] as bigint));
    if (!isAllowed(result)) return 0;
    const bytes = new Uint8Array(wordBytes);
    new DataView(bytes.buffer).setBigUint64(0, result, true);
    this.#written.set(this.#key(slot), hex(bytes));
    return 1;
  }

  #imports(): Record<string, (...args: never[]) => unknown> {
    const call = () => this.#call as ReferenceCall;
    return {
      push: (word: bigint) => {
        this.#staged.push(BigInt.asUintN(64, word));
      },
      push4: (...words: bigint[]) => {
        this.#staged.push(...words.map((word) => BigInt.asUintN(64, word)));
      },
      lookup: (keyLength: number) => {
        if (keyLength < 1 || keyLength > 256) throw new Ended('trapped', 'key length');
        const key = hex(this.#unstage(keyLength));
        const known = this.#slots.indexOf(key);
        return known >= 0 ? known : this.#slots.push(key) - 1;
      },
      read: (slot: number) => {
        const value = this.#value(slot);
        this.#cursor = value === undefined ? [] : words(value);
        return value === undefined ? -1 : value.length;
      },
      has: (slot: number) => (this.#value(slot) === undefined ? 0 : 1),
      write: (slot: number, length: number) => {
        this.#requireWritable();
        this.#written.set(this.#key(slot), hex(this.#unstage(length)));
      },
      remove: (slot: number) => {
        this.#requireWritable();
        this.#written.set(this.#key(slot), undefined);
      },
      add: (slot: number, amount: bigint, most: bigint) =>
        this.#count(
          slot,
          (value) => value + unsigned(amount),
          (sum) => sum <= unsigned(most),
        ),
      subtract: (slot: number, amount: bigint, least: bigint) =>
        this.#count(
          slot,
          (value) => value - unsigned(amount),
          (rest) => rest >= unsigned(least),
        ),
      take: () => this.#cursor.shift() ?? 0n,
      input: () => {
        this.#cursor = words(call().input);
        return call().input.length;
      },
      output: (length: number) => {
        this.#output = this.#unstage(length);
      },
      sender: () => {
        this.#cursor = words(call().sender);
      },
      self: () => {
        this.#cursor = words(this.address);
      },
      height: () => this.context.height,
      timestamp: () => this.context.timestamp,
      chainId: () => this.context.chainId,
      seed: () => {
        this.#cursor = words(this.context.seed);
      },
      event: (topicLength: number, dataLength: number) => {
        this.#requireWritable();
        if (topicLength > 256) throw new Ended('trapped', 'topic length');
        const data = this.#staged.splice(Math.ceil(topicLength / wordBytes));
        const topic = this.#unstage(topicLength);
        this.#staged = data;
        this.#events.push({ topic, data: this.#unstage(dataLength) });
      },
      readonly: () => {
        this.#isReadOnly = true;
      },
      hash: (kind: number, length: number) => {
        const hash = hashes[kind];
        if (hash === undefined) throw new Ended('trapped', 'hash kind');
        this.#cursor = words(hash(this.#unstage(length, stagedBytes)));
      },
      verify: (length: number) => {
        const staged = this.#unstage(96 + length, stagedBytes);
        const [signature, publicKey] = [staged.slice(0, 64), staged.slice(64, 96)];
        return ed25519.verify(signature, staged.slice(96), publicKey, { zip215: true }) ? 1 : 0;
      },
      revert: (length: number) => {
        throw new Ended('reverted', text(this.#unstage(length)));
      },
      reject: (length: number) => {
        throw new Ended('invalid', text(this.#unstage(length)));
      },
    };
  }

  /** Takes every staged word as `length` bytes. */
  #unstage(length: number, longest = 65_536): Uint8Array {
    if (length < 0 || length > longest) throw new Ended('trapped', 'value length');
    if (this.#staged.length !== Math.ceil(length / wordBytes)) throw new Ended('trapped', 'staged words');
    const bytes = new Uint8Array(this.#staged.length * wordBytes);
    const view = new DataView(bytes.buffer);
    for (const [index, word] of this.#staged.entries()) view.setBigUint64(index * wordBytes, word, true);
    this.#staged = [];
    return bytes.slice(0, length);
  }

  #key(slot: number): string {
    const key = this.#slots[slot];
    if (key === undefined) throw new Ended('trapped', 'slot');
    return key;
  }

  #value(slot: number): Uint8Array | undefined {
    const key = this.#key(slot);
    const value = this.#written.has(key) ? this.#written.get(key) : this.storage.get(key);
    return value === undefined ? undefined : Uint8Array.from(Buffer.from(value, 'hex'));
  }
}

/** The words of some bytes, the last one padded with zeros. */
function words(bytes: Uint8Array): bigint[] {
  const padded = new Uint8Array(Math.ceil(bytes.length / wordBytes) * wordBytes);
  padded.set(bytes);
  const view = new DataView(padded.buffer);
  return Array.from({ length: padded.length / wordBytes }, (_, index) => view.getBigUint64(index * wordBytes, true));
}

function unsigned(word: bigint): bigint {
  return BigInt.asUintN(64, word);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function text(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}
