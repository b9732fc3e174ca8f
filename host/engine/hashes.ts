/**
 * Digests and signatures, as the kernel imports them (assembly/kernel/hash.ts). A thread loads what computes them when it is given a contract that
 * imports them: for the others they would only make a runtime start later. All of it is deterministic, whatever the bytes.
 */
import { CONTRACT_MODULE } from '../wasm/contract-imports.js';

type Digest = (bytes: Uint8Array) => Uint8Array;

const SIGNATURE_LENGTH = 64;
/** Of the signature and the public key. */
const SIGNED_LENGTH = 96;

interface Loaded {
  /** By the number of their kind. */
  digests: readonly Digest[];
  verify: ((signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array) => boolean) | undefined;
}

/** Of this thread. */
const loaded: Loaded = { digests: [], verify: undefined };

/** What the kernel imports. Addresses and lengths are u32 seen as i32. */
export interface HashImports {
  /** Write the 32-byte digest of the `length` bytes at `from` to `to`. */
  readonly digest: (kind: number, from: number, length: number, to: number) => void;
  /** 1 where the signature at `from`, of the public key behind it, is one of the `length` bytes behind that; else 0. */
  readonly verify: (from: number, length: number) => number;
}

function imports(contract: WebAssembly.Module, name: string): boolean {
  return WebAssembly.Module.imports(contract).some((each) => each.module === CONTRACT_MODULE && each.name === name);
}

/** Load what computes digests, if the contract asks for any. */
export async function loadDigests(contract: WebAssembly.Module): Promise<void> {
  if (loaded.digests.length > 0 || !imports(contract, 'hash')) return;
  const [{ hash }, { keccak_256 }, { blake3 }] = await Promise.all([
    import('node:crypto'),
    import('@noble/hashes/sha3.js'),
    import('@noble/hashes/blake3.js'),
  ]);
  // OpenSSL's code for the processor: the same bytes, at a tenth of the time for long messages.
  const sha256: Digest = (bytes) => hash('sha256', bytes, 'buffer');
  loaded.digests = [sha256, (bytes) => keccak_256(bytes), (bytes) => blake3(bytes)];
}

/** Load what verifies signatures, if the contract has any verified. */
export async function loadVerification(contract: WebAssembly.Module): Promise<void> {
  if (loaded.verify !== undefined || !imports(contract, 'verify')) return;
  const { ed25519 } = await import('@noble/curves/ed25519.js');
  const verify: Loaded['verify'] = (signature, message, publicKey) =>
    ed25519.verify(signature, message, publicKey, { zip215: true });
  // The first multiplication of the base point makes a table, which takes as long as twenty verifications.
  ed25519.Point.BASE.multiplyUnsafe(2n);
  loaded.verify = verify;
}

/** For a kernel over `memory`. What has not been loaded throws, which no contract can bring about that was installed after loading. */
export function hashImports(memory: WebAssembly.Memory): HashImports {
  const bytes = new Uint8Array(memory.buffer);
  const at = (from: number, length: number): Uint8Array => bytes.subarray(from >>> 0, (from >>> 0) + length);
  return {
    digest: (kind, from, length, to) => bytes.set((loaded.digests[kind] as Digest)(at(from, length)), to >>> 0),
    verify: (from, length) => {
      const signature = at(from, SIGNATURE_LENGTH);
      const publicKey = at(from + SIGNATURE_LENGTH, SIGNED_LENGTH - SIGNATURE_LENGTH);
      const verify = loaded.verify as NonNullable<Loaded['verify']>;
      return verify(signature, at(from + SIGNED_LENGTH, length), publicKey) ? 1 : 0;
    },
  };
}
