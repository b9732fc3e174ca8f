import type { Transaction } from '../index.js';
import type { AddressBook } from './address-book.js';
import type { CallReader } from './call-reader.js';
import { readText } from './genesis.js';
import { allErrors, FileError, JsonField } from './json-field.js';

/** The calls of a block file, one a line; empty lines are passed over. */
export interface BlockFile {
  readonly transactions: readonly Transaction[];
  /** The line of each call, from 1. */
  readonly lines: readonly number[];
  /** It knows the names in them. */
  readonly addresses: AddressBook;
}

/** @throws FileError that shows every bad line, the first ten of them in full. */
export async function readBlockFile(file: string, reader: CallReader): Promise<BlockFile> {
  const transactions: Transaction[] = [];
  const lines: number[] = [];
  const errors: FileError[] = [];
  for (const [index, text] of (await readText(file)).split('\n').entries()) {
    if (text.trim() === '') continue;
    try {
      transactions.push(reader.read(JsonField.parse({ file, firstLine: index + 1, text })));
      lines.push(index + 1);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      errors.push(error);
    }
  }
  if (errors.length > 0) throw allErrors(errors);
  return { transactions, lines, addresses: reader.addresses };
}
