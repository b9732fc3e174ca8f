// Writes what snapshot-format.ts describes.

import { randomBytes } from 'node:crypto';
import { type FileHandle, lstat, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { BlockHeader } from '../runtime/chain.js';
import { MisuseError } from '../runtime/errors.js';
import { checksum } from './checksum.js';
import { encodeHeader } from './header.js';
import {
  CODE,
  CONTRACTS,
  END,
  ENTRY_HEAD_BYTES,
  fileError,
  HEAD_BYTES,
  HEADER,
  MAGIC,
  SECTION_HEAD_BYTES,
  STATE,
  VERSION,
} from './snapshot-format.js';
import type { StateEntry, Store, StoredChain } from './store.js';

/** Bytes of state in a section, about. */
const STATE_SECTION = 1 << 20;

/** Write what `store` holds to `file`, which is there when all of it is. @throws StoreError, MisuseError where it cannot be written. */
export async function writeSnapshot(store: Store, file: string): Promise<BlockHeader | undefined> {
  await refuseSpecial(file);
  const view = await store.view();
  // Nobody else's, nor what somebody has put there to have it written through.
  const partial = `${file}.${process.pid}-${randomBytes(8).toString('hex')}.partial`;
  try {
    const handle = await open(partial, 'wx');
    try {
      await writeChain(handle, store, view.chain, view.state());
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, file);
    await syncDirectory(dirname(file));
    return view.chain.head;
  } catch (cause) {
    await rm(partial, { force: true });
    throw fileError(file, 'write', cause);
  } finally {
    view.close();
  }
}

/** What is there may be a snapshot, and nothing that is no file: it would be gone. @throws MisuseError `ERR_ARGUMENT` */
async function refuseSpecial(file: string): Promise<void> {
  const found = await lstat(file).catch(() => undefined);
  if (found === undefined || found.isFile()) return;
  throw new MisuseError('ERR_ARGUMENT', `cannot write ${file}: it is there, and is no regular file`);
}

/** Have the new name on disk too. */
async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using handle = await open(directory, 'r');
  await handle.sync();
}

async function writeChain(
  handle: FileHandle,
  store: Store,
  { head, contracts }: StoredChain,
  state: AsyncIterable<StateEntry>,
): Promise<void> {
  const start = Buffer.alloc(HEAD_BYTES);
  MAGIC.copy(start);
  start.writeUInt32LE(VERSION, MAGIC.length);
  await writeAll(handle, start);
  await writeSection(handle, HEADER, head === undefined ? Buffer.alloc(0) : encodeHeader(head));
  const table = contracts.map(({ address, codeHash }) => Buffer.concat([address, Buffer.from(codeHash, 'hex')]));
  await writeSection(handle, CONTRACTS, Buffer.concat(table));
  for (const hash of new Set(contracts.map(({ codeHash }) => codeHash))) {
    await writeSection(handle, CODE, await store.code(hash));
  }
  const indexes = new Map(contracts.map(({ address }, index) => [Buffer.from(address).toString('hex'), index]));
  let parts: Uint8Array[] = [];
  let size = 0;
  let values = 0n;
  for await (const { contract, key, value } of state) {
    const entry = Buffer.alloc(ENTRY_HEAD_BYTES);
    entry.writeUInt32LE(indexes.get(Buffer.from(contract).toString('hex')) as number, 0);
    entry.writeUInt32LE(key.length, 4);
    entry.writeUInt32LE(value.length, 8);
    parts.push(entry, key, value);
    size += ENTRY_HEAD_BYTES + key.length + value.length;
    values++;
    if (size < STATE_SECTION) continue;
    await writeSection(handle, STATE, Buffer.concat(parts));
    parts = [];
    size = 0;
  }
  await writeSection(handle, STATE, Buffer.concat(parts));
  const count = Buffer.alloc(8);
  count.writeBigUInt64LE(values);
  await writeSection(handle, END, count);
}

async function writeSection(handle: FileHandle, kind: number, bytes: Uint8Array): Promise<void> {
  const head = Buffer.alloc(SECTION_HEAD_BYTES);
  head.writeUInt32LE(kind, 0);
  head.writeUInt32LE(bytes.length, 4);
  head.writeUInt32LE(checksum(head.subarray(0, 8), bytes), 8);
  await writeAll(handle, head);
  await writeAll(handle, bytes);
}

/** A disk that is almost full takes a part, and says so by no error. */
async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at)).bytesWritten;
}
