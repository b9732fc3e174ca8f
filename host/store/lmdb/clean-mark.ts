import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { StoreError } from '../../runtime/errors.js';

const PART_BYTES = 4 << 20;

interface Mark {
  readonly bytes: number;
  readonly crc32: number;
}

/**
 * The file `closed` beside the data: its length and CRC-32, while nobody has it open. So damage done to a file at rest is told before anything is read from it.
 *
 * After a crash there is none: then LMDB's last transaction that was finished counts, which a crash alone cannot damage. Of damage by something else, on top of the crash, this is told: any to
 * LMDB's first two pages that could make it take another state for the last (file-check.ts), and any to a value or its key when it is read (tables.ts), so that no value, block or code is ever another.
 * What is not told is damage to LMDB's own pages between: they have no checksums. Then a value, a block or a part of the state may not be found, as if it were not there; or LMDB ends the
 * process.
 */
export class CleanMark {
  readonly #directory: string;
  readonly #data: string;
  readonly #path: string;

  constructor(directory: string) {
    this.#directory = directory;
    this.#data = join(directory, 'data.mdb');
    this.#path = join(directory, 'closed');
  }

  dataBytes(): number {
    return statSync(this.#data).size;
  }

  /** @throws StoreError `ERR_STORE_CORRUPT` where the data are not what they were. */
  async verify(): Promise<void> {
    const expected = this.#read();
    if (expected === undefined) return;
    const found = await this.#measure().catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ENOENT') throw cause;
      throw new StoreError('ERR_STORE_CORRUPT', `${this.#data} is missing`, { cause });
    });
    if (found.bytes === expected.bytes && found.crc32 === expected.crc32) return;
    throw new StoreError(
      'ERR_STORE_CORRUPT',
      `${this.#data} is damaged: ${found.bytes} bytes with checksum ${found.crc32}, and it was left with ${expected.bytes} and ${expected.crc32}`,
    );
  }

  #read(): Mark | undefined {
    try {
      const { bytes, crc32 } = JSON.parse(readFileSync(this.#path, 'utf8')) as Mark;
      return { bytes, crc32 };
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new StoreError('ERR_STORE_CORRUPT', `${this.#path} cannot be read`, { cause });
    }
  }

  async #measure(): Promise<Mark> {
    await using file = await open(this.#data);
    const part = Buffer.allocUnsafe(PART_BYTES);
    let bytes = 0;
    let sum = 0;
    for (;;) {
      const { bytesRead } = await file.read(part, 0, PART_BYTES, bytes);
      if (bytesRead === 0) return { bytes, crc32: sum };
      sum = crc32(part.subarray(0, bytesRead), sum);
      bytes += bytesRead;
    }
  }

  /** The data are about to change. */
  remove(): void {
    rmSync(this.#path, { force: true });
    sync(this.#directory);
  }

  /** The data will not change any more. What keeps the mark from being left keeps nothing from being read. It is there whole or not at all: half a mark would condemn good data. */
  async leave(): Promise<void> {
    const partial = `${this.#path}.partial`;
    try {
      writeFileSync(partial, JSON.stringify(await this.#measure()), { flush: true });
      renameSync(partial, this.#path);
    } catch {
      rmSync(partial, { force: true });
    }
  }
}

/** Have the directory's own entries on disk. */
function sync(directory: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(directory, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
