import type { BlockHeader } from '../../runtime/chain.js';
import { StoreError } from '../../runtime/errors.js';
import { decodeHeader } from '../header.js';
import { blockKey, get, type Tables, text } from './tables.js';

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
