// What an author writes besides methods: decorators, events, roles, checked arithmetic; and the layout that comes of it.

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeEvent, encodeEvent } from '../../dist/host/contract/event-codec.js';
import { CompileError, compile } from '../../dist/host/contract/index.js';
import { addressOf, ContractCaller } from '../support/contract-caller.js';
import { Runtimes } from '../support/runtimes.js';

const runtimes = new Runtimes();
afterAll(() => runtimes.close());

const sdk =
  'import { abi, Address, Counter, emit, EnumerableMap, Map, Set, u128, Value, Vector } from "blockstm/assembly";\n';

async function built(source: string) {
  return compile({ source, name: 'sample' });
}

async function caller(source: string): Promise<ContractCaller> {
  return new ContractCaller((await built(source)).wasm);
}

describe('@view', () => {
  const source = `
    import { Counter, emit, Map, Set, Value } from "blockstm/assembly";
    const count = new Value<u64>();
    const all = new Counter();
    @event class Seen { constructor(readonly by: u64) {} }
    class Box { put(value: u64): void { count.set(value); } tell(): void { emit(new Seen(1)); } add(): void { all.add(1); } }
    export function put(value: u64): void { count.set(value); }
    @view export function get(): u64 { return count.get(); }
    @view export function sneaks(): void { new Box().put(1); }
    @view export function tells(): void { new Box().tell(); }
    @view export function adds(): void { new Box().add(); }
  `;

  it('may read, and is ended where it stores all the same', async () => {
    const runtime = await runtimes.get({ executor: 'block-stm', workers: 2 });
    const contract = await runtime.deploy((await built(source)).wasm);
    expect(contract.interface?.methods.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'put call',
      'get view',
      'sneaks view',
      'tells view',
      'adds view',
    ]);
    const alice = addressOf('alice');
    const { receipts } = await runtime.execute({
      transactions: [
        contract.transaction(alice, 'put', { value: 5 }),
        ...['get', 'sneaks', 'tells', 'adds'].map((name) => contract.transaction(alice, name)),
      ],
    });
    expect([...receipts].map(({ status, error }) => error?.code ?? status)).toEqual([
      'ok',
      'ok',
      ...Array.from({ length: 3 }, () => 'readOnly'),
    ]);
    expect(receipts.get(1).output[0]).toBe(5);
  });

  it.each([
    ['count.set(1)', 'count.set(1)'],
    ['const slot = count.slot(); slot.set(1)', 'slot.set(1)'],
    ['map.at(1).set(2)', 'map.at(1).set(2)'],
    ['map.delete(1)', 'map.delete(1)'],
    ['set.add(1)', 'set.add(1)'],
    ['list.push(1)', 'list.push(1)'],
    ['counter.tryAdd(1)', 'counter.tryAdd(1)'],
    ['emit(new Seen(1))', 'emit(new Seen(1))'],
    ['abi.write(0, 0)', 'abi.write(0, 0)'],
    ['new Map<u64, u64>("x").set(1, 1)', 'new Map<u64, u64>("x").set(1, 1)'],
  ])('may not %s', async (body, storing) => {
    const error = await errorOf(`${sdk}
const count = new Value<u64>();
const map = new Map<u64, u64>();
const set = new Set<u64>();
const list = new Vector<u64>();
const counter = new Counter();
@event class Seen { constructor(readonly by: u64) {} }
@view
export function look(): void { ${body}; }`);
    const column = 'export function look(): void { '.length + body.indexOf(storing) + 1;
    expect(error).toMatchObject({ line: 10, column });
    expect(error.message).toContain('the view "look" stores: take @view away');
    expect(error.message).toContain('^'.repeat(storing.length));
  });

  it('may not store through a function that it calls', async () => {
    const error = await errorOf(`${sdk}
const count = new Value<u64>();
function helper(): void { count.set(1); }
@view
export function look(): void { helper(); }`);
    expect(error).toMatchObject({ line: 4, column: 27 });
    expect(error.message).toContain('the view "look" stores through "helper"');
  });
});

describe('@init and @migrate', () => {
  it('keep the owner where the layout says', async () => {
    const { wasm, layout } = await built(`
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

  it('initialise as the contract is deployed', async () => {
    const runtime = await runtimes.get({ executor: 'sequential' });
    const { wasm } = await built(`
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

describe('events', () => {
  it('are announced as the host encodes them', async () => {
    const contract = await caller(`${sdk}
      class Inner { constructor(readonly a: u8, readonly b: string) {} }
      @event class Plain { constructor(readonly text: string, readonly number: i16) {} }
      @event class Nothing { constructor() {} }
      @event("from", "inner") class Eightful { constructor(readonly from: Address, readonly amount: u128, readonly inner: Inner, readonly rest: u64[]) {} }
      @event class Declared { flag: bool = true; note: string | null = null; }
      export function go(text: string, number: i16, from: Address, amount: u128, inner: Inner, rest: u64[]): void {
        emit(new Plain(text, number));
        emit(new Nothing());
        const event = new Eightful(from, amount, inner, rest);
        emit(event);
        const declared = new Declared();
        declared.note = text;
        emit(declared);
      }
      export function fails(): void { emit(new Nothing()); assert(false); }
    `);
    fc.assert(
      fc.property(
        fc.record({
          text: fc.string({ unit: 'binary', maxLength: 30 }),
          number: fc.integer({ min: -32768, max: 32767 }),
          from: fc.uint8Array({ minLength: 32, maxLength: 32 }),
          amount: fc.bigInt(0n, 2n ** 128n - 1n),
          inner: fc.record({ a: fc.nat(255), b: fc.string({ maxLength: 20 }) }),
          rest: fc.array(fc.bigInt(0n, 2n ** 64n - 1n), { maxLength: 3 }),
        }),
        (args) => {
          const { text, number, from, amount, inner, rest } = args;
          const expected = [
            { name: 'Plain', fields: { text, number } },
            { name: 'Nothing', fields: {} },
            { name: 'Eightful', fields: { from, amount, inner, rest } },
            { name: 'Declared', fields: { flag: true, note: text } },
          ];
          const { events } = contract.call('alice', 'go', args);
          expect(events.map((event) => decodeEvent(contract.interface, event))).toEqual(expected);
          const encoded = expected.map(({ name, fields }) => encodeEvent(contract.interface, name, fields));
          expect(events.map(({ topic, data }) => ({ topic, data }))).toEqual(encoded);
        },
      ),
      { numRuns: 50 },
    );
    expect(contract.call('alice', 'fails').events).toEqual([]);
  });
});

describe('roles', () => {
  it('are granted, required and revoked', async () => {
    const { wasm, layout } = await built(`
      import { Address, Roles } from "blockstm/assembly";
      const roles = new Roles();
      export function grant(role: string, to: Address): void { roles.grant(role, to); }
      export function revoke(role: string, from: Address): void { roles.revoke(role, from); }
      @view export function has(role: string, account: Address): bool { return roles.has(role, account); }
      export function mint(): void { roles.require("minter"); }
    `);
    const contract = new ContractCaller(wasm);
    expect(contract.call('alice', 'mint')).toMatchObject({ status: 'reverted', message: 'only a minter may do this' });
    contract.value('bob', 'grant', { role: 'minter', to: addressOf('alice') });
    contract.value('bob', 'grant', { role: 'burner', to: addressOf('bob') });
    expect(contract.call('alice', 'mint').status).toBe('ok');
    expect(contract.call('bob', 'mint').status).toBe('reverted');
    expect(contract.value('bob', 'has', { role: 'burner', account: addressOf('bob') })).toBe(true);
    contract.value('bob', 'revoke', { role: 'minter', from: addressOf('alice') });
    expect(contract.call('alice', 'mint').status).toBe('reverted');
    expect(layout.fields).toMatchObject([{ name: 'roles', kind: 'set', key: 'RoleGrant' }]);
  });
});

describe('checked arithmetic', () => {
  const types = ['u8', 'u16', 'u32', 'u64', 'i8', 'i16', 'i32', 'i64'];

  it('reverts exactly where the result does not fit', async () => {
    const contract = await caller(
      [
        'import { checked } from "blockstm/assembly";',
        ...types.flatMap((type) =>
          ['add', 'subtract', 'multiply'].map(
            (name) =>
              `export function ${name}_${type}(left: ${type}, right: ${type}): ${type} { return checked.${name}<${type}>(left, right); }`,
          ),
        ),
      ].join('\n'),
    );
    for (const type of types) {
      const bits = BigInt(type.slice(1));
      const [least, most] = type.startsWith('i')
        ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n]
        : [0n, (1n << bits) - 1n];
      const number = fc.oneof(
        fc.bigInt(least, most),
        fc.constantFrom(least, least + 1n, most, most - 1n, 0n, 1n, least === 0n ? 2n : -1n),
        fc.bigInt(0n, 1n << (bits / 2n)),
      );
      fc.assert(
        fc.property(number, number, fc.constantFrom('add', 'subtract', 'multiply'), (left, right, name) => {
          const exact = name === 'add' ? left + right : name === 'subtract' ? left - right : left * right;
          const receipt = contract.call('alice', `${name}_${type}`, { left, right });
          if (exact >= least && exact <= most) {
            expect(receipt).toMatchObject({ status: 'ok', value: bits === 64n ? exact : Number(exact) });
          } else {
            const message = exact > most ? 'overflow' : 'underflow';
            expect(receipt).toMatchObject({ status: 'reverted', message });
          }
        }),
        { numRuns: 300 },
      );
    }
  });
});

describe('the storage layout', () => {
  it('tells every field of every file', async () => {
    const { layout } = await built(`${sdk}
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
});

async function errorOf(source: string): Promise<CompileError> {
  const outcome = await built(source).catch((error: unknown) => error);
  if (!(outcome instanceof CompileError)) throw new Error('it compiled', { cause: outcome });
  return outcome;
}

describe('a compile error of an author', () => {
  const go = 'export function go(): void {}';

  it.each([
    // Types.
    ['export function go(x: f64[]): void {}', 1, 23, 'a contract has no floating-point numbers'],
    ['export function go(x: Array<Array<f32>>): void {}', 1, 35, 'a contract has no floating-point numbers'],
    [
      'export function go(x: StaticArray<u64>): void {}',
      1,
      23,
      'the parameter "x" of the method "go" has a type that cannot be stored or sent',
    ],
    [
      'export function go(): u64 | null { return 0; }',
      1,
      23,
      'the result of the method "go" cannot be null: only references can',
    ],
    ['export function go(x: Lost): void {}', 1, 23, 'has a type that cannot be stored or sent'],
    ['class A<T> { x: T; }\nexport function go(x: A<u64>): void {}', 2, 23, 'has a type that cannot be stored or sent'],
    [
      'class A { x: u64 = 0; }\nclass B extends A { y: u64 = 0; }\nexport function go(x: B): void {}',
      2,
      17,
      'the class "B" cannot be stored or sent: it has a base class',
    ],
    [
      'class A { x: u64 = 0; y: (x: u64) => void; }\nexport function go(x: A): void {}',
      1,
      26,
      'the field "y" of the class "A" has a type that cannot be stored or sent',
    ],
    [
      'class A { x: u64 = 0;\n  y: f64[] = []; }\nexport function go(x: A | null): void {}',
      2,
      6,
      'a contract has no floating-point numbers',
    ],
    ['class A {}\nexport function go(x: A): void {}', 1, 7, 'the class "A" cannot be stored or sent: it has no fields'],
    [
      'class a { x: u64 = 0; }\nexport function go(x: a): void {}',
      1,
      7,
      'the class "a" cannot be stored or sent: its name',
    ],
    [
      'class A { x: A | null = null; }\nexport function go(x: A): void {}',
      1,
      14,
      'the class "A" contains itself: its values would have no end',
    ],
    [
      'class A { x: B[] = []; }\nclass B { y: A[] = []; }\nexport function go(x: A): void {}',
      2,
      14,
      'the class "A" contains itself, through "B"',
    ],
    [
      'type A = B[];\ntype B = A[];\nexport function go(x: A): void {}',
      2,
      10,
      'has a type that cannot be stored or sent',
    ],
    [
      'const x = new Map<u64, Array<f64>>();\nimport { Map } from "blockstm/assembly";\nexport function go(): void {}',
      1,
      30,
      'a contract has no floating-point numbers',
    ],
    // Fields.
    [
      `${sdk}const x = new Map<u64, Lost>();\n${go}`,
      2,
      24,
      'the storage field "x" has a type that cannot be stored or sent',
    ],
    [`${sdk}const x = new Map();\n${go}`, 2, 11, 'the storage field "x" needs its types'],
    [
      `${sdk}const x = new Value<u64>("a" + "b");\n${go}`,
      2,
      26,
      "a storage field at the top level has its variable's name, or one given as a string literal",
    ],
    [
      `${sdk}const x = new Value<u64>(), y = new Map<u64, u64>("x");\n${go}`,
      2,
      51,
      'two storage fields are named "x" (sample.ts:2)',
    ],
    [
      `${sdk}const x = new Value<u64>("blockstm.owner");\n${go}`,
      2,
      26,
      'two storage fields are named "blockstm.owner", which the SDK keeps for itself',
    ],
    [
      `${sdk}class K { ${Array.from({ length: 32 }, (_, index) => `f${index}: u64 = 0;`).join(' ')} }\nconst x = new Map<K, u64>();\n${go}`,
      3,
      7,
      'the keys of "x" take 264 bytes or more; a storage key has at most 256',
    ],
    [
      `${sdk}export function go(name: string): void { new Map<string, Lost[]>(name).delete(name); }`,
      2,
      58,
      'a Map has a type that cannot be stored or sent',
    ],
    // Decorators.
    [
      '@veiw\nexport function go(): void {}',
      1,
      1,
      'there is no decorator @veiw; there are @view, @init, @migrate, @event',
    ],
    [
      `@view\nfunction help(): void {}\n${go}`,
      1,
      1,
      '@view means nothing on a function that the contract does not export: it belongs on a function that the contract exports',
    ],
    [`@event\n${go}`, 1, 1, '@event means nothing on a method: it belongs on a class at the top level of a file'],
    [`@view\nclass A {}\n${go}`, 1, 1, '@view means nothing on a class'],
    [`class A { @init x(): void {} }\n${go}`, 1, 11, '@init means nothing on a member of a class'],
    [`namespace n { @event class A {} }\n${go}`, 1, 15, '@event means nothing on a class in a namespace'],
    ['@init export function a(): void {}\n@init export function b(): void {}', 2, 23, '"a" has @init too'],
    ['@migrate export function a(): void {}\n@migrate export function b(): void {}', 2, 26, '"a" has @migrate too'],
    ['@view @init export function a(): void {}', 1, 7, 'a method has one of @view, @init, @migrate, not two'],
    ['@view("x") export function a(): void {}', 1, 1, '@view takes no arguments'],
    // Events.
    [`@event("y") class A { x: u64 = 0; }\n${go}`, 1, 8, 'the event "A" has no field "y"'],
    [`@event(1) class A { x: u64 = 0; }\n${go}`, 1, 8, '`@event` is given names of fields as string literals'],
    [`@event("x", "x") class A { x: u64 = 0; }\n${go}`, 1, 13, 'the field "x" is named twice'],
    [`@event class A<T> { x: u64 = 0; }\n${go}`, 1, 14, 'the event "A" is generic'],
    [`@event class A { x: f32 = 0; }\n${go}`, 1, 21, 'a contract has no floating-point numbers'],
    [
      `@event class ${'A'.repeat(257)} { x: u64 = 0; }\n${go}`,
      1,
      14,
      'does not fit: its name and indexed fields take 264 bytes, a topic has at most 256',
    ],
    // Code at the top level.
    [`function f(): void {}\nf();\n${go}`, 2, 1, 'code at the top level of a file belongs to no call'],
    [`"use strict";\n${go}`, 1, 1, 'code at the top level of a file belongs to no call'],
    [`if (true) {}\n${go}`, 1, 1, 'code at the top level of a file belongs to no call'],
  ])('points at what is wrong in %j', async (source, line, column, message) => {
    const error = await errorOf(source);
    expect(error.message).toContain(message);
    expect(error).toMatchObject({ line, column });
    const [, shown = '', caret = ''] = error.message.split('\n');
    expect(shown).toContain(source.split('\n')[line - 1]);
    expect(caret.indexOf('^') - caret.indexOf('|') - 1).toBe(column);
  });
});
