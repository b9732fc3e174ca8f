import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { compile } from '../../dist/host/contract/index.js';
import type { Contract, Runtime } from '../../dist/host/index.js';
import { address } from './programs.js';
import { Random } from './random.js';
import { Runtimes } from './runtimes.js';

const SOURCE = `
import { blake3, keccak256, Map, sha256, Value, verifyEd25519 } from "blockstm/assembly";

export function sha(message: StaticArray<u8>): StaticArray<u8> { return sha256(message); }
export function keccak(message: StaticArray<u8>): StaticArray<u8> { return keccak256(message); }
export function blake(message: StaticArray<u8>): StaticArray<u8> { return blake3(message); }
export function check(signature: StaticArray<u8>, message: StaticArray<u8>, publicKey: StaticArray<u8>): bool {
  return verifyEd25519(signature, message, publicKey);
}
// Two digests at once, and words staged between a digest and its being taken.
export function both(message: StaticArray<u8>): StaticArray<u8> { return sha256(keccak256(message)); }

const head = new Value<StaticArray<u8>>("head");
const heads = new Map<u64, StaticArray<u8>>("heads");
/** A chain of digests: each call needs what the one before it left. */
export function append(at: u64, message: StaticArray<u8>): StaticArray<u8> {
  const next = at % 3 == 0 ? sha256(head.get()) : at % 3 == 1 ? keccak256(head.get()) : blake3(head.get());
  head.set(at % 2 == 0 ? sha256(message) : next);
  heads.set(at, next);
  return next;
}
`;

const alice = address(1);

let compiled: Promise<Uint8Array> | undefined;

/** A contract with a method for each hash, `check` for signatures, and `append`, which hashes what the call before it left. */
export function hashingWasm(): Promise<Uint8Array> {
  compiled ??= compile({ source: SOURCE, name: 'hashes' }).then(({ wasm }) => wasm);
  return compiled;
}

/** That contract on a runtime. */
export class Hashing implements AsyncDisposable {
  readonly runtimes: Runtimes;
  readonly runtime: Runtime;
  readonly contract: Contract;

  private constructor(runtimes: Runtimes, runtime: Runtime, contract: Contract) {
    this.runtimes = runtimes;
    this.runtime = runtime;
    this.contract = contract;
  }

  static async open(): Promise<Hashing> {
    const runtimes = new Runtimes();
    const runtime = await runtimes.get({ workers: 2 });
    return new Hashing(runtimes, runtime, await runtime.deploy(await hashingWasm()));
  }

  /** The outputs of calls of `method`, decoded: of one block. */
  async outputs(method: string, args: readonly Readonly<Record<string, unknown>>[]): Promise<unknown[]> {
    const { runtime, contract } = this;
    const { receipts } = await runtime.execute({
      transactions: args.map((each) => contract.transaction(alice, method, each)),
    });
    return [...receipts].map(({ status, output, error }) =>
      status === 'ok' ? contract.decodeOutput(method, output) : `${status} ${error?.code}`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.runtimes.close();
  }
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

export function bytesOf(digits: string): Uint8Array {
  return Uint8Array.from(Buffer.from(digits, 'hex'));
}

export function message(length: number, seed = length): Uint8Array {
  const random = new Random(seed);
  return Uint8Array.from({ length }, () => random.below(256));
}

export interface Signed {
  readonly signature: Uint8Array;
  readonly message: Uint8Array;
  readonly publicKey: Uint8Array;
}

function rawKey(key: KeyObject): Uint8Array {
  return Uint8Array.from(Buffer.from(key.export({ format: 'jwk' }).x as string, 'base64url'));
}

export function signed(text: Uint8Array): Signed {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { signature: Uint8Array.from(sign(null, text, privateKey)), message: text, publicKey: rawKey(publicKey) };
}
