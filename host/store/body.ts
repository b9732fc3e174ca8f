/**
 * The canonical form of what a block does: its deployments and its calls. A header's `callsHash` is of these bytes.
 *
 * ```text
 *   body     0 version u32 = 1 | 4 deployments u32 | 8 targets u32 | 12 calls u32 | deployments | targets | call heads | call bytes
 *   deployment   address, 32 bytes | code hash, 32 bytes | u32: 0 of a new contract, 1 of one that was there | - u32
 *   target       contract, 32 bytes | method length u32 | - u32 | method, UTF-8, zero padded to 8
 *   call head    index of its target u32 | input length u32 | gas limit u64
 *   call bytes   sender, 32 bytes | input, zero padded to 8                                            little-endian
 * ```
 *
 * Targets are in the order of the first call that has them, and each is listed once.
 */

import type { CallTarget } from '../engine/recorded-calls.js';
import type { WordWriter } from '../engine/word-writer.js';
import type { ChainDeployment } from '../runtime/chain.js';
import { StoreError } from '../runtime/errors.js';
import type { Transaction } from '../runtime/types.js';
import type { BlockRecord } from './record.js';

const VERSION = 1;
const START = 16;
const ADDRESS_BYTES = 32;
const CALL_HEAD_BYTES = 16;
/** A byte order mark is a part of a name as any other. */
const METHOD = new TextDecoder('utf-8', { ignoreBOM: true });

export interface BlockBody {
  readonly deployments: readonly ChainDeployment[];
  readonly transactions: readonly Transaction[];
}

const padded = (length: number): number => (length + 7) & ~7;

/** Into `writer`. */
export function encodeBody(
  { deployments, calls }: Pick<BlockRecord, 'deployments' | 'calls'>,
  writer: WordWriter,
): Uint8Array {
  for (const word of [VERSION, deployments.length, calls.targets.length, calls.count]) writer.word(word);
  for (const { address, codeHash, isUpgrade } of deployments) {
    writer.pad(address);
    writer.pad(Buffer.from(codeHash, 'hex'));
    writer.word(isUpgrade ? 1 : 0);
    writer.word(0);
  }
  for (const { contract, method } of calls.targets) {
    const name = Buffer.from(method);
    writer.pad(contract);
    writer.word(name.length);
    writer.word(0);
    writer.pad(name);
  }
  writer.copy(calls.heads, 0, calls.heads.length);
  writer.copy(calls.words, 0, calls.words.length);
  return writer.bytes();
}

/** @throws StoreError `ERR_STORE_CORRUPT`, `ERR_STORE_VERSION` */
export function decodeBody(encoded: Uint8Array): BlockBody {
  const body = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.length);
  try {
    return decode(body);
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    throw new StoreError('ERR_STORE_CORRUPT', 'a block body ends too early', { cause });
  }
}

function decode(body: Buffer): BlockBody {
  const [version, deploymentCount, targetCount, callCount] = [0, 4, 8, 12].map((at) => body.readUInt32LE(at));
  if (version !== VERSION) {
    throw new StoreError(
      'ERR_STORE_VERSION',
      `a block body of version ${version}: this release reads version ${VERSION}`,
    );
  }
  let at = START;
  const take = (length: number): Uint8Array => {
    if (at + length > body.length) throw new RangeError('out of bounds');
    at += padded(length);
    return new Uint8Array(body.subarray(at - padded(length), at - padded(length) + length));
  };
  const deployments = Array.from({ length: deploymentCount as number }, () => {
    const [address, code, [kind = 0]] = [take(ADDRESS_BYTES), take(32), take(8)];
    return { address, codeHash: Buffer.from(code).toString('hex'), isUpgrade: kind === 1 };
  });
  const targets = Array.from({ length: targetCount as number }, () => {
    const contract = take(ADDRESS_BYTES);
    const length = body.readUInt32LE(at);
    at += 8;
    return { contract, method: METHOD.decode(take(length)) };
  });
  let head = at;
  at += (callCount as number) * CALL_HEAD_BYTES;
  const transactions = Array.from({ length: callCount as number }, () => {
    const { contract, method } = targets[body.readUInt32LE(head)] as CallTarget;
    const length = body.readUInt32LE(head + 4);
    const gasLimit = Number(body.readBigUInt64LE(head + 8));
    head += CALL_HEAD_BYTES;
    return { sender: take(ADDRESS_BYTES), contract, method, input: take(length), gasLimit };
  });
  if (at !== body.length) throw new RangeError('there is more');
  return { deployments, transactions };
}
