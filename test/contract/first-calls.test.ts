import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compile } from '../../dist/host/contract/index.js';
import { addressOf, ContractCaller } from '../support/contract-caller.js';
import { Runtimes } from '../support/runtimes.js';
import { compileSample } from '../support/sample-source.js';

const runtimes = new Runtimes();
afterAll(() => runtimes.close());

describe('@init and @migrate', () => {
  it('keep the owner where the layout says', async () => {
    const { wasm, layout } = await compileSample(`
      import { Address, context, onlyOwner, owner, setOwner } from "blockstm/assembly";
      @init export function setUp(first: Address): void { setOwner(first); }
      @migrate export function change(): void { onlyOwner(); }
      @view export function ownedBy(): Address { return owner(); }
    `);
    const contract = new ContractCaller(wasm);
    expect(contract.call('alice', 'change').message).toBe('only the owner may do this');
    contract.value('alice', 'setUp', { first: addressOf('bob') });
    expect(contract.value('carol', 'ownedBy')).toEqual(addressOf('bob'));
    expect(contract.call('alice', 'change').message).toBe('only the owner may do this');
    expect(contract.call('bob', 'change').status).toBe('ok');
    expect(layout.fields.map(({ name, prefix }) => [name, prefix])).toEqual([['blockstm.owner', 'f40e9169b982168d']]);
    // As the layout says.
    const words = layout.fields.map(({ prefix }) => Buffer.from(prefix, 'hex').reverse().toString('hex'));
    expect([...contract.contract.storage.keys()].sort()).toEqual(words.sort());
  });

  it('keep the owner in the layout where a file of the author hands the SDK on', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'blockstm-'));
    try {
      await mkdir(join(folder, 'lib'));
      await writeFile(join(folder, 'lib/named.ts'), 'export { setOwner as own } from "blockstm/assembly";');
      await writeFile(join(folder, 'lib/all.ts'), 'export * from "blockstm/assembly";');
      const users = [
        'import { own } from "./lib/named"; export function go(by: Address): void { own(by); }',
        'import * as lib from "./lib/named"; export function go(by: Address): void { lib.own(by); }',
        'import { onlyOwner } from "./lib/all"; export function go(by: Address): void { onlyOwner(); }',
        'import { emit } from "./lib/all"; export function go(by: Address): void {}',
      ];
      const layouts: string[][] = [];
      for (const [index, user] of users.entries()) {
        const file = join(folder, `user${index}.ts`);
        await writeFile(file, `import { Address } from "blockstm/assembly";\n${user}`);
        layouts.push((await compile(file)).layout.fields.map(({ name }) => name));
      }
      expect(layouts).toEqual([['blockstm.owner'], ['blockstm.owner'], ['blockstm.owner'], []]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('initialise as the contract is deployed', async () => {
    const runtime = await runtimes.get({ executor: 'sequential' });
    const { wasm } = await compileSample(`
      import { Value } from "blockstm/assembly";
      const limit = new Value<u64>();
      @init export function setUp(most: u64): void { limit.set(most); }
      @view export function most(): u64 { return limit.get(); }
    `);
    const contract = await runtime.deploy(wasm, { init: { args: { most: 7 } } });
    const alice = addressOf('alice');
    expect((await runtime.view(contract.transaction(alice, 'most'))).output[0]).toBe(7);
    const { receipts } = await runtime.execute({ transactions: [contract.transaction(alice, 'setUp', { most: 8 })] });
    expect(receipts.get(0).error?.code).toBe('unknownMethod');
  });
});
