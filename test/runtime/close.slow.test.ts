import { expect, test } from 'vitest';
import { closeWhile, operations } from '../support/close-while.js';
import { withDirectory } from '../support/directories.js';
import { openAndClose } from '../support/open-close.js';
import { Random } from '../support/random.js';
import { growChain, openChain } from '../support/sample-chain.js';

test.each(Object.keys(operations))('close at 20 moments of: %s', async (name) => {
  const seed = Number(process.env.SEED ?? Date.now() % 1e9);
  console.log(`SEED=${seed}`);
  const random = new Random(seed);
  await withDirectory(async (directory) => {
    let { height } = await growChain(directory, 5);
    for (let round = 0; round < 20; round++) height = await closeWhile(name, directory, height, random);
    await using runtime = await openChain(directory);
    if (name !== 'prune') expect(await runtime.replay()).toMatchObject({ difference: undefined });
  });
});

test('opened and closed 2,000 times: nothing is left', async () => {
  await openAndClose(2000, 100);
});
