import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileError, SweepError } from './errors.js';

/** A file that says which process is at work in a directory. That of a process which is gone counts for nothing. */
export class DirectoryLock implements Disposable {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** @throws SweepError `ERR_SWEEP_BUSY` */
  static take(path: string): DirectoryLock {
    const holder = holderOf(path);
    if (holder !== undefined) {
      throw new SweepError('ERR_SWEEP_BUSY', `process ${holder} is at this sweep (${path})`);
    }
    try {
      rmSync(path, { force: true });
      writeFileSync(path, `${process.pid}\n`, { flag: 'wx' });
    } catch (error) {
      throw fileError(error, `cannot write ${path}`);
    }
    return new DirectoryLock(path);
  }

  [Symbol.dispose](): void {
    rmSync(this.#path, { force: true });
  }
}

/** The process that has it and is alive. */
function holderOf(path: string): number | undefined {
  let holder: number;
  try {
    holder = Number(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
  if (!Number.isSafeInteger(holder) || holder <= 0) return undefined;
  try {
    process.kill(holder, 0);
    return holder;
  } catch (error) {
    // It may be somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? holder : undefined;
  }
}
