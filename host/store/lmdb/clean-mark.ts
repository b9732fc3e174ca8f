import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
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
 * The file `closed` beside the data: their length and CRC-32, while nobody has changed them since somebody closed them. So damage done to a file at rest is told before anything is read from it.
 *
 * The lock of the directory does not reach into other containers, so several processes may have the data open. Therefore the mark is taken away in the transaction that changes the data, by each, and left in one that
 * changes nothing: LMDB has one of them at a time, on the whole machine. Where the mark is, the data are as it says, whoever has them open. Who only reads does neither: its mark would be over what others are writing, and to have taken
 * away that of another would leave the data without. Where it finds blocks at opening that the state does not show yet, or half a snapshot, it does write (state-log.ts, writer.ts).
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
  #isGoneOnDisk = false;

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
    if (isSame(found, expected)) return;
    // Another process may have begun to write meanwhile: it has taken the mark away before.
    const now = this.#read();
    if (now === undefined || !isSame(now, expected)) return;
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

  /** For who has an event loop that must not be held up, as `open` has. */
  async #measure(): Promise<Mark> {
    await using file = await open(this.#data);
    const part = Buffer.allocUnsafe(PART_BYTES);
    let mark: Mark = { bytes: 0, crc32: 0 };
    for (;;) {
      const { bytesRead } = await file.read(part, 0, PART_BYTES, mark.bytes);
      if (bytesRead === 0) return mark;
      mark = withPart(mark, part.subarray(0, bytesRead));
    }
  }

  /**
   * Within a transaction, which can wait for nothing: on the thread that writes, and on the caller's where `open` has made the directory, or has mended a file that was too short (short-file.ts), which reads all of it there as well.
   * The data are on disk then: of a transaction that failed, too, there may be pages that nobody has waited for.
   */
  #measureSynced(): Mark {
    const file = openSync(this.#data, 'r+');
    try {
      fsyncSync(file);
      const part = Buffer.allocUnsafe(PART_BYTES);
      let mark: Mark = { bytes: 0, crc32: 0 };
      for (;;) {
        const bytesRead = readSync(file, part, 0, PART_BYTES, mark.bytes);
        if (bytesRead === 0) return mark;
        mark = withPart(mark, part.subarray(0, bytesRead));
      }
    } finally {
      closeSync(file);
    }
  }

  /**
   * The data are about to change: within the transaction, before anything is written. By each transaction anew, since another process may have left the mark again: where there is none, that costs microseconds. The first time
   * the directory is synced in any case: whoever took the mark away before may have failed, or been killed, before that was on disk.
   */
  remove(): void {
    if (unlinked(this.#path)) this.#isGoneOnDisk = false;
    if (this.#isGoneOnDisk) return;
    sync(this.#directory);
    this.#isGoneOnDisk = true;
  }

  /**
   * The data are as they shall be found: within a transaction that changes nothing. What keeps the mark from being left keeps nothing from being read. It is there whole or not at all: half a mark would
   * condemn good data.
   */
  leave(): void {
    const partial = `${this.#path}.partial`;
    try {
      writeFileSync(partial, JSON.stringify(this.#measureSynced()), { flush: true });
      renameSync(partial, this.#path);
    } catch {
      unlinked(partial);
    }
  }
}

function isSame(one: Mark, other: Mark): boolean {
  return one.bytes === other.bytes && one.crc32 === other.crc32;
}

function withPart(mark: Mark, part: Uint8Array): Mark {
  return { bytes: mark.bytes + part.length, crc32: crc32(part, mark.crc32) };
}

/** Whether there was a file. */
function unlinked(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** Have the directory's own entries on disk. */
function sync(directory: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
