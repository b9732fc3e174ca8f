// The collections of storage under the real runtime, against plain models.

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeOutput } from '../../dist/host/contract/codec.js';
import { compile } from '../../dist/host/contract/index.js';
import { decodeStorageKey } from '../../dist/host/contract/storage-codec.js';
import { addressOf, wordOf } from '../support/contract-caller.js';
import { Runtimes } from '../support/runtimes.js';

const runtimes = new Runtimes();
afterAll(() => runtimes.close());

const { wasm, layout } = await compile({
  name: 'collections',
  source: `
    import { Address, Counter, EnumerableMap, EnumerableSet, Map, Set, Value, Vector } from "blockstm/assembly";
    const value = new Value<string>();
    const map = new Map<string, u64>();
    const members = new Set<Address>();
    const list = new Vector<string>();
    const counter = new Counter();
    const book = new EnumerableMap<string, u64>();
    const crowd = new EnumerableSet<string>();

    export function valueSet(key: string): string { const before = value.has() ? value.get() : "none"; value.set(key); return before; }
    export function valueRemove(): string { const before = value.get(); value.remove(); return before; }
    export function mapSet(key: string, amount: u64): u64 { const slot = map.at(key); const before = slot.get(); slot.set(amount); return before; }
    export function mapDelete(key: string): bool { const had = map.has(key); map.delete(key); return had; }
    export function setAdd(member: Address): bool { const had = members.has(member); members.add(member); return had; }
    export function setDelete(member: Address): bool { const had = members.has(member); members.delete(member); return had; }
    export function listPush(key: string): u64 { return list.push(key); }
    export function listPop(): string { return list.pop(); }
    export function listGet(index: u64): string { return list.get(index); }
    export function listSet(index: u64, key: string): void { list.set(index, key); }
    export function listAt(index: u64): string { const slot = list.at(index); slot.set(slot.get() + "!"); return slot.get(); }
    export function counterAdd(amount: u64): void { counter.add(amount, 60); }
    export function counterSubtract(amount: u64): bool { return counter.trySubtract(amount); }
    export function bookSet(key: string, amount: u64): bool { const had = book.has(key); book.set(key, amount); return had; }
    export function bookGet(key: string): u64 { return book.get(key); }
    export function bookDelete(key: string): bool { return book.delete(key); }
    export function bookAt(index: u64): string { return book.keyAt(index); }
    export function crowdAdd(key: string): bool { return crowd.add(key); }
    export function crowdDelete(key: string): bool { return crowd.delete(key); }
    export function crowdAt(index: u64): string { return crowd.keyAt(index); }
    export function sizes(): Array<u64> { return [list.length, book.size, crowd.size, counter.get()]; }
    export function everything(): string {
      let text = "";
      for (let index: u64 = 0; index < list.length; index++) text += list.get(index) + ",";
      text += ";";
      for (let index: u64 = 0; index < book.size; index++) text += book.keyAt(index) + "=" + book.get(book.keyAt(index)).toString() + ",";
      text += ";";
      for (let index: u64 = 0; index < crowd.size; index++) text += crowd.keyAt(index) + ",";
      return text;
    }
  `,
});

interface Arguments {
  key: string;
  amount: bigint;
  index: bigint;
  member: Uint8Array;
}

const outOfRange = 'reverted index out of range';

/** What the contract keeps, in plain collections; a call gives its result, or how it ends. */
class Model {
  value: string | undefined;
  readonly map = new Map<string, bigint>();
  readonly members = new Set<bigint>();
  readonly list: string[] = [];
  counter = 0n;
  readonly book: [string, bigint][] = [];
  readonly crowd: string[] = [];

  call(method: string, { key, amount, index, member }: Arguments): unknown {
    const place = Number(index);
    const id = wordOf(member, 0);
    switch (method) {
      case 'valueSet': {
        const before = this.value ?? 'none';
        this.value = key;
        return before;
      }
      case 'valueRemove': {
        const before = this.value ?? '';
        this.value = undefined;
        return before;
      }
      case 'mapSet': {
        const before = this.map.get(key) ?? 0n;
        this.map.set(key, amount);
        return before;
      }
      case 'mapDelete':
        return this.map.delete(key);
      case 'setAdd': {
        const had = this.members.has(id);
        this.members.add(id);
        return had;
      }
      case 'setDelete':
        return this.members.delete(id);
      case 'listPush':
        return BigInt(this.list.push(key) - 1);
      case 'listPop':
        return this.list.pop() ?? outOfRange;
      case 'listGet':
        return this.list[place] ?? outOfRange;
      case 'listSet':
        if (place >= this.list.length) return outOfRange;
        this.list[place] = key;
        return undefined;
      case 'listAt':
        if (place >= this.list.length) return outOfRange;
        this.list[place] += '!';
        return this.list[place];
      case 'counterAdd':
        if (this.counter + amount > 60n) return 'reverted overflow';
        this.counter += amount;
        return undefined;
      case 'counterSubtract':
        if (this.counter < amount) return false;
        this.counter -= amount;
        return true;
      case 'bookSet': {
        const entry = this.book.find((each) => each[0] === key);
        if (entry === undefined) this.book.push([key, amount]);
        else entry[1] = amount;
        return entry !== undefined;
      }
      case 'bookGet':
        return this.book.find((each) => each[0] === key)?.[1] ?? 0n;
      case 'bookDelete':
        return take(
          this.book,
          this.book.findIndex((each) => each[0] === key),
        );
      case 'bookAt':
        return this.book[place]?.[0] ?? outOfRange;
      case 'crowdAdd':
        return !this.crowd.includes(key) && this.crowd.push(key) > 0;
      case 'crowdDelete':
        return take(this.crowd, this.crowd.indexOf(key));
      case 'crowdAt':
        return this.crowd[place] ?? outOfRange;
      case 'sizes':
        return [this.list.length, this.book.length, this.crowd.length, this.counter].map(BigInt);
      default:
        return [this.list, this.book.map(([name, entry]) => `${name}=${entry}`), this.crowd]
          .map((items) => items.map((item) => `${item},`).join(''))
          .join(';');
    }
  }
}

/** Takes an item out; the last one takes its place. */
function take(items: unknown[], index: number): boolean {
  if (index < 0) return false;
  const last = items.pop();
  if (index < items.length) items[index] = last;
  return true;
}

const methods = [
  ...['valueSet', 'valueRemove', 'mapSet', 'mapDelete', 'setAdd', 'setDelete'],
  ...['listPush', 'listPush', 'listPop', 'listGet', 'listSet', 'listAt', 'counterAdd', 'counterSubtract'],
  ...['bookSet', 'bookSet', 'bookGet', 'bookDelete', 'bookAt', 'crowdAdd', 'crowdAdd', 'crowdDelete', 'crowdAt'],
  ...['sizes', 'everything'],
];

const operation = fc.record({
  method: fc.constantFrom(...methods),
  args: fc.record({
    // Of different lengths in words, empty included.
    key: fc.constantFrom('', 'a', 'b', 'longer than a word', 'ein Schlüssel'),
    amount: fc.bigInt(0n, 30n),
    index: fc.bigInt(0n, 6n),
    member: fc.constantFrom(...['alice', 'bob', 'carol'].map(addressOf)),
  }),
});

describe('collections', () => {
  it.each([
    ['sequential', 1],
    ['block-stm', 3],
  ] as const)('behave as plain ones do, %s', async (executor, workers) => {
    const runtime = await runtimes.get({ executor, workers });
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 60 }), async (operations) => {
        const contract = await runtime.deploy(wasm);
        const inputsOf = new Map(contract.interface?.methods.map(({ name, inputs }) => [name, inputs]));
        const transactions = operations.map(({ method, args }) => {
          const given = inputsOf.get(method)?.map(({ name }) => [name, args[name as keyof Arguments]]) ?? [];
          return contract.transaction(addressOf('alice'), method, Object.fromEntries(given));
        });
        const { receipts, writeSet } = await runtime.execute({ transactions });
        const model = new Model();
        for (const [index, { method, args }] of operations.entries()) {
          const { status, output, error } = receipts.get(index);
          const expected = model.call(method, args);
          if (status === 'ok' && contract.interface !== undefined) {
            expect([index, method, decodeOutput(contract.interface, method, output)]).toEqual([
              index,
              method,
              expected,
            ]);
          } else expect([index, method, `${status} ${error?.message}`]).toEqual([index, method, expected]);
        }
        for (const { key } of writeSet) expect(decodeStorageKey(layout, key)).toBeDefined();
      }),
      { numRuns: 40 },
    );
  });
});
