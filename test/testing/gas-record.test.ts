import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { testChain } from '../../dist/host/testing/index.js';
import { withDirectory } from '../support/directories.js';
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
