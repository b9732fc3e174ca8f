import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { compile } from '../dist/host/contract/index.js';

test("the README's contract and its examples run as written", async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const snippets = (language: string): string[] =>
    [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'))].map(([, text]) => text as string);
  const [contract] = snippets('ts');
  const [embed, keep, follow] = snippets('js');
  const program = embed?.replace(
    'await runtime.close();',
    `${follow}console.log(writeSet.length);\nawait runtime.close();`,
  );
  // Inside the package, so that `blockstm` means this one.
  const folder = fileURLToPath(new URL('../dist/readme/', import.meta.url));
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}coin.ts`, contract as string);
  await writeFile(`${folder}embed.mjs`, program as string);
  // It stands for the reader's own contract, account and address.
  await writeFile(`${folder}coin.wasm`, (await compile(`${folder}coin.ts`)).wasm);
  const given = `import { readFileSync } from 'node:fs';
    const wasm = readFileSync('coin.wasm');
    const [address, alice] = [new Uint8Array(32).fill(9), new Uint8Array(32).fill(1)];\n`;
  await rm(`${folder}chain`, { recursive: true, force: true });
  await writeFile(`${folder}keep.mjs`, given + keep);
  // A deployment and a block; then a block on what the process before has left.
  for (const height of [2, 3]) {
    const { stdout: line } = await promisify(execFile)(process.execPath, ['keep.mjs'], { cwd: folder });
    expect(line).toMatch(new RegExp(`^block ${height}n [0-9a-f]{64}\n$`));
  }
  const { stdout } = await promisify(execFile)(process.execPath, ['embed.mjs'], { cwd: folder });
  expect(stdout.split('\n').map((line) => line.trim())).toEqual([
    '0 ok',
    '1 ok',
    '2 reverted insufficient balance',
    expect.stringMatching(/^bob has 30n after \d+ executions$/),
    '0 ok',
    '1 ok',
    '2 ok',
    '2',
    '',
  ]);
});
