import { expect, test } from 'vitest';
import { createRuntime } from '../../dist/host/index.js';
import { address } from '../support/programs.js';
import { Random } from '../support/random.js';
import { contractWasm, SMALL_MEMORY } from '../support/runtimes.js';

/** More workers than cores: one is often stopped in the middle of a step, while the others go on. */
test.each([3, 4, 5, 6, 8])('1,500 contended blocks end and equal sequential, %i workers', async (workers) => {
  await using parallel = await createRuntime({ executor: 'block-stm', workers, limits: SMALL_MEMORY });
  await using sequential = await createRuntime({ workers: 1, executor: 'sequential', limits: SMALL_MEMORY });
  const wasm = await contractWasm('ledger');
  const ledger = await parallel.deploy(wasm);
  await sequential.deploy(wasm);
  const random = new Random(workers);
  const accounts = [address(1), address(2)] as const;
  const block = (calls: number) => ({
    transactions: Array.from({ length: calls }, () => {
      const [from, to] = random.chance(0.5) ? accounts : ([accounts[1], accounts[0]] as const);
      return ledger.transaction(from, 'transfer', { to, amount: BigInt(random.below(600)) });
    }),
  });
  const mints = { transactions: accounts.map((to) => ledger.transaction(to, 'mint', { to, amount: 10_000n })) };
  for (const runtime of [parallel, sequential]) await runtime.execute(mints);
  const blocks = Array.from({ length: 10 }, () => block(5000));
  let aborts = 0;
  for (let round = 0; round < 1500; round++) {
    const next = blocks[round % blocks.length] as ReturnType<typeof block>;
    const result = await parallel.execute(next);
    aborts += result.stats.aborts;
    await sequential.execute(next);
    if (round % 10 === 0) expect(await result.stateHash()).toBe(await sequential.stateHash());
  }
  expect(aborts).toBeGreaterThan(1000);
});
