import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test("the README's programs run as written: a benchmark; a sweep, its report and a block", async () => {
  const readme = await readFile(new URL('../../bench/README.md', import.meta.url), 'utf8');
  const [benchmark, sweep] = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map(([, text]) => text as string);
  // Inside the package, so that `blockstm` means this one.
  const folder = fileURLToPath(new URL('../../dist/bench-readme/', import.meta.url));
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const printed = async (name: string, program = ''): Promise<string> => {
    await writeFile(`${folder}${name}`, program);
    return (await promisify(execFile)(process.execPath, [name], { cwd: folder })).stdout;
  };
  expect(await printed('benchmark.mjs', benchmark)).toMatch(/^p2p, 1,000 accounts, [\s\S]*\nmachine +/);
  const lines = (await printed('sweep.mjs', sweep)).trimEnd().split('\n');
  expect(lines.slice(0, 4)).toEqual([
    expect.stringMatching(/^\{ accounts: 10 \} 2 0\.\d+$/),
    expect.stringMatching(/^\{ accounts: 10 \} 16 0\.\d+$/),
    expect.stringMatching(/^\{ accounts: 1000 \} 2 0\.\d+$/),
    expect.stringMatching(/^\{ accounts: 1000 \} 16 0\.\d+$/),
  ]);
  expect(lines.slice(4)).toEqual([expect.stringMatching(/^[1-9]\d* figures$/)]);
  expect(await readdir(`${folder}block`)).toContain('block.jsonl');
  await rm(folder, { recursive: true });
});
