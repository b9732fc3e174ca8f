import { link, mkdtemp, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { Option } from 'commander';
import type { RuntimeOptions, Store } from '../index.js';
import { makeDirectory, removeMade } from '../store/made-directory.js';
import { Chain } from './chain.js';
import { FileError } from './json-field.js';
import { clearProgress, showProgress } from './progress.js';

/** Without this file, in which LMDB keeps all data, there is no chain in a directory. */
const DATA_FILE = 'data.mdb';

/** `--state`, of the commands on a chain that is kept. */
export function stateOption(): Option {
  return new Option('--state <dir>', 'the directory that the chain is kept in').makeOptionMandatory();
}

/** The store in `directory`, which has to be there: who only reads makes none. @throws FileError */
export async function existingStore(directory: string): Promise<Store> {
  const store = await storeAt(directory);
  if ((await namesIn(directory)).includes(DATA_FILE)) return store;
  throw noChain(directory);
}

/** Go on with the chain in `directory`. @throws FileError where there is none. */
export async function openChain(directory: string, options: RuntimeOptions): Promise<Chain> {
  const store = await existingStore(directory);
  // It is read whole, to be compared with its checksum.
  showProgress(`opening ${directory}`);
  const chain = await Chain.resume(store, options);
  clearProgress();
  if (chain.head !== undefined) return chain;
  await chain[Symbol.asyncDispose]();
  throw noChain(directory);
}

export function noChain(directory: string): FileError {
  return new FileError(`error: there is no chain in ${directory}: blockstm deploy or restore makes one`);
}

/** @throws FileError where a new chain is to begin and there is one. */
export function refuseChain(directory: string, chain: { readonly height: bigint }, doing: string): void {
  if (chain.height === 0n) return;
  throw new FileError(
    `error: ${directory} has a chain already, of height ${chain.height}: ${doing} needs a new directory`,
  );
}

/**
 * Do something with the store in `directory`; with a new one where there is none. A new one is made beside, and put in its place when all is done and the store is closed:
 * whoever is interrupted leaves no half of a chain.
 * @throws FileError where the directory cannot be made; what `action` throws, and then a new store is gone.
 */
export async function inStore<Result>(directory: string, action: (store: Store) => Promise<Result>): Promise<Result> {
  const store = await storeAt(directory);
  if ((await namesIn(directory)).includes(DATA_FILE)) return action(store);
  const made = newDirectory(directory);
  const nursery = join(directory, `new-${process.pid}`);
  try {
    // Of a process that had this number before, and was killed.
    await rm(nursery, { recursive: true, force: true });
    const result = await action(await storeAt(nursery));
    await moveIn(nursery, directory);
    return result;
  } catch (cause) {
    await rm(nursery, { recursive: true, force: true });
    removeMade(made);
    throw cause;
  }
}

/** @throws FileError for a file that would replace one of the chain's own. */
export function refuseInside(directory: string, file: string): void {
  const path = relative(resolve(directory), resolve(file));
  if (path.startsWith('..') || resolve(path) === path) return;
  throw new FileError(`error: ${file} is in ${directory}, which is the chain's own: choose another place`);
}

/** A store that is gone afterwards: for a state that may be larger than memory. */
export async function withScratchStore<Result>(action: (store: Store) => Promise<Result>): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'blockstm-'));
  try {
    return await action(await storeAt(directory));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function storeAt(directory: string): Promise<Store> {
  try {
    const { lmdbStore } = await import('blockstm/store/lmdb');
    return lmdbStore(directory);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes("'lmdb'")) throw cause;
    throw new FileError('error: --state needs the package lmdb, which is not installed: npm install lmdb');
  }
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new FileError(`error: cannot read ${directory}: ${message}`);
  }
}

/** @returns what was made. @throws FileError */
function newDirectory(directory: string): readonly string[] {
  try {
    return makeDirectory(directory);
  } catch (cause) {
    throw new FileError(`error: cannot make ${directory}: ${(cause as Error).message}`);
  }
}

/** The data go by a link, which replaces nothing: another process may have made a chain meanwhile. */
async function moveIn(nursery: string, directory: string): Promise<void> {
  try {
    await link(join(nursery, DATA_FILE), join(directory, DATA_FILE));
  } catch (cause) {
    throw new FileError(`error: cannot put a chain into ${directory}: ${(cause as Error).message}`);
  }
  await rm(join(nursery, DATA_FILE));
  for (const name of await readdir(nursery)) await rename(join(nursery, name), join(directory, name));
  await rmdir(nursery);
}
