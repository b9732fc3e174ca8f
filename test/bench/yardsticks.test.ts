import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MapLedger } from '../../dist/bench/baseline.js';
import { p2p } from '../../dist/bench/index.js';
import { LedgerLimit } from '../../dist/bench/ledger-limit.js';
import { plainTransfers } from '../../dist/bench/yardstick.js';
import { addressOf, ContractCaller, sampleContract } from '../support/contract-caller.js';

const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`;
const [alice, bob] = [hex(addressOf('alice')), hex(addressOf('bob'))];

test.each([
  ['a Map', () => new MapLedger()],
  ['Wasm', () => new LedgerLimit(4)],
])('%s: transfers move funds, and fail without them', (_, create) => {
  const ledger = create();
  ledger.mint(alice, 10n);
  ledger.load([{ from: alice, to: bob, amount: 4n }]);
  expect([ledger.execute(), ledger.execute(), ledger.execute()]).toEqual([0, 0, 1]);
  ledger.load([
    { from: bob, to: bob, amount: 8n },
    { from: bob, to: alice, amount: 9n },
    { from: bob, to: alice, amount: 8n },
    { from: bob, to: alice, amount: 1n },
  ]);
  expect(ledger.execute()).toBe(2);
});

test('both refuse the same transfers, however many accounts there are', () => {
  for (const accounts of [2, 100, 5_000]) {
    const workload = p2p({ accounts, blockSize: 3_000 }, accounts);
    const [map, limit] = [new MapLedger(), new LedgerLimit(3_000)];
    for (const { to, amount } of plainTransfers(workload.preparation(0))) {
      map.mint(to, amount);
      limit.mint(to, amount);
    }
    const transfers = [0, 1, 2].map((index) => plainTransfers(workload.block(index)));
    const refused = [map, limit].map((ledger) =>
      transfers.map((block) => {
        ledger.load(block);
        return ledger.execute();
      }),
    );
    expect(refused[0]?.some((count) => count > 0)).toBe(true);
    expect(refused[1]).toEqual(refused[0]);
  }
});

test('the Wasm keeps balances under the key that the token has', () => {
  const token = new ContractCaller(sampleContract('token'));
  token.value('alice', 'mint', { to: addressOf('alice'), amount: 258 });
  const key = [...token.contract.storage.keys()].find((each) => each.length === 80) as string;
  const wasm = new WebAssembly.Module(readFileSync(new URL('../../dist/yardstick/ledger.wasm', import.meta.url)));
  const { memory, reserve, mint } = new WebAssembly.Instance(wasm).exports as {
    memory: WebAssembly.Memory;
    reserve(transfers: number): number;
    mint(to: number, amount: bigint): void;
  };
  const at = reserve(1);
  new Uint8Array(memory.buffer).set(addressOf('alice'), at);
  mint(at, 258n);
  expect(Buffer.from(memory.buffer).toString('hex')).toContain(`${key}0201000000000000`);
});

test('more transfers than it was made for are refused', () => {
  const ledger = new LedgerLimit(1);
  const transfer = { from: alice, to: bob, amount: 1n };
  expect(() => ledger.load([transfer, transfer])).toThrow('2 transfers, expected at most 1');
});
