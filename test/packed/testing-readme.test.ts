import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { authorFolder, outcomes, runTests } from '../support/author-tests.js';

// Inside the package, so that `blockstm` means this one.
const folder = authorFolder('testing-readme');

async function snippets(): Promise<Record<string, string>> {
  const readme = await readFile(new URL('../../host/testing/README.md', import.meta.url), 'utf8');
  return Object.fromEntries(
    [...readme.matchAll(/```ts\n(\/\/ (\S+)\n[\s\S]*?)```/g)].map(([, text, file]) => [file as string, text as string]),
  );
}

test("the README's contract and its tests run as written", async () => {
  const files = await snippets();
  expect(Object.keys(files)).toEqual(['contracts/coin.ts', 'test/coin.test.ts', 'test/parallel.test.ts']);
  expect(outcomes(await runTests(join(folder, 'readme'), files)).sort()).toEqual([
    'a payment is announced, and costs little\npassed',
    'a payment moves coins\npassed',
    'nobody pays what they have not, and nobody before it opens\npassed',
    'payments are the same in parallel\npassed',
    'payments of one block are made in their order\npassed',
  ]);
});

test('a failure is shown as the README shows it, at the line that wrote the call', async () => {
  const files = await snippets();
  const { 'contracts/coin.ts': contract = '', 'test/coin.test.ts': tests = '' } = files;
  const failing = `${tests.slice(0, tests.indexOf("test('"))}
test('fails', async () => {
  await coin.as(bob).pay({ to: alice, amount: 1n });
});`;
  const [outcome = ''] = outcomes(
    await runTests(join(folder, 'failing'), { 'contracts/coin.ts': contract, 'test/coin.test.ts': failing }),
  );
  const readme = await readFile(new URL('../../host/testing/README.md', import.meta.url), 'utf8');
  const shown = /```text\n(coin\.pay[\s\S]*?)```/.exec(readme)?.[1] as string;
  expect(outcome).toContain(shown);
  expect(outcome).toMatch(/test\/coin\.test\.ts:\d+:\d+/);
});

test('what is open at the end of a file is closed', async () => {
  const [outcome] = outcomes(
    await runTests(join(folder, 'end'), {
      'test/end.test.ts': `
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
let chain;
// Hooks are called from the last to the first: this one after the module's.
afterAll(async () => {
  const state = await chain.stateHash().then(() => 'open', ({ code }) => code);
  writeFileSync('state.txt', state);
});
const { testChain } = await import('blockstm/testing');
beforeAll(async () => {
  chain = await testChain();
});
test('is used', async () => {
  expect(await chain.stateHash()).toHaveLength(64);
});`,
    }),
  );
  expect(outcome).toBe('is used\npassed');
  expect(await readFile(join(folder, 'end/state.txt'), 'utf8')).toBe('ERR_CLOSED');
});
