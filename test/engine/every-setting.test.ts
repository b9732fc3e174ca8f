import { expect, test } from 'vitest';
import type { RuntimeOptions } from '../../dist/host/index.js';
import { untilCounted } from '../support/contention.js';
import { address } from '../support/programs.js';
import { contractWasm, describe, Runtimes } from '../support/runtimes.js';

const SEQUENTIAL: RuntimeOptions = { executor: 'sequential', workers: 1 };
const OTHERS: readonly RuntimeOptions[] = [
  { executor: 'block-stm', workers: 1 },
  { executor: 'block-stm', workers: 2 },
  { executor: 'block-stm', workers: 5 },
  { executor: 'auto', workers: 2 },
];

test('every setting gives the same receipts, write set and state for a block whose order shows', async () => {
  const accounts = Array.from({ length: 12 }, (_, i) => address(i));
  /** On a runtime of its own: what comes of the block, and of the same block again, and again. */
  const start = async (own: Runtimes, setting: RuntimeOptions) => {
    const runtime = await own.get(setting);
    const compute = await runtime.deploy(await contractWasm('compute'), { address: address(99) });
    const mints = accounts.map((to) => compute.transaction(to, 'mint', { to, amount: 50n }));
    await runtime.execute({ transactions: mints });
    const transactions = Array.from({ length: 3000 }, (_, i) => {
      const from = accounts[(i * 7) % 12] as Uint8Array;
      const to = accounts[(i * 5 + 1) % 12] as Uint8Array;
      // Some 20 µs each, so that the block lasts until every worker is awake.
      return compute.transaction(from, 'transfer', { to, amount: BigInt(1 + (i % 40)), rounds: 12_000 });
    });
    return async (): Promise<{ lines: string[]; aborts: number }> => {
      const result = await runtime.execute({ transactions });
      const writes = result.writeSet.map(
        ({ key, value }) => `${Buffer.from(key).toString('hex')}=${Buffer.from(value ?? []).toString('hex')}`,
      );
      const lines = [...[...result.receipts].map(describe), ...writes, await result.stateHash()];
      return { lines, aborts: result.stats.aborts };
    };
  };
  await using sequential = new Runtimes();
  const execute = await start(sequential, SEQUENTIAL);
  const expected: string[][] = [(await execute()).lines];
  const refused = expected[0]?.filter((line) => / ok gas \d+ \[0000000000000000\]/.test(line)).length;
  expect(refused).toBeGreaterThan(100);
  for (const setting of OTHERS) {
    await using own = new Runtimes();
    const executeToo = await start(own, setting);
    let blocks = 0;
    const check = async (): Promise<number> => {
      if (blocks === expected.length) expected.push((await execute()).lines);
      const { lines, aborts } = await executeToo();
      expect(lines).toEqual(expected[blocks++]);
      return aborts;
    };
    if (setting.executor === 'block-stm' && setting.workers !== 1) await untilCounted(1, check);
    else await check();
  }
});
