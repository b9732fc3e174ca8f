import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { authorFolder, outcomes, runTests } from '../support/author-tests.js';
import { contractWasm } from '../support/runtimes.js';

const folder = authorFolder('unmade-calls');

const tests = `
import { readFileSync } from 'node:fs';
import { testChain } from 'blockstm/testing';
import 'blockstm/testing/matchers';
import { beforeEach, describe, expect, test } from 'vitest';

const chain = await testChain();
const token = await chain.deploy(new Uint8Array(readFileSync(process.env.TOKEN)));
const early = token.as('alice').totalSupply();
const mint = (amount) => token.as('alice').mint({ to: 'alice', amount });

test('forgets', async () => {
  mint(1n);
  token.view.totalSupply();
});
test('makes what was written down before', async () => {
  expect(await early).toBe(0n);
});
test('makes each in one way', async () => {
  await mint(1n).receipt();
  await chain.block([mint(1n)]);
  await chain.rehearse([mint(1n)]);
  await expect(token.as('bob').transfer({ to: 'alice', amount: 5n })).toRevert();
  await chain.branch.view(mint(1n).transaction);
  expect(() => token.as('bob').transfer({})).toThrow();
});
test('fails before it comes to it', async () => {
  const later = mint(1n);
  throw new Error('another reason');
});
describe.concurrent('together', () => {
  let written;
  test('writes it', async () => {
    written = mint(1n);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await written;
  });
  test('ends meanwhile', async () => {});
});
describe('in a hook', () => {
  beforeEach(() => {
    mint(7n);
  });
  test('is part of the test', () => {});
});`;

const forgotten = `
import { readFileSync } from 'node:fs';
import { testChain } from 'blockstm/testing';
import { test } from 'vitest';
const chain = await testChain();
const token = await chain.deploy(new Uint8Array(readFileSync(process.env.TOKEN)));
token.as('alice').totalSupply();
test('passes', () => {});`;

let found: string[];
beforeAll(async () => {
  await contractWasm('token');
  process.env.TOKEN = join(process.cwd(), 'dist/contracts/token.wasm');
  const files = { 'test/a.test.ts': tests, 'test/b.test.ts': forgotten };
  found = outcomes(await runTests(join(folder, 'calls'), files));
});

test('a call that nobody awaited fails its test, at the line that wrote it', () => {
  expect(found[0]).toMatch(
    /^forgets\nfailed\nCallNotMade: token\.mint\(\{ to: "alice", amount: 1n \}\) as alice was never made: nobody awaited it\n {4}and token\.totalSupply\(\) as 0x0+ \(.*test\/a\.test\.ts:14:14\)\n.*test\/a\.test\.ts:10:/,
  );
  expect(found.find((each) => each.startsWith('is part of the test'))).toMatch(
    /failed\nCallNotMade: token.mint\(\{ to: "alice", amount: 7n \}\)/,
  );
});

test('one that is made in any way, or that a test which fails does not come to, is no matter', () => {
  for (const title of ['makes what was written down before', 'makes each in one way', 'writes it', 'ends meanwhile']) {
    expect(found).toContain(`${title}\npassed`);
  }
  const failed = found.find((each) => each.startsWith('fails before')) ?? '';
  expect(failed).toContain('another reason');
  expect(failed).not.toContain('never made');
});

test('without vitest, closing the chain warns of it', async () => {
  const program = `
    import { readFileSync } from 'node:fs';
    import { testChain } from 'blockstm/testing';
    const chain = await testChain();
    const token = await chain.deploy(new Uint8Array(readFileSync(process.env.TOKEN)));
    await token.view.totalSupply();
    token.as('alice').totalSupply();
    await chain.close();`;
  const env = Object.fromEntries(Object.entries(process.env).filter(([variable]) => !variable.startsWith('VITEST')));
  const args = ['--input-type=module', '--eval', program];
  const { stderr } = await promisify(execFile)(process.execPath, args, { cwd: join(folder, 'calls'), env });
  expect(stderr).toContain('[BLOCKSTM_NOT_MADE] BlockStmWarning: token.totalSupply() as alice was never made');
  expect(stderr.match(/never made/g)).toHaveLength(1);
});

test('one that the file has written down fails the file', () => {
  expect(found).toContain('passes\npassed');
  expect(found.at(-1)).toContain('token.totalSupply() as alice was never made: nobody awaited it');
});
