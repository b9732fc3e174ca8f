import { vi } from 'vitest';
import { DirectoryLock } from '../../dist/host/store/lmdb/directory-lock.js';

/** Open a store as in another container, into which the lock of a directory does not reach. */
export async function withoutLock<Result>(action: () => Promise<Result>): Promise<Result> {
  const taking = vi.spyOn(DirectoryLock, 'take').mockResolvedValue({ release: async () => {} } as DirectoryLock);
  try {
    return await action();
  } finally {
    taking.mockRestore();
  }
}
