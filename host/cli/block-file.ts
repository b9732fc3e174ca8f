import type { Transaction } from '../index.js';
import type { CallReader } from './call-reader.js';
import { readText } from './genesis.js';
import { FileError, JsonField } from './json-field.js';

/** Further bad lines are only counted. */
const ERRORS_SHOWN_MAX = 10;

/** The calls of a block file, one a line; empty lines are passed over. */
export interface BlockFile {
  readonly transactions: readonly Transaction[];
  /** The line of each call, from 1. */
  readonly lines: readonly number[];
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
  return { transactions, lines };
}

function allErrors(errors: readonly FileError[]): FileError {
  const shown = errors.slice(0, ERRORS_SHOWN_MAX).map(({ message }) => message);
  const rest = errors.length - shown.length;
  if (rest > 0) shown.push(`${rest} more bad line${rest === 1 ? '' : 's'}`);
  return new FileError(
    shown.join('\n'),
    errors.flatMap(({ problems }) => problems),
  );
}
