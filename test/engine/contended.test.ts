import { afterAll, expect, test } from 'vitest';
import type { BlockResult, Transaction } from '../../dist/host/index.js';
import { address, encodeProgram } from '../support/programs.js';
import { Random } from '../support/random.js';
import { contractWasm, describe, Runtimes } from '../support/runtimes.js';

const runtimes = new Runtimes();
afterAll(() => runtimes.close());

const CALLS = 10_000;

/** The same block, made for a contract at one address, sequentially and under block-stm with `workers` workers. */
async function runBoth(
  contractName: string,
  at: number,
  workers: number,
  make: (
    transaction: (sender: Uint8Array, method: string, args?: Record<string, unknown>) => Transaction,
  ) => Transaction[][],
): Promise<{ sequential: BlockResult[]; parallel: BlockResult[] }> {
  const [sequential, parallel] = await Promise.all(
    [{ executor: 'sequential', workers: 1 } as const, { executor: 'block-stm', workers } as const].map(
      async (setting) => {
        const runtime = await runtimes.get(setting);
        const contract = await runtime.deploy(await contractWasm(contractName), { address: address(at) });
        const results: BlockResult[] = [];
        for (const transactions of make((sender, method, args) => contract.transaction(sender, method, args))) {
          results.push(await runtime.execute({ transactions }));
        }
        return results;
      },
    ),
  );
  return { sequential: sequential as BlockResult[], parallel: parallel as BlockResult[] };
}

function expectEqual({ sequential, parallel }: { sequential: BlockResult[]; parallel: BlockResult[] }): void {
  for (const [i, one] of sequential.entries()) {
    const other = parallel[i] as BlockResult;
    expect([...other.receipts].map(describe)).toEqual([...one.receipts].map(describe));
    expect(other.writeSet).toEqual(one.writeSet);
  }
}

let contracts = 1000;

/** Rounds of work that make a call last some microseconds, and the block until every worker is awake. */
const WORK = 2000;

test('auto goes on sequentially where nearly every call depends on the one before', async () => {
  const make = (executor: 'auto' | 'sequential') => runtimes.get({ executor, workers: 2 });
  const results = await Promise.all(
    (['auto', 'sequential'] as const).map(async (executor) => {
      const runtime = await make(executor);
      const contract = await runtime.deploy(await contractWasm('program'), { address: address(77) });
      const transactions = Array.from({ length: 20_000 }, (_, index) => {
        const code = encodeProgram([
          { number: 16, operand: BigInt(WORK) },
          { number: 0, operand: 0n },
          { number: 14, operand: BigInt(index) },
          { number: 1, operand: 0n },
        ]);
        return contract.transaction(address(index % 5), 'run', { code });
      });
      // The first three show how long it takes sequentially; the fourth tries block-stm.
      for (let block = 0; block < 3; block++) await runtime.execute({ transactions });
      return runtime.execute({ transactions });
    }),
  );
  const [auto, sequential] = results as [BlockResult, BlockResult];
  expectEqual({ sequential: [sequential], parallel: [auto] });
  expect(auto.stats.decision).toMatchObject({ mode: 'block-stm', reason: 'trial' });
  expect(auto.stats.decision.sequentialFrom).toBeGreaterThan(0);
  expect(auto.stats.decision.sequentialFrom).toBeLessThan(20_000);
  expect(auto.stats.gasUsed).toBe(sequential.stats.gasUsed);
  expect([...auto.receipts].reduce((sum, { gasUsed }) => sum + gasUsed, 0)).toBe(auto.stats.gasUsed);
});

test.each([2, 4, 8])('10,000 calls that all read and write one key, %i workers', async (workers) => {
  const outcome = await runBoth('program', contracts++, workers, (transaction) => [
    Array.from({ length: CALLS }, (_, i) => {
      const code = encodeProgram([
        { number: 16, operand: BigInt(WORK) },
        { number: 0, operand: 0n },
        { number: 14, operand: BigInt(i) },
        { number: 1, operand: 0n },
        { number: 10, operand: 0n },
      ]);
      return transaction(address(0), 'run', { code });
    }),
  ]);
  expectEqual(outcome);
  const [result] = outcome.parallel as [BlockResult];
  expect(result.stats.aborts).toBeGreaterThan(0);
  expect(result.writeSet).toHaveLength(1);
});

test.each([2, 8])('10,000 transfers among 2 accounts whose order shows, %i workers', async (workers) => {
  const outcome = await runBoth('compute', contracts++, workers, (transaction) => {
    const [a, b] = [address(1), address(2)];
    const random = new Random(workers);
    return [
      [transaction(a, 'mint', { to: a, amount: 1000n }), transaction(a, 'mint', { to: b, amount: 1000n })],
      Array.from({ length: CALLS }, () => {
        const [from, to] = random.chance(0.5) ? [a, b] : [b, a];
        return transaction(from, 'transfer', { to, amount: BigInt(random.below(600)), rounds: WORK });
      }),
    ];
  });
  expectEqual(outcome);
  const [, result] = outcome.parallel as [BlockResult, BlockResult];
  expect(result.stats.aborts).toBeGreaterThan(0);
  const refused = [...result.receipts].filter(({ output }) => output[0] === 0).length;
  expect(refused).toBeGreaterThan(1000);
});

test.each([2, 3, 8])('among 100 accounts, each with a digest of its history, %i workers', async (workers) => {
  const outcome = await runBoth('compute', contracts++, workers, (transaction) => {
    const accounts = Array.from({ length: 100 }, (_, i) => address(i));
    const random = new Random(workers);
    return [
      accounts.map((to) => transaction(to, 'mint', { to, amount: 20n })),
      Array.from({ length: CALLS }, () =>
        transaction(accounts[random.below(100)] as Uint8Array, 'transfer', {
          to: accounts[random.below(100)],
          amount: BigInt(random.below(30)),
          rounds: WORK,
        }),
      ),
    ];
  });
  expectEqual(outcome);
  expect(outcome.parallel[1]?.stats.aborts).toBeGreaterThan(0);
});

test('200,000 keys in one block, then each read and changed in the next', async () => {
  const setting = {
    executor: 'block-stm',
    workers: 2,
    limits: { memoryMiB: 512, locations: 262_144, transactions: 262_144 },
  } as const;
  const own = new Runtimes();
  const runtime = await own.get(setting);
  const ledger = await runtime.deploy(await contractWasm('ledger'));
  const accounts = Array.from({ length: 200_000 }, (_, i) => address(i));
  const mints = accounts.map((to, i) => ledger.transaction(to, 'mint', { to, amount: BigInt(i + 1) }));
  const first = await runtime.execute({ transactions: mints });
  expect(first.writeSet).toHaveLength(200_000);
  const transfers = accounts.map((from, i) =>
    ledger.transaction(from, 'transfer', { to: accounts[(i + 100_003) % 200_000], amount: 1n }),
  );
  const second = await runtime.execute({ transactions: transfers });
  expect(second.writeSet).toHaveLength(200_000);
  expect([...second.receipts].every(({ output }) => output[0] === 1)).toBe(true);
  const balance = await runtime.view(ledger.transaction(address(0), 'balanceOf', { owner: accounts[777] }));
  expect(ledger.decodeOutput('balanceOf', balance.output)).toBe(778n);
  await own.close();
});
