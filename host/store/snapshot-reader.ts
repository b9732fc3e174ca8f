// Reads what snapshot-format.ts describes.

import { type FileHandle, open } from 'node:fs/promises';
import { MAX_KEY_LENGTH, MAX_VALUE_LENGTH } from '../engine/storage-limits.js';
import { StoreError } from '../runtime/errors.js';
import { codeHash } from '../wasm/code-hash.js';
import { checksum } from './checksum.js';
import { decodeHeader } from './header.js';
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
import type { StateEntry, Store, StoredChain, StoredContract } from './store.js';

/** No section is longer. */
const SECTION_MAX = 1 << 28;
const CONTRACT_BYTES = 64;
const END_BYTES = 8;

/**
 * Have `store`, which has no block yet, become the chain in `file`. `checkCode` rejects what cannot be deployed: a chain with such code could not be opened again.
 * @throws StoreError, and then it has nothing of it.
 */
export async function readSnapshot(
  file: string,
  store: Store,
  checkCode: (wasm: Uint8Array) => Promise<unknown>,
): Promise<StoredChain> {
  const handle = await openToRead(file);
  try {
    const reader = new SnapshotReader(file, handle);
    const { chain, codes } = await reader.readChain();
    await reader.checkCodes(codes, checkCode);
    await store.restore(chain, codes, reader.state(chain.contracts));
    return chain;
  } finally {
    await handle.close();
  }
}

interface Section {
  readonly kind: number;
  readonly bytes: Buffer;
}

class SnapshotReader {
  readonly #file: string;
  readonly #handle: FileHandle;
  /** The first section of the state, which ends the code. */
  #next: Section | undefined;

  constructor(file: string, handle: FileHandle) {
    this.#file = file;
    this.#handle = handle;
  }

  async readChain(): Promise<{ readonly chain: StoredChain; readonly codes: ReadonlyMap<string, Uint8Array> }> {
    const start = await this.#take(HEAD_BYTES);
    if (!start.subarray(0, MAGIC.length).equals(MAGIC)) throw this.#corrupt('it is no snapshot');
    const version = start.readUInt32LE(MAGIC.length);
    if (version > VERSION) {
      const message = `${this.#file} is of version ${version}: this release reads versions up to ${VERSION}`;
      throw new StoreError('ERR_STORE_VERSION', message);
    }
    const header = await this.#section(HEADER);
    const table = await this.#section(CONTRACTS);
    if (table.length % CONTRACT_BYTES !== 0) throw this.#corrupt('a contract is cut off');
    const contracts = Array.from({ length: table.length / CONTRACT_BYTES }, (_, index) => ({
      address: new Uint8Array(table.subarray(index * CONTRACT_BYTES, index * CONTRACT_BYTES + 32)),
      codeHash: table.toString('hex', index * CONTRACT_BYTES + 32, (index + 1) * CONTRACT_BYTES),
    }));
    const addresses = new Set(contracts.map(({ address }) => Buffer.from(address).toString('hex')));
    if (addresses.size < contracts.length) throw this.#corrupt('a contract is there twice');
    const codes = new Map<string, Uint8Array>();
    let section = await this.#read();
    for (; section.kind === CODE; section = await this.#read()) codes.set(codeHash(section.bytes), section.bytes);
    this.#next = section;
    this.#refuseMissing(new Set(contracts.map(({ codeHash }) => codeHash)), codes);
    return { chain: { head: header.length === 0 ? undefined : decodeHeader(header), contracts }, codes };
  }

  /** @throws StoreError */
  #refuseMissing(hashes: ReadonlySet<string>, codes: ReadonlyMap<string, Uint8Array>): void {
    const missing = [...hashes].find((hash) => !codes.has(hash));
    if (missing === undefined) return;
    if (codes.size < hashes.size) throw this.#corrupt(`the code ${missing} is missing`);
    // All of it is there, and undamaged, by other hashes.
    const message = `${this.#file} is of a chain under another gas schedule: this release cannot go on with it`;
    throw new StoreError('ERR_STORE_VERSION', message);
  }

  /** @throws StoreError */
  async checkCodes(
    codes: ReadonlyMap<string, Uint8Array>,
    check: (wasm: Uint8Array) => Promise<unknown>,
  ): Promise<void> {
    for (const [hash, wasm] of codes) {
      await check(wasm).catch((cause: unknown) => {
        throw this.#corrupt(`the code ${hash} cannot be deployed: ${(cause as Error).message}`, cause);
      });
    }
  }

  async *state(contracts: readonly StoredContract[]): AsyncGenerator<StateEntry, void, undefined> {
    let values = 0n;
    let last: StateEntry | undefined;
    let section = this.#next as Section;
    for (; section.kind === STATE; section = await this.#read()) {
      for (let at = 0; at < section.bytes.length; values++) {
        const entry = this.#entry(section.bytes, at, contracts);
        if (last !== undefined && compareEntries(last, entry) >= 0) throw this.#corrupt('its values do not ascend');
        last = entry;
        yield entry;
        at += ENTRY_HEAD_BYTES + entry.key.length + entry.value.length;
      }
    }
    if (section.kind !== END || section.bytes.length !== END_BYTES || section.bytes.readBigUInt64LE() !== values) {
      throw this.#corrupt('values are missing');
    }
  }

  /** @throws StoreError */
  #entry(bytes: Buffer, at: number, contracts: readonly StoredContract[]): StateEntry {
    const key = at + ENTRY_HEAD_BYTES;
    if (key > bytes.length) throw this.#corrupt('a value is cut off');
    const contract = contracts[bytes.readUInt32LE(at)];
    if (contract === undefined) throw this.#corrupt('a value is of no contract');
    const keyLength = bytes.readUInt32LE(at + 4);
    const valueLength = bytes.readUInt32LE(at + 8);
    if (keyLength === 0 || keyLength > MAX_KEY_LENGTH) throw this.#corrupt(`a key of ${keyLength} bytes`);
    if (valueLength > MAX_VALUE_LENGTH) throw this.#corrupt(`a value of ${valueLength} bytes`);
    const value = key + keyLength;
    if (value + valueLength > bytes.length) throw this.#corrupt('a value is cut off');
    return {
      contract: contract.address,
      key: new Uint8Array(bytes.subarray(key, value)),
      value: new Uint8Array(bytes.subarray(value, value + valueLength)),
    };
  }

  async #section(kind: number): Promise<Buffer> {
    const section = await this.#read();
    if (section.kind !== kind) throw this.#corrupt(`a section of kind ${kind} is missing`);
    return section.bytes;
  }

  async #read(): Promise<Section> {
    const head = await this.#take(SECTION_HEAD_BYTES);
    const length = head.readUInt32LE(4);
    if (length > SECTION_MAX) throw this.#corrupt('a section is too long to be one');
    const bytes = await this.#take(length);
    if (checksum(head.subarray(0, 8), bytes) !== head.readUInt32LE(8)) {
      throw this.#corrupt('the checksum of a section is wrong');
    }
    return { kind: head.readUInt32LE(0), bytes };
  }

  async #take(length: number): Promise<Buffer> {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await this.#handle.read(bytes, 0, length);
    if (bytesRead < length) throw this.#corrupt('it ends too early');
    return bytes;
  }

  #corrupt(how: string, cause?: unknown): StoreError {
    return new StoreError('ERR_STORE_CORRUPT', `${this.#file} is damaged: ${how}`, { cause });
  }
}

function compareEntries(a: StateEntry, b: StateEntry): number {
  return Buffer.compare(a.contract, b.contract) || Buffer.compare(a.key, b.key);
}

async function openToRead(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r');
  } catch (cause) {
    throw fileError(file, 'read', cause);
  }
}
