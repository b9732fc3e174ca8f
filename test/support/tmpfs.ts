import { execFileSync } from 'node:child_process';
import { withDirectory } from './directories.js';

/** Whether a file system can be mounted here: on Linux, as root, outside of most containers. */
export function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('sh', ['-c', 'd=$(mktemp -d) && mount -t tmpfs -o size=64k tmpfs "$d" && umount "$d" && rmdir "$d"'], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

/** A file system of so many KiB for `action`. */
export async function withSmallDisk<Result>(
  kib: number,
  action: (directory: string) => Promise<Result>,
): Promise<Result> {
  return withDirectory(async (directory) => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kib}k`, 'tmpfs', directory]);
    try {
      return await action(directory);
    } finally {
      execFileSync('umount', [directory]);
    }
  });
}

/** Likewise one for each size. */
export async function withSmallDisks<Result>(
  kib: readonly number[],
  action: (directories: readonly string[]) => Promise<Result>,
): Promise<Result> {
  const [first, ...rest] = kib;
  if (first === undefined) return action([]);
  return withSmallDisk(first, (disk) => withSmallDisks(rest, (others) => action([disk, ...others])));
}
