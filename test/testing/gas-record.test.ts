import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { readGasRecord } from '../../dist/host/cli/gas-snapshot.js';
import { KERNEL_GAS } from '../../dist/host/index.js';
import { testChain } from '../../dist/host/testing/index.js';
import { withDirectory } from '../support/directories.js';
import { startedInterface, startedWasm } from '../support/initialized.js';
import { contractWasm } from '../support/runtimes.js';

test('the gas of every call is appended to the file that the environment names', () =>
  withDirectory(async (directory) => {
    const file = join(directory, 'gas.jsonl');
    vi.stubEnv('BLOCKSTM_GAS_FILE', file);
    const gas: number[] = [];
    for (let run = 0; run < 2; run++) {
      await using chain = await testChain();
      const token = await chain.deploy(await contractWasm('token'));
      const alice = chain.account('alice');
      const { receipts } = await chain.block([
        token.as('minter').mint({ to: alice, amount: 1n }),
        token.as(alice).transfer({ to: alice, amount: 2n }),
      ]);
      // A view is no call of a block.
      await token.view.totalSupply();
      gas.push(...receipts.map(({ gasUsed }) => gasUsed));
    }
    vi.unstubAllEnvs();
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    const [mint, transfer] = gas;
    const expected = [
      { kind: 'call', contract: 'token', method: 'mint', status: 'ok', gas: mint },
      { kind: 'call', contract: 'token', method: 'transfer', status: 'reverted', gas: transfer },
      { kind: 'block', calls: 2, aborts: expect.any(Number) },
    ];
    expect(lines.map((line) => JSON.parse(line))).toEqual([...expected, ...expected]);
  }));

test('what new code begins with is recorded too, where it ends ok', () =>
  withDirectory(async (directory) => {
    const file = join(directory, 'gas.jsonl');
    vi.stubEnv('BLOCKSTM_GAS_FILE', file);
    await using chain = await testChain();
    vi.unstubAllEnvs();
    const started = await chain.deploy(startedWasm(startedInterface('start')), { init: { amount: 5n } });
    const next = startedInterface();
    const methods = next.methods.map((method) => (method.name === 'set' ? { ...method, kind: 'migrate' } : method));
    const upgraded = startedWasm({ ...next, methods } as typeof next);
    await expect(
      chain.upgrade(started, upgraded, { migrate: { amount: 0n }, allowUnsafe: true }),
    ).rejects.toMatchObject({ code: 'ERR_MIGRATE' });
    await chain.upgrade(started, upgraded, { migrate: { amount: 6n }, allowUnsafe: true });
    // Without a method to begin with there is nothing to record.
    await chain.deploy(await contractWasm('token'));
    await chain.close();
    const { methods: measured } = readGasRecord(file, await readFile(file, 'utf8'));
    expect([...measured.keys()]).toEqual(['started.set', 'started.start']);
    for (const { calls, min } of measured.values()) {
      expect(calls).toBe(1);
      expect(min).toBeGreaterThan(KERNEL_GAS.call);
    }
  }));
