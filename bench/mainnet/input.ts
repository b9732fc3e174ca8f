import { readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { packagePath } from '../package.js';
import { type MainnetTransaction, parseTransactions } from './transaction.js';

const DATA_DIRECTORY = packagePath('bench', 'data', 'mainnet');

/**
 * The transactions of a `.jsonl` or `.jsonl.gz` file.
 * @throws MainnetLineError naming file, line and field; Error where the file cannot be read.
 */
export function readTransactions(file: string): MainnetTransaction[] {
  const bytes = readFileSync(file);
  const text = extname(file) === '.gz' ? gunzipSync(bytes) : bytes;
  return parseTransactions(file, text.toString('utf8'));
}

/** The numbers of the blocks that come with the package, ascending. */
export function bundledBlocks(): readonly number[] {
  return readdirSync(DATA_DIRECTORY)
    .map((name) => Number(basename(name, '.jsonl.gz')))
    .sort((left, right) => left - right);
}

/** The transactions of bundled blocks, one block after another. */
export function readBundledBlocks(numbers: readonly number[]): MainnetTransaction[] {
  return numbers.flatMap((number) => readTransactions(join(DATA_DIRECTORY, `${number}.jsonl.gz`)));
}
