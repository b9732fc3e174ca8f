import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DirectoryLock } from '../../dist/bench/sweep/directory-lock.js';
import { type ProcessIdentity, thisProcess } from '../../dist/bench/sweep/process-identity.js';
import { runChild, runScript } from '../support/child.js';
import { withDirectory } from '../support/directories.js';

test('of processes that want a directory at the same time no two ever have it, and each has it in the end', async () => {
  await withDirectory(async (directory) => {
    const taking = Array.from({ length: 3 }, () => runScript('taking-lock.js', { directory, times: 100 }));
    for (const { code, stderr } of await Promise.all(taking)) expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    using _ = DirectoryLock.take(directory);
    expect(readdirSync(directory)).toHaveLength(1);
  });
});

test('whose process is gone, in whatever way, has no claim any more', async () => {
  await withDirectory(async (directory) => {
    const takes = (holder: Partial<ProcessIdentity>): void => {
      writeFileSync(join(directory, '.lock.other'), JSON.stringify({ ...thisProcess(), ...holder }));
      DirectoryLock.take(directory)[Symbol.dispose]();
      expect(readdirSync(directory)).toEqual([]);
    };
    if (process.platform === 'linux') {
      // A container that is started again has its process 1 again; and another process may have got the number.
      takes({ started: '1' });
      takes({ pid: process.ppid, started: '1' });
    }
    takes({ boot: 'of another start of the machine' });
    const { stdout } = await runChild(process.execPath, ['-p', 'process.pid']);
    takes({ pid: Number(stdout) });
  });
});

test('a claim that counts says whose it is and what to do, and is left alone', async () => {
  await withDirectory(async (directory) => {
    const claim = join(directory, '.lock.other');
    const refusal = (holder: Partial<ProcessIdentity>): string => {
      const content = JSON.stringify({ ...thisProcess(), ...holder });
      writeFileSync(claim, content);
      expect(() => DirectoryLock.take(directory)).toThrow(expect.objectContaining({ code: 'ERR_SWEEP_BUSY' }));
      expect(readdirSync(directory)).toEqual(['.lock.other']);
      expect(readFileSync(claim, 'utf8')).toBe(content);
      try {
        DirectoryLock.take(directory);
      } catch (error) {
        return (error as Error).message;
      }
      return 'taken';
    };
    const rest = ` is at the sweep in ${directory} already: wait for it to end. If there is no such process any more, remove ${claim}`;
    expect(refusal({})).toBe(`this process${rest}`);
    expect(refusal({ pid: process.ppid, started: null })).toBe(`process ${process.ppid}${rest}`);
    expect(refusal({ pid: 1, host: 'elsewhere' })).toBe(`process 1 of elsewhere${rest}`);
  });
});
