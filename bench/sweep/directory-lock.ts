import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { replaceFile } from './durable-file.js';
import { fileError, SweepError } from './errors.js';
import { mayBeAlive, type ProcessIdentity, thisProcess } from './process-identity.js';

const CLAIM = '.lock.';

/**
 * One process at a time has a directory. Whoever wants it writes a claim, a file of its own that says which process it is, and then looks for claims of others: with one of a process that may be there it takes its own back.
 * Of two that come at once, the one that looks later finds the other's claim, so they never both have the directory; both may be refused.
 *
 * No name is used again, so that a claim that was found to be left behind is nobody else's by the time it is removed.
 */
export class DirectoryLock implements Disposable {
  readonly #claim: string;

  private constructor(claim: string) {
    this.#claim = claim;
  }

  /** @throws SweepError `ERR_SWEEP_BUSY` */
  static take(directory: string): DirectoryLock {
    const name = `${CLAIM}${randomUUID()}`;
    const lock = new DirectoryLock(join(directory, name));
    replaceFile(lock.#claim, `${JSON.stringify(thisProcess())}\n`);
    try {
      for (const other of readdirSync(directory)) {
        if (other.startsWith(CLAIM) && other !== name) refuseHolder(join(directory, other), directory);
      }
    } catch (error) {
      lock[Symbol.dispose]();
      throw fileError(error, `cannot read ${directory}`);
    }
    return lock;
  }

  [Symbol.dispose](): void {
    rmSync(this.#claim, { force: true });
  }
}

/** A claim that was left behind is removed. @throws SweepError where its process may be there. */
function refuseHolder(claim: string, directory: string): void {
  const holder = readClaim(claim);
  if (holder === undefined) return;
  if (!mayBeAlive(holder)) {
    rmSync(claim, { force: true });
    return;
  }
  const { pid, host } = holder;
  const where = host === hostname() ? '' : ` of ${host}`;
  const what = pid === process.pid && where === '' ? 'this process' : `process ${pid}${where}`;
  throw new SweepError(
    'ERR_SWEEP_BUSY',
    `${what} is at the sweep in ${directory} already: wait for it to end. If there is no such process any more, remove ${claim}`,
  );
}

/** Undefined where it was taken back meanwhile. */
function readClaim(path: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileError(error, `cannot read ${path}`);
  }
}
