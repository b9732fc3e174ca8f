import { accessSync, constants, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Remote } from 'comlink/dist/esm/comlink.mjs';
import type { BlockHeader } from '../../runtime/chain.js';
import { MisuseError, StoreError } from '../../runtime/errors.js';
import { makeDirectory } from '../made-directory.js';
import type { BlockRecord } from '../record.js';
import type {
  StateEntry,
  Store,
  StoredBlock,
  StoredChain,
  StoreHeights,
  StoreReaderSource,
  StoreStatistics,
  StoreView,
} from '../store.js';
import { CleanMark } from './clean-mark.js';
import { readContracts } from './contract-ids.js';
import { dataInode } from './data-inode.js';
import { DirectoryLock } from './directory-lock.js';
import { refuseFull, writeError } from './disk-room.js';
import { storeError } from './failure.js';
import { checkFile } from './file-check.js';
import { keptBlocks, readHead, readHeader } from './headers.js';
import { reserveLockFile } from './lock-file.js';
import type { ReaderData } from './reader.js';
import { openShortFile } from './short-file.js';
import { isBehind } from './state-log.js';
import { blockKey, type Environment, FORMAT_VERSION, get, openTables, put, type Tables, text } from './tables.js';
import { LmdbView } from './view.js';
import type { Answer, LmdbWriter } from './writer.js';
import { WriterThread } from './writer-thread.js';

/** Transactions after which a directory has its format: one for each table, and that for the format. */
const FIRST_TRANSACTIONS = 6n;
/** Entries of a snapshot written in one transaction, and bytes of their values, about. */
const RESTORED_AT_ONCE = 20_000;
const RESTORED_BYTES = 16 << 20;
/** Heights are 64-bit numbers. */
const HEIGHT_END = 2n ** 64n;

/** What an open store holds. */
interface Opened {
  readonly lock: DirectoryLock;
  readonly mark: CleanMark;
  readonly tables: Tables;
  readonly writer: WriterThread;
  /** Of the data. */
  readonly inode: number | undefined;
}

/** A chain in a directory, by LMDB. Reads here; a thread of its own writes. */
export class LmdbStore implements Store {
  readonly #directory: string;
  readonly #verify: boolean;
  readonly #mapSize: number;
  #opened: Opened | undefined;
  /** Those that are to be closed before the data are: LMDB does not look whether what it reads is still there. */
  readonly #views = new Set<LmdbView>();

  /** `mapSize`: what the data can grow to, in bytes. */
  constructor(directory: string, verify: boolean, mapSize: number) {
    this.#directory = directory;
    this.#verify = verify;
    this.#mapSize = mapSize;
  }

  get reader(): StoreReaderSource {
    const data: ReaderData = { ...this.#environment, inode: this.#opened?.inode };
    return { module: new URL('./reader.js', import.meta.url).href, data };
  }

  get #environment(): Environment {
    return { path: this.#directory, mapSize: this.#mapSize };
  }

  async open(): Promise<StoredChain> {
    if (this.#opened !== undefined)
      throw new MisuseError('ERR_ARGUMENT', `${this.#directory}: the store is open already`);
    try {
      makeDirectory(this.#directory);
      realpathSync(this.#directory);
      // The first write takes the mark away. Whoever must not do that hears of it now, and not from his first block.
      accessSync(this.#directory, constants.W_OK);
    } catch (error) {
      throw storeError(error, `cannot open ${this.#directory}`);
    }
    const lock = await DirectoryLock.take(this.#directory);
    let writer: WriterThread | undefined;
    let tables: Tables | undefined;
    try {
      const mark = new CleanMark(this.#directory);
      // First of all: what a damaged file says of itself, such as its version, means nothing.
      if (this.#verify) await mark.verify();
      const { transactions, short } = await checkFile(join(this.#directory, 'data.mdb'));
      reserveLockFile(this.#directory);
      refuseFull(this.#directory);
      const open = () => openTables(this.#environment);
      // A mark beside a new directory is that of data that are gone, or of another process that makes it, too.
      const isChanged = short !== undefined || transactions < FIRST_TRANSACTIONS;
      if (isChanged) mark.remove();
      tables = short === undefined ? open() : await openShortFile(short, open);
      this.#checkFormat(tables, mark, transactions);
      const chain = this.#chain(tables);
      if (isChanged) tables.root.transactionSync(() => mark.leave());
      const inode = dataInode(this.#directory);
      const restoring = isRestoring(tables);
      writer = new WriterThread({ environment: this.#environment, inode, head: chain.head, isRestoring: restoring });
      this.#opened = { lock, mark, tables, writer, inode };
      if (restoring || isBehind(tables)) await this.#settleLeft(tables, chain.head);
      return chain;
    } catch (error) {
      this.#opened = undefined;
      await writer?.terminate();
      await tables?.root.close();
      await lock.release();
      throw writeError(error, 'cannot open', this.#directory);
    }
  }

  /** A directory without a format is new, unless it has had all of its first transactions: then its root does not lead to what it has. */
  #checkFormat(tables: Tables, mark: CleanMark, transactions: bigint): void {
    const format = get(tables, tables.meta, text('format')) ?? this.#putFormat(tables, mark, transactions);
    const version = Buffer.from(format).readUInt32LE();
    if (version === FORMAT_VERSION) return;
    throw new StoreError(
      'ERR_STORE_VERSION',
      `${this.#directory} is of format ${version}: this release reads format ${FORMAT_VERSION}`,
    );
  }

  /** Looks again, within the transaction: another process may make the directory as well, and be ahead. */
  #putFormat(tables: Tables, mark: CleanMark, transactions: bigint): Uint8Array {
    if (transactions >= FIRST_TRANSACTIONS) {
      throw new StoreError('ERR_STORE_CORRUPT', `${this.#directory} is damaged: its tables are not found`);
    }
    return tables.root.transactionSync(() => {
      const format = get(tables, tables.meta, text('format'));
      if (format !== undefined) return format;
      const version = Buffer.alloc(4);
      version.writeUInt32LE(FORMAT_VERSION);
      mark.remove();
      put(tables.meta, text('format'), version);
      return version;
    });
  }

  /** What a process that was killed has left is done before anybody reads. `head`: what it was found to be. */
  async #settleLeft(tables: Tables, head: BlockHeader | undefined): Promise<void> {
    try {
      await this.#ask((remote) => remote.settle() as Promise<Answer<void>>);
    } catch (error) {
      if ((error as StoreError).code !== 'ERR_STORE_LOCKED') throw error;
      tables.root.resetReadTxn();
      // Another process, in another container, has gone on.
      if ((readHead(tables)?.height ?? -1n) > (head?.height ?? -1n)) throw error;
      // Between two readings, a moment apart, nobody has written a block: the file leads the second one elsewhere.
      const message = `${this.#directory} is damaged: its head differs from one reading to the next`;
      throw new StoreError('ERR_STORE_CORRUPT', message, { cause: error });
    }
  }

  #chain(tables: Tables): StoredChain {
    // What was read in of a snapshot that was not finished is none of the chain's: the next restore takes it away.
    if (isRestoring(tables)) return { head: undefined, contracts: [] };
    const chain = { head: readHead(tables), contracts: readContracts(tables) };
    if (chain.head === undefined && (chain.contracts.length > 0 || entryCount(tables.blocks) > 0)) {
      throw new StoreError('ERR_STORE_CORRUPT', `${this.#directory} is damaged: it has a chain, and no head of it`);
    }
    return chain;
  }

  get #open(): Opened {
    if (this.#opened === undefined) throw new MisuseError('ERR_CLOSED', `${this.#directory}: the store is not open`);
    return this.#opened;
  }

  async #ask<Result>(question: (writer: Remote<LmdbWriter>) => Promise<Answer<Result>>): Promise<Result> {
    return this.#open.writer.ask(question);
  }

  async commit(records: readonly BlockRecord[]): Promise<readonly BlockHeader[]> {
    return this.#ask((writer) => writer.commit(records) as Promise<Answer<BlockHeader[]>>);
  }

  /** Where nothing has been written, all is shown. */
  async settle(): Promise<void> {
    if (this.#open.writer.isStarted) await this.#ask((writer) => writer.settle() as Promise<Answer<void>>);
  }

  async block(height: bigint): Promise<StoredBlock | undefined> {
    const { tables } = this.#open;
    if (height < 0n || height >= HEIGHT_END) return undefined;
    tables.root.resetReadTxn();
    const header = readHeader(tables, height);
    const [body, receipts] = (['b', 'r'] as const).map((part) => get(tables, tables.blocks, blockKey(height, part)));
    // The block that a snapshot was made at has a header only.
    if (header === undefined || body === undefined || receipts === undefined) return undefined;
    return { header, body, receipts };
  }

  async heights(): Promise<StoreHeights | undefined> {
    const { root, blocks } = this.#open.tables;
    root.resetReadTxn();
    return keptBlocks(blocks);
  }

  async code(hash: string): Promise<Uint8Array> {
    const { tables } = this.#open;
    tables.root.resetReadTxn();
    const wasm = get(tables, tables.codes, Buffer.from(hash, 'hex'));
    if (wasm !== undefined) return wasm;
    throw new StoreError('ERR_STORE_CORRUPT', `${this.#directory}: the code ${hash} is missing`);
  }

  async view(): Promise<StoreView> {
    await this.settle();
    const { tables } = this.#open;
    tables.root.resetReadTxn();
    const view = new LmdbView(tables, this.#chain(tables), () => this.#views.delete(view));
    this.#views.add(view);
    return view;
  }

  async prune(height: bigint): Promise<number> {
    const below = height < 0n ? 0n : height;
    return this.#ask((writer) => writer.prune(below) as Promise<Answer<number>>);
  }

  async restore(
    { head, contracts }: StoredChain,
    codes: ReadonlyMap<string, Uint8Array>,
    state: AsyncIterable<StateEntry>,
  ): Promise<void> {
    const { tables } = this.#open;
    tables.root.resetReadTxn();
    if (this.#chain(tables).head !== undefined) {
      throw new MisuseError('ERR_ARGUMENT', `${this.#directory} has a chain already`);
    }
    try {
      await this.#ask((writer) => writer.beginRestore(contracts, codes) as Promise<Answer<void>>);
      await this.#restoreState(state);
      await this.#ask((writer) => writer.endRestore(head) as Promise<Answer<void>>);
    } catch (error) {
      // Where this fails too, whatever is done next with the store does it first.
      await this.#ask((writer) => writer.abandonRestore() as Promise<Answer<void>>).catch(() => {});
      throw error;
    }
  }

  async #restoreState(state: AsyncIterable<StateEntry>): Promise<void> {
    let entries: StateEntry[] = [];
    let bytes = 0;
    const write = () => this.#ask((writer) => writer.restoreState(entries) as Promise<Answer<void>>);
    for await (const entry of state) {
      entries.push(entry);
      bytes += entry.value.length;
      if (entries.length < RESTORED_AT_ONCE && bytes < RESTORED_BYTES) continue;
      await write();
      entries = [];
      bytes = 0;
    }
    await write();
  }

  async statistics(): Promise<StoreStatistics> {
    await this.settle();
    const { root, state, contracts } = this.#open.tables;
    root.resetReadTxn();
    return {
      entries: entryCount(state),
      contracts: entryCount(contracts),
      bytes: this.#open.mark.dataBytes(),
    };
  }

  async close(): Promise<void> {
    if (this.#opened === undefined) return;
    const { lock, tables, writer } = this.#opened;
    this.#opened = undefined;
    for (const view of this.#views) view.close();
    try {
      await writer.close();
      await tables.root.close();
    } finally {
      await lock.release();
    }
  }
}

/** Whether a snapshot was begun to be read in, and not finished. */
function isRestoring(tables: Tables): boolean {
  return get(tables, tables.meta, text('restoring')) !== undefined;
}

function entryCount(table: Tables['state']): number {
  return (table.getStats() as { entryCount: number }).entryCount;
}
