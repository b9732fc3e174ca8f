import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { blockstmProcess } from '../cli/command.js';
import { authorFolder } from '../support/author-tests.js';

const directory = authorFolder('cli-clients');

const contract = (method: string): string => `@view export function ${method}(): u64 { return 1; }`;

beforeAll(async () => {
  await rm(directory, { recursive: true, force: true });
  await mkdir(join(directory, 'contracts/shared'), { recursive: true });
  await mkdir(join(directory, 'test'));
  await writeFile(join(directory, 'contracts/one.ts'), contract('get'));
  await writeFile(join(directory, 'contracts/shared/part.ts'), 'no contract');
  await writeFile(
    join(directory, 'test/one.test.ts'),
    `import { testChain } from 'blockstm/testing';
     import { expect, test } from 'vitest';
     import { One } from '../build/one.client.js';
     test('it gives one', async () => {
       const one = await (await testChain()).deploy('contracts/one.ts', { client: One });
       expect(await one.view.get()).toBe(1n);
     });`,
  );
});

test('test writes the clients that the tests import, again where a contract has changed, and none of one that does not compile', async () => {
  const client = join(directory, 'build/one.client.ts');
  const first = await blockstmProcess(directory, 'test', '--root', directory);
  expect(first.stdout).toMatch(/Tests .*1 passed/);
  expect(first.code).toBe(0);
  const { mtimeMs } = await stat(client);
  // What is wrong with the tests is seen by who has the tests; here only what comes before them.
  const none = ['test', '--root', directory, '-t', 'no such test', '--passWithNoTests'];
  expect((await blockstmProcess(directory, ...none)).code).toBe(0);
  expect((await stat(client)).mtimeMs).toBe(mtimeMs);
  await writeFile(join(directory, 'contracts/one.ts'), contract('take'));
  await blockstmProcess(directory, ...none);
  expect(await readFile(client, 'utf8')).toContain('take: {');
  await writeFile(join(directory, 'contracts/one.ts'), contract('take').replace('u64', 'u65'));
  const { code, stdout, stderr } = await blockstmProcess(directory, ...none);
  expect({ code, stdout, stderr }).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('contracts/one.ts:1:'),
  });
  expect(await readFile(client, 'utf8')).toContain('take: {');
});
