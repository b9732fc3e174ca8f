import { LogSnapshot } from '../engine/snapshot.js';
import { WordWriter } from '../engine/word-writer.js';
import type { BlockHeader } from '../runtime/chain.js';
import { StoreError } from '../runtime/errors.js';
import { encodeBody } from './body.js';
import { makeHeader, NO_PARENT, sha256 } from './header.js';
import { encodeReceipts } from './receipts.js';
import type { BlockRecord } from './record.js';
import { type EncodedWrites, encodeWrites } from './writes.js';

/** A block in its canonical form. After body, receipts and writes there is room for another word. */
export interface SealedBlock {
  readonly header: BlockHeader;
  readonly body: Uint8Array;
  readonly receipts: Uint8Array;
  /** What it changed, see writes.ts. */
  readonly writes: EncodedWrites;
}

/** Makes the canonical form of blocks: of one chain, in order. */
export class Sealer {
  /** As words, by the index of the contract. */
  readonly #addresses: Uint32Array[] = [];
  /** Fresh memory for a block's megabytes takes the system longer than filling it. */
  readonly #writers: WordWriter[] = [];
  #taken = 0;

  /**
   * @param head the block before the first of them; undefined where there is none, and the first may have any height.
   * @throws StoreError `ERR_STORE` where one does not come next.
   */
  sealAll(records: readonly BlockRecord[], head: BlockHeader | undefined): SealedBlock[] {
    const sealed: SealedBlock[] = [];
    let last = head;
    for (const record of records) {
      const { height } = record.context;
      if (last !== undefined && height !== last.height + 1n) {
        throw new StoreError('ERR_STORE', `a block of height ${height} cannot come after one of height ${last.height}`);
      }
      const block = this.seal(record, last?.hash ?? NO_PARENT);
      sealed.push(block);
      last = block.header;
    }
    return sealed;
  }

  /** @param parentHash of the block before, or `NO_PARENT`. */
  seal(record: BlockRecord, parentHash: string): SealedBlock {
    for (const [index, address] of record.addresses) this.#addresses[index] = new Uint32Array(address.slice().buffer);
    const addressOf = (index: number): Uint32Array => this.#addresses[index] as Uint32Array;
    const { layout } = record;
    const body = encodeBody(record, this.#take());
    const receipts = encodeReceipts(
      record.transactions,
      new LogSnapshot(record.reports),
      layout,
      addressOf,
      this.#take(),
    );
    const writes = encodeWrites(new LogSnapshot(record.writes), layout, addressOf, this.#take());
    const header = makeHeader({
      ...record.context,
      parentHash,
      callsHash: sha256(body),
      receiptsHash: sha256(receipts),
      writesHash: sha256(writes.bytes),
    });
    return { header, body, receipts, writes };
  }

  /** What was sealed is not needed any more: its memory is used again. */
  reuse(): void {
    this.#taken = 0;
  }

  #take(): WordWriter {
    this.#writers[this.#taken] ??= new WordWriter();
    const writer = this.#writers[this.#taken++] as WordWriter;
    writer.clear();
    return writer;
  }
}
