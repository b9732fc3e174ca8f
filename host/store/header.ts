import { createHash } from 'node:crypto';
import type { BlockHeader } from '../runtime/chain.js';
import { StoreError } from '../runtime/errors.js';

/**
 * ```text
 *   header, 192 bytes   0 version u32 = 1 | 4 - | 8 height u64 | 16 timestamp u64 | 24 chain id u64 | 32 seed | 64 parent hash
 *                      96 calls hash | 128 receipts hash | 160 writes hash                            little-endian
 * ```
 */
const VERSION = 1;
const HEADER_BYTES = 192;
const HASH_BYTES = 32;

/** `parentHash` of the first block. */
export const NO_PARENT = '0'.repeat(64);

export function sha256(...parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** The header with these fields, and its hash. */
export function makeHeader(fields: Omit<BlockHeader, 'hash'>): BlockHeader {
  return { ...fields, hash: sha256(encodeHeader(fields)) };
}

export function encodeHeader(header: Omit<BlockHeader, 'hash'>): Uint8Array {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.writeUInt32LE(VERSION, 0);
  bytes.writeBigUInt64LE(header.height, 8);
  bytes.writeBigUInt64LE(header.timestamp, 16);
  bytes.writeBigUInt64LE(header.chainId, 24);
  bytes.set(header.seed, 32);
  const hashes = [header.parentHash, header.callsHash, header.receiptsHash, header.writesHash];
  for (const [index, hash] of hashes.entries()) bytes.write(hash, 64 + index * HASH_BYTES, 'hex');
  return bytes;
}

/** @throws StoreError `ERR_STORE_CORRUPT`, `ERR_STORE_VERSION` */
export function decodeHeader(encoded: Uint8Array): BlockHeader {
  const bytes = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.length);
  if (bytes.length !== HEADER_BYTES) {
    throw new StoreError('ERR_STORE_CORRUPT', `a block header has ${bytes.length} bytes, not ${HEADER_BYTES}`);
  }
  const version = bytes.readUInt32LE(0);
  if (version !== VERSION) {
    throw new StoreError(
      'ERR_STORE_VERSION',
      `a block header of version ${version}: this release reads version ${VERSION}`,
    );
  }
  const hash = (index: number): string => bytes.toString('hex', 64 + index * HASH_BYTES, 96 + index * HASH_BYTES);
  return {
    height: bytes.readBigUInt64LE(8),
    timestamp: bytes.readBigUInt64LE(16),
    chainId: bytes.readBigUInt64LE(24),
    seed: new Uint8Array(bytes.subarray(32, 64)),
    parentHash: hash(0),
    callsHash: hash(1),
    receiptsHash: hash(2),
    writesHash: hash(3),
    hash: sha256(bytes),
  };
}
