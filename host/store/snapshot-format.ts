/**
 * A chain at one moment, in a file.
 *
 * ```text
 *   file      "BLOCKSTM" | version u32 = 1 | sections
 *   section   kind u32 | length u32 | CRC-32 of kind, length and bytes u32 | bytes                                             little-endian
 *   kinds     1 header      the last block's (header.ts); no bytes: there is none
 *             2 contracts   address, 32 bytes | code hash, 32 bytes, for each, in the order of deployment
 *             3 code        Wasm; one section for each code
 *             4 state       contract, u32: its place among the contracts | key length u32 | value length u32 | key | value, for each; ascending by address and key. Any
 *                           number of sections
 *             5 end         u64 values in all
 * ```
 *
 * A release reads all versions up to its own. Each section is checked before anything of it is used, and a file without its end is refused.
 */
import { BlockStmError, MisuseError, StoreError } from '../runtime/errors.js';

export const MAGIC = Buffer.from('BLOCKSTM');
export const VERSION = 1;
export const HEAD_BYTES = 12;
export const SECTION_HEAD_BYTES = 12;
export const HEADER = 1;
export const CONTRACTS = 2;
export const CODE = 3;
export const STATE = 4;
export const END = 5;
export const ENTRY_HEAD_BYTES = 12;

/** What the system says where there is no room. */
const FULL = ['ENOSPC', 'EFBIG', 'EDQUOT'];

/** Why a snapshot cannot be written or read. */
export function fileError(file: string, doing: string, cause: unknown): unknown {
  if (cause instanceof BlockStmError || !(cause instanceof Error)) return cause;
  const code = 'code' in cause ? String(cause.code) : '';
  if (FULL.includes(code))
    return new StoreError('ERR_STORE_FULL', `cannot ${doing} ${file}: ${cause.message}`, { cause });
  return new MisuseError('ERR_ARGUMENT', `cannot ${doing} ${file}: ${cause.message}`, { cause });
}
