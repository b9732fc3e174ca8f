import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
// Inside the package, so that `blockstm` means this one.
const folder = fileURLToPath(new URL('../../dist/testing-readme/', import.meta.url));

interface Report {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly assertionResults: readonly { title: string; status: string; failureMessages: string[] }[];
  }[];
}

/** Run the tests in a folder of these files as their author would. */
async function runTests(name: string, files: Readonly<Record<string, string>>): Promise<Report> {
  const directory = join(folder, name);
  await rm(directory, { recursive: true, force: true });
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, file)), { recursive: true });
    await writeFile(join(directory, file), text);
  }
  const report = join(directory, 'report.json');
  // Not what this run of vitest has told itself.
  const env = Object.fromEntries(Object.entries(process.env).filter(([variable]) => !variable.startsWith('VITEST')));
  const args = [
    vitest,
    'run',
    '--root',
    directory,
    '--reporter',
    'json',
    '--outputFile',
    report,
    '--testTimeout',
    '120000',
  ];
  await promisify(execFile)(process.execPath, args, { cwd: directory, env }).catch(() => {});
  return JSON.parse(await readFile(report, 'utf8'));
}

/** What each test came to; failures with what was wrong. */
function outcomes({ testResults }: Report): string[] {
  return testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ title, status, failureMessages }) => [title, status, ...failureMessages].join('\n')),
  );
}

async function snippets(): Promise<Record<string, string>> {
  const readme = await readFile(new URL('../../host/testing/README.md', import.meta.url), 'utf8');
  return Object.fromEntries(
    [...readme.matchAll(/```ts\n(\/\/ (\S+)\n[\s\S]*?)```/g)].map(([, text, file]) => [file as string, text as string]),
  );
}

test("the README's contract and its tests run as written", async () => {
  const files = await snippets();
  expect(Object.keys(files)).toEqual(['contracts/coin.ts', 'test/coin.test.ts', 'test/parallel.test.ts']);
  expect(outcomes(await runTests('readme', files)).sort()).toEqual([
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
    await runTests('failing', { 'contracts/coin.ts': contract, 'test/coin.test.ts': failing }),
  );
  const readme = await readFile(new URL('../../host/testing/README.md', import.meta.url), 'utf8');
  const shown = /```text\n(coin\.pay[\s\S]*?)```/.exec(readme)?.[1] as string;
  expect(outcome).toContain(shown);
  expect(outcome).toMatch(/test\/coin\.test\.ts:\d+:\d+/);
});

test('what is open at the end of a file is closed', async () => {
  const [outcome] = outcomes(
    await runTests('end', {
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
