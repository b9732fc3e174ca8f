// How long a test waits for its chain: npm run bench:testing

import { readFile } from 'node:fs/promises';
import { testChain } from '../../host/testing/index.js';
import { median } from '../statistics.js';

const ROUNDS = 21;
const CALLS = 100;

const wasm = await readFile(new URL('../../contracts/token.wasm', import.meta.url));
const figures: Record<string, number[]> = {
  'testChain()': [],
  'deploy(token)': [],
  'a call': [],
  'snapshot and revert': [],
};

async function timed(name: string, count: number, action: () => unknown): Promise<void> {
  const start = performance.now();
  for (let round = 0; round < count; round++) await action();
  figures[name]?.push((performance.now() - start) / count);
}

for (let round = 0; round < ROUNDS; round++) {
  let chain = undefined as unknown as Awaited<ReturnType<typeof testChain>>;
  let token = undefined as unknown as Awaited<ReturnType<typeof chain.deploy>>;
  await timed('testChain()', 1, async () => {
    chain = await testChain();
  });
  await timed('deploy(token)', 1, async () => {
    token = await chain.deploy(wasm);
  });
  const alice = chain.account('alice');
  await timed('a call', CALLS, () => token.as(alice).mint({ to: alice, amount: 1n }));
  await timed('snapshot and revert', CALLS, () => chain.revert(chain.snapshot()));
  await chain.close();
}
console.log(`milliseconds, median and maximum of ${ROUNDS}`);
for (const [name, times] of Object.entries(figures)) {
  console.log(
    `${name.padEnd(20)} ${median(times).toFixed(3).padStart(9)} ${Math.max(...times)
      .toFixed(3)
      .padStart(9)}`,
  );
}
