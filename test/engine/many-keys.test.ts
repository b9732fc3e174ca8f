import { expect, test } from 'vitest';
import { createRuntime } from '../../dist/host/index.js';
import { address } from '../support/programs.js';
import { contractWasm } from '../support/runtimes.js';

test('200,000 keys in one block, then each read and changed in the next', async () => {
  const setting = {
    executor: 'block-stm',
    workers: 2,
    limits: { memoryMiB: 512, locations: 262_144, transactions: 262_144 },
  } as const;
  await using runtime = await createRuntime(setting);
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
});
