// Storage fields: where they may be declared, and the layout that comes of them.

import { describe, expect, it } from 'vitest';
import { decodeStorageKey } from '../../dist/host/contract/storage-codec.js';
import { addressOf, ContractCaller } from '../support/contract-caller.js';
import { compileErrorOf, compileSample, sdkImport } from '../support/sample-source.js';

describe('the storage layout', () => {
  it('tells every field of every file', async () => {
    const { layout } = await compileSample(`${sdkImport}
type Coins = u128;
class Key { constructor(readonly owner: Address, readonly id: u32) {} }
class Order {
  parts: Part[] = [];
  note: string | null = null;
}
class Part { amount: Coins = new u128(); }

const orders = new Map<Key, Order | null>();
const named = new Value<Coins>("another name");
const typed: Vector<Part> = new Vector();
export const members = new Set<string>(), total = new Counter();
const book = new EnumerableMap<u64, Address[]>();
export function go(): u64 { return total.get(); }
`);
    expect(layout).toMatchInlineSnapshot(`
      {
        "fields": [
          {
            "file": "sample.ts",
            "key": "Key",
            "kind": "map",
            "line": 11,
            "name": "orders",
            "prefix": "00125d9250be8b4c",
            "value": "Order?",
          },
          {
            "file": "sample.ts",
            "kind": "value",
            "line": 12,
            "name": "another name",
            "prefix": "5a572d430eae7197",
            "value": "u128",
          },
          {
            "file": "sample.ts",
            "kind": "vector",
            "line": 13,
            "name": "typed",
            "prefix": "bb7abaefaad7900b",
            "value": "Part",
          },
          {
            "file": "sample.ts",
            "key": "string",
            "kind": "set",
            "line": 14,
            "name": "members",
            "prefix": "79d594675e391090",
          },
          {
            "file": "sample.ts",
            "kind": "counter",
            "line": 14,
            "name": "total",
            "prefix": "2dcede7d543a4ffd",
          },
          {
            "file": "sample.ts",
            "key": "u64",
            "kind": "enumerableMap",
            "line": 15,
            "name": "book",
            "prefix": "cd2fcd9bc6b008d8",
            "value": "address[]",
          },
        ],
        "name": "sample",
        "schema": "blockstm.layout/1",
        "structs": [
          {
            "fields": [
              {
                "name": "owner",
                "type": "address",
              },
              {
                "name": "id",
                "type": "u32",
              },
            ],
            "name": "Key",
          },
          {
            "fields": [
              {
                "name": "parts",
                "type": "Part[]",
              },
              {
                "name": "note",
                "type": "string?",
              },
            ],
            "name": "Order",
          },
          {
            "fields": [
              {
                "name": "amount",
                "type": "u128",
              },
            ],
            "name": "Part",
          },
        ],
      }
    `);
  });

  it('tells fields of namespaces and classes, and those of aliases', async () => {
    const { layout, wasm } = await compileSample(`
      import * as sdk from "blockstm/assembly";
      import { Counter, Map as Book, Value } from "blockstm/assembly";
      namespace gov {
        export const votes = new Book<u64, u64>();
        export namespace inner { export const count = new Counter(); }
      }
      class Box {
        static readonly total: Counter = new Counter();
        static readonly named: Value<u64> = new Value<u64>("old name");
      }
      type Balances = Book<u64, u64>;
      const balances = new Balances();
      const whole = new sdk.Set<u64>();
      export function put(): u64 {
        gov.votes.set(1, 2);
        gov.inner.count.add(3);
        Box.total.add(4);
        Box.named.set(5);
        balances.set(6, 7);
        whole.add(8);
        sdk.setOwner(sdk.context.sender());
        return gov.votes.get(1) + gov.inner.count.get() + Box.total.get() + Box.named.get() + balances.get(6);
      }
    `);
    expect(layout.fields.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'gov.votes map',
      'gov.inner.count counter',
      'Box.total counter',
      'old name value',
      'balances map',
      'whole set',
      'blockstm.owner value',
    ]);
    const contract = new ContractCaller(wasm);
    expect(contract.value('alice', 'put')).toBe(21n);
    // Every key begins with the prefix of a field that the layout tells.
    const prefixes = layout.fields.map(({ prefix }) => Buffer.from(prefix, 'hex').reverse().toString('hex')).sort();
    expect([...contract.contract.storage.keys()].map((key) => key.slice(0, 16)).sort()).toEqual(prefixes);
  });
});

describe('counters by key', () => {
  it('are counters each', async () => {
    const { wasm, layout } = await compileSample(`${sdkImport}
      const votes = new CounterMap<Address>();
      export function add(to: Address, amount: u64): void { votes.add(to, amount); }
      export function tryAdd(to: Address, amount: u64, most: u64): bool { return votes.tryAdd(to, amount, most); }
      export function subtract(from: Address, amount: u64): void { votes.subtract(from, amount); }
      export function trySubtract(from: Address, amount: u64, least: u64): bool { return votes.trySubtract(from, amount, least); }
      export function set(to: Address, amount: u64): void { votes.set(to, amount); }
      @view export function get(by: Address): u64 { return votes.get(by); }
    `);
    const contract = new ContractCaller(wasm);
    const [to, other] = [addressOf('alice'), addressOf('bob')];
    contract.value('alice', 'add', { to, amount: 5 });
    contract.value('alice', 'add', { to: other, amount: 7 });
    expect(contract.value('alice', 'tryAdd', { to, amount: 5, most: 9 })).toBe(false);
    expect(contract.value('alice', 'trySubtract', { from: to, amount: 3, least: 2 })).toBe(true);
    expect(contract.call('alice', 'subtract', { from: to, amount: 3 }).message).toBe('underflow');
    expect([contract.value('alice', 'get', { by: to }), contract.value('alice', 'get', { by: other })]).toEqual([
      2n,
      7n,
    ]);
    contract.value('alice', 'set', { to, amount: 2n ** 64n - 1n });
    expect(contract.call('alice', 'add', { to, amount: 1 }).message).toBe('overflow');
    expect(layout.fields).toMatchObject([{ name: 'votes', kind: 'map', key: 'address', value: 'u64' }]);
    const stored = decodeStorageKey(layout, Buffer.from([...contract.contract.storage.keys()][0] as string, 'hex'));
    expect(stored).toMatchObject({ field: { name: 'votes' }, key: to });
  });
});

describe('a storage field that no declaration tells', () => {
  it('is refused', async () => {
    const made: readonly (readonly [source: string, place: string, message: string])[] = [
      [
        'function a(id: string): Counter { return new Counter("votes for " + id); }',
        'new Counter',
        'CounterMap keyed by it',
      ],
      ['function b(): void { const x = new Value<u64>("x"); }', 'new Value', 'use a Map keyed by it'],
      [
        'class C { votes: Map<u64, u64> = new Map<u64, u64>("x"); }',
        'new Map',
        'keyed by a class that has it as a field',
      ],
      [
        'class D { static make(): Roles { return new Roles("x"); } }',
        'new Roles',
        'use a role whose name has it in it',
      ],
      ['function e(x: Set<u64> = new Set<u64>("x")): void {}', 'new Set', 'use a Set keyed by a class'],
      ['const f = true ? new Counter("x") : g;', 'new Counter("x")', 'use a CounterMap keyed by it'],
      ['function h(): Tally { return new Tally("x"); }', 'new Tally', 'a Counter made here'],
      [
        'namespace n { export function f(): void { new Vector<u64>("x"); } }',
        'new Vector',
        'use a Map keyed by a class',
      ],
      ['function i(): () => Counter { return () => new Counter("x"); }', 'new Counter', 'use a CounterMap'],
      [
        'function j<T>(): T { return instantiate<T>("x"); }',
        'instantiate',
        'make a storage field that is in no layout',
      ],
      ['function k(): void { new sdk.Counter("x"); }', 'new sdk', 'a Counter made here'],
    ];
    const error = await compileErrorOf(`${sdkImport}
import * as sdk from "blockstm/assembly"; type Tally = Counter; const g = new Counter(); export function go(): void {}
${made.map(([source]) => source).join('\n')}`);
    expect(error.problems.map(({ line, column, message }) => ({ line, column, message }))).toEqual(
      made.map(([source, place, message], index) => ({
        line: 4 + index,
        column: source.indexOf(place) + 1,
        message: expect.stringContaining(message),
      })),
    );
  });

  it('may have the name of no other', async () => {
    const error = await compileErrorOf(`${sdkImport}
namespace a { export const b = new Counter(); }
const x = new Counter("a.b");
class A { static readonly b: Counter = new Counter(); }
namespace A { export const b = new Counter(); }
const c = new Counter();
namespace d { export const e = new Value<u64>("c"); }
export function go(): void {}`);
    expect(error.problems.map(({ line, message }) => `${line}: ${message.split(':')[0]}`)).toEqual([
      '4: two storage fields are named "a.b" (sample.ts',
      '6: two storage fields are named "A.b" (sample.ts',
      '8: two storage fields are named "c" (sample.ts',
    ]);
  });
});
