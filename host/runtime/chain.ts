/**
 * What a chain consists of, as a caller sees it.
 */
import type { BlockContext, Receipt, Transaction } from './types.js';

/**
 * What a block is known by. Two nodes that executed the same blocks have the same headers; a header names everything that a block is and did, and by `parentHash` everything before.
 * Hashes are SHA-256, 64 hex digits. The bytes that they are of are in host/store/README.md.
 */
export interface BlockHeader extends Readonly<Omit<BlockContext, 'seed'>> {
  /** 32 bytes. */
  readonly seed: Uint8Array;
  /** Of the header itself. */
  readonly hash: string;
  /** `hash` of the block before; 64 zeros for the first. */
  readonly parentHash: string;
  /** Of its deployments and calls. */
  readonly callsHash: string;
  /** Of its receipts. */
  readonly receiptsHash: string;
  /** Of the locations that it changed, with their values after it. */
  readonly writesHash: string;
}

/** A code that a block has put in its place. */
export interface ChainDeployment {
  readonly address: Uint8Array;
  readonly codeHash: string;
  /** Whether there was a contract at the address, which has this code from then on; false where the block deployed it. */
  readonly isUpgrade: boolean;
}

/** A block of a chain. */
export interface ChainBlock {
  readonly header: BlockHeader;
  readonly deployments: readonly ChainDeployment[];
  /** Each with its `gasLimit`. */
  readonly transactions: readonly Transaction[];
  readonly receipts: readonly Receipt[];
}
