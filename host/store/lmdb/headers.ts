import type { BlockHeader } from '../../runtime/chain.js';
import { StoreError } from '../../runtime/errors.js';
import { decodeHeader } from '../header.js';
import type { StoreHeights } from '../store.js';
import { blockKey, get, type Tables, text } from './tables.js';

/** The first part of a block that is kept, see `blockKey`. */
const PART_BODY = 'b'.charCodeAt(0);

/** Of a block; undefined where it is not kept. @throws StoreError */
export function readHeader(tables: Tables, height: bigint): BlockHeader | undefined {
  const bytes = get(tables, tables.blocks, blockKey(height, 'h'));
  if (bytes === undefined) return undefined;
  try {
    return decodeHeader(bytes);
  } catch (cause) {
    const { code, message } = cause as StoreError;
    throw new StoreError(code, `${tables.path}: block ${height}: ${message}`, { cause });
  }
}

/** Of the last block; undefined before the first. @throws StoreError */
export function readHead(tables: Tables): BlockHeader | undefined {
  const height = get(tables, tables.meta, text('head'));
  if (height === undefined) return undefined;
  const header = readHeader(tables, Buffer.from(height).readBigUInt64LE());
  if (header !== undefined) return header;
  throw new StoreError('ERR_STORE_CORRUPT', `${tables.path} is damaged: the header of the last block is missing`);
}

/** Those that have all their parts, of which "b" comes first: a chain that began with a snapshot has the header only of the block before. */
export function keptBlocks(blocks: Tables['blocks']): StoreHeights | undefined {
  const [first] = [...blocks.getKeys({ limit: 2 })]
    .map((key) => Buffer.from(key))
    .filter((key) => key[8] === PART_BODY);
  const [last] = blocks.getKeys({ limit: 1, reverse: true });
  if (first === undefined || last === undefined) return undefined;
  return { first: first.readBigUInt64BE(), last: Buffer.from(last).readBigUInt64BE() };
}
