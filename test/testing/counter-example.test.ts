import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { saveCounterExample } from '../../dist/host/testing/counter-example.js';
import { testChain } from '../../dist/host/testing/index.js';
import { blockstm } from '../cli/command.js';
import { withDirectory } from '../support/directories.js';

const vault = {
  name: 'vault',
  source: `import { Address, context, require, Value } from "blockstm/assembly";
    const owner = new Value<Address>();
    const stored = new Value<u64>();
    @init
    export function create(by: Address, first: u64): void { owner.set(by); stored.set(first); }
    export function put(amount: u64): u64 {
      require(context.sender() == owner.get(), "not the owner");
      stored.set(stored.get() + amount);
      return stored.get();
    }`,
};

test('a block on a state that a constructor has made is executed again by the command line', () =>
  withDirectory(async (directory) => {
    await using chain = await testChain();
    const contract = await chain.deploy(vault, { init: { by: 'alice', first: 2n ** 60n } });
    await contract.as('alice').put({ amount: 5n });
    const calls = [contract.as('alice').put({ amount: 1n }), contract.as('bob').put({ amount: 1n })];
    const { genesis, block, isRunnable } = await saveCounterExample(directory, chain, calls);
    expect(isRunnable).toBe(true);
    const expected = await chain.rehearse(calls);
    const out = join(directory, 'receipts.jsonl');
    const args = ['run', block, '--genesis', genesis, '--verify', '--out', out, '--json'];
    const { code, stdout, stderr } = await blockstm(directory, ...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ verified: true });
    const receipts = (await readFile(out, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(receipts.map(({ status, result }) => [status, result])).toEqual([
      ['ok', String(2n ** 60n + 6n)],
      ['reverted', undefined],
    ]);
    expect(expected.receipts.get(1).error?.message).toBe('not the owner');
    await chain.upgrade(contract, { ...vault, source: vault.source.replace('not the owner', 'somebody else') }, {});
    expect(await saveCounterExample(directory, chain, calls)).toMatchObject({ isRunnable: false });
  }));
