import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withDirectory } from '../support/directories.js';
import { Project } from '../support/packed.js';

// Everything that an author does, with the package as it would be published.
test(
  'init, test, build, deploy, call, gas and upgrade, each as the last one says',
  () =>
    withDirectory(async (directory) => {
      const outer = await Project.create(directory);
      await outer.blockstm('init', 'my-token');
      expect((await readdir(join(outer.directory, 'my-token'))).sort()).toEqual([
        '.gitignore',
        'README.md',
        'contracts',
        'package.json',
        'test',
        'tsconfig.json',
        'vitest.config.ts',
      ]);
      const project = await outer.within('my-token', 'lmdb');
      expect(await project.script('test')).toMatch(/Tests .*3 passed/);
      // A client beside the contracts is none of them.
      await project.blockstm('build', '--out', 'contracts');
      expect(await project.script('build')).toMatch(/^token +[0-9,]+ +5 +1 +3 +contracts\/token\.ts$/m);
      expect((await readdir(join(project.directory, 'build'))).sort()).toEqual([
        'token.client.ts',
        'token.interface.json',
        'token.layout.json',
        'token.wasm',
      ]);
      expect(await project.script('check')).toMatch(/^build\/token\.wasm: no findings/);

      // The lines of the project's own README.
      const readme = await readFile(join(project.directory, 'README.md'), 'utf8');
      const lines = [...readme.matchAll(/^npx blockstm (.*--state chain.*)$/gm)].map(([, line]) => line as string);
      expect(lines.map((line) => line.split(' ')[0])).toEqual(['deploy', 'call', 'call', 'view', 'call']);
      const printed: string[] = [];
      for (const line of lines) printed.push(await project.blockstm(...line.split(' ')));
      expect(printed[2]).toMatch(/^event +token Transfer from=0x[0-9a-f]{64} to=0x[0-9a-f]{64} amount=30$/m);
      expect(printed[3]).toBe('30\n');

      await project.blockstm('gas', '--snapshot');
      expect(await project.script('gas')).toContain('3 of 3 methods as in .gas-snapshot');
      const source = join(project.directory, 'contracts/token.ts');
      await writeFile(source, (await readFile(source, 'utf8')).replaceAll('balances', 'accounts'));
      const upgrade = project.blockstm(
        ...'upgrade contracts/token.ts --state chain --contract token --dry-run'.split(' '),
      );
      await expect(upgrade).rejects.toThrow('balances (moved)');
    }),
  300_000,
);
