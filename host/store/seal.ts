import { LogSnapshot } from '../engine/snapshot.js';
import type { BlockHeader } from '../runtime/chain.js';
import { encodeBody } from './body.js';
import { makeHeader, sha256 } from './header.js';
import { encodeReceipts } from './receipts.js';
import type { BlockRecord } from './record.js';
import { encodeWrites } from './writes.js';

/** A block in its canonical form. */
export interface SealedBlock {
  readonly header: BlockHeader;
  readonly body: Uint8Array;
  readonly receipts: Uint8Array;
  /** What it changed, see writes.ts. */
  readonly writes: Uint8Array;
}

/** Makes the canonical form of blocks: of one chain, in order. */
export class Sealer {
  readonly #addresses: Uint8Array[] = [];

  /** @param parentHash of the block before, or `NO_PARENT`. */
  seal(record: BlockRecord, parentHash: string): SealedBlock {
    for (const [index, address] of record.addresses) this.#addresses[index] = address;
    const addressOf = (index: number): Uint8Array => this.#addresses[index] as Uint8Array;
    const { layout } = record;
    const body = encodeBody(record);
    const transactions = new DataView(record.transactions);
    const receipts = encodeReceipts(transactions, new LogSnapshot(record.reports), layout, addressOf);
    const writes = encodeWrites(new LogSnapshot(record.writes), layout, addressOf);
    const header = makeHeader({
      ...record.context,
      parentHash,
      callsHash: sha256(body),
      receiptsHash: sha256(receipts),
      writesHash: sha256(writes),
    });
    return { header, body, receipts, writes };
  }
}
