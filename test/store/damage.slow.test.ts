import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type BitPlace, checkFlips, checkPlaces } from '../support/bit-flips.js';
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

test('crashed, and any one bit of what the first two pages say is another', async () => {
  await withDirectory(async (directory) => {
    const good = join(directory, 'good');
    await growChain(good, 30);
    await rm(join(good, 'closed'));
    // See host/store/lmdb/file-check.ts.
    const places = [0, 4096].flatMap((page) =>
      Array.from({ length: 136 * 8 }, (_, index): BitPlace => [page + 24 + (index >>> 3), index & 7]),
    );
    const counts = await checkPlaces(good, join(directory, 'flips'), places, false);
    console.log(counts);
    expect(counts.told).toBeGreaterThan(500);
  });
});
