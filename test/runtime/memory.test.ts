import { afterAll, describe, expect, test } from 'vitest';
import type { Contract, ExecutorName, Transaction } from '../../dist/host/index.js';
import { createRuntime } from '../../dist/host/index.js';
import { address } from '../support/programs.js';
import { Random } from '../support/random.js';
import { contractWasm, Runtimes } from '../support/runtimes.js';

const runtimes = new Runtimes();
afterAll(() => runtimes.close());

const ACCOUNTS = 1_000;
const accounts = Array.from({ length: ACCOUNTS }, (_, index) => address(index));

function mints(token: Contract): Transaction[] {
  return accounts.map((to) => token.transaction(to, 'mint', { to, amount: 1_000_000n }));
}

function payments(token: Contract, calls: number, random: Random): Transaction[] {
  const account = () => accounts[random.below(ACCOUNTS)] as Uint8Array;
  return Array.from({ length: calls }, () => token.transaction(account(), 'transfer', { to: account(), amount: 1n }));
}

describe.each<ExecutorName>(['sequential', 'block-stm', 'auto'])('%s', (executor) => {
  test('a block of 10,000 payments takes at most 600 bytes of shared memory a call', async () => {
    const runtime = await runtimes.get({ executor, workers: 2 });
    const token = await runtime.deploy(await contractWasm('token'));
    await runtime.execute({ transactions: mints(token) });
    const random = new Random(7);
    for (let block = 0; block < 5; block++) {
      const { stats } = await runtime.execute({ transactions: payments(token, 10_000, random) });
      expect(stats.blockBytes / 10_000).toBeLessThanOrEqual(600);
    }
  });

  test('memory is flat over 1,000 blocks', async () => {
    const runtime = await runtimes.get({ executor, workers: 2 });
    const token = await runtime.deploy(await contractWasm('token'));
    await runtime.execute({ transactions: mints(token) });
    const random = new Random(8);
    const state: number[] = [];
    const block: number[] = [];
    for (let number = 0; number < 1_000; number++) {
      const { stats } = await runtime.execute({ transactions: payments(token, 100, random) });
      state.push(stats.stateBytes);
      block.push(stats.blockBytes);
    }
    expect(state.at(-1)).toBe(state[0]);
    // A block takes whole chunks of 64 KiB, of two workers and four kinds each.
    expect(Math.max(...block)).toBeLessThanOrEqual(10 * 65_536);
  });
});

test('a block of 100,000 calls runs with the default options', async () => {
  await using runtime = await createRuntime();
  const token = await runtime.deploy(await contractWasm('token'));
  const transactions = Array.from({ length: 100_000 }, (_, index) => {
    const to = address(index);
    return token.transaction(to, 'mint', { to, amount: 1n });
  });
  const { receipts } = await runtime.execute({ transactions });
  expect([...receipts].every(({ status }) => status === 'ok')).toBe(true);
  const supply = await runtime.view(token.transaction(address(0), 'totalSupply'));
  expect(token.decodeOutput('totalSupply', supply.output)).toBe(100_000n);
});
