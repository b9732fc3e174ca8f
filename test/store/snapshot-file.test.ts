import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRuntime, memoryStore } from '../../dist/host/index.js';
import { withDirectory } from '../support/directories.js';
import { TINY_MEMORY } from '../support/sample-chain.js';

test.skipIf(process.platform === 'win32')(
  'a snapshot takes the place of a file and of nothing else, and is written through no other',
  async () => {
    await withDirectory(async (directory) => {
      const [file, other, link, folder] = ['file', 'other', 'link', 'folder'].map((name) => join(directory, name)) as [
        string,
        string,
        string,
        string,
      ];
      await using runtime = await createRuntime({ store: memoryStore(), workers: 1, limits: TINY_MEMORY });
      await writeFile(file, 'an earlier one');
      await writeFile(other, 'of somebody else');
      await symlink(other, `${file}.partial`);
      await symlink(other, link);
      await mkdir(folder);
      // Two at once do not write into each other's.
      await Promise.all([runtime.snapshot(file), runtime.snapshot(file)]);
      expect((await readFile(file)).toString('latin1', 0, 8)).toBe('BLOCKSTM');
      const refused = {
        name: 'MisuseError',
        code: 'ERR_ARGUMENT',
        message: expect.stringContaining('no regular file'),
      };
      for (const special of [link, folder, '/dev/null']) {
        await expect(runtime.snapshot(special)).rejects.toMatchObject(refused);
      }
      expect(await readFile(other, 'utf8')).toBe('of somebody else');
      expect((await readdir(directory)).sort()).toEqual(['file', 'file.partial', 'folder', 'link', 'other']);
    });
  },
);
