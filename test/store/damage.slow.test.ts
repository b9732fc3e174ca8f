import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkFlips } from '../support/bit-flips.js';
import { withDirectory } from '../support/directories.js';
import { growChain } from '../support/sample-chain.js';

test.each(['closed', 'crashed'] as const)('%s, and one of 600 bits is another', async (how) => {
  const seed = Number(process.env.SEED ?? Date.now() % 1e9);
  console.log(`SEED=${seed}`);
  await withDirectory(async (directory) => {
    const good = join(directory, 'good');
    await growChain(good, 30);
    if (how === 'crashed') await rm(join(good, 'closed'));
    const counts = await checkFlips(good, join(directory, 'flips'), { flips: 600, seed, isClean: how === 'closed' });
    console.log(how, counts);
    expect(counts.told).toBeGreaterThan(0);
  });
});
