import { expect, test } from 'vitest';
import type { StorageField, StorageLayout } from '../../dist/host/contract/layout.js';
import { layoutDifference } from '../../dist/host/contract/layout-difference.js';

function field(name: string, kind: StorageField['kind'], types: { key?: string; value?: string } = {}): StorageField {
  const prefix = Buffer.from(name.padEnd(8).slice(0, 8)).toString('hex');
  return { name, kind, prefix, ...types };
}

function layout(fields: readonly StorageField[], order = [{ name: 'id', type: 'u64' }]): StorageLayout {
  return { schema: 'blockstm.layout/1', name: 'token', fields, structs: [{ name: 'Order', fields: order }] };
}

const owner = field('owner', 'value', { value: 'address' });
const balances = field('balances', 'map', { key: 'address', value: 'u64' });
const orders = field('orders', 'vector', { value: 'Order[]?' });

/** `kind field safe`, of each change. */
function changes(before: StorageLayout, after: StorageLayout): string[] {
  return layoutDifference(before, after).map(({ kind, field, isSafe }) => `${kind} ${field} ${isSafe}`);
}

test('the same fields are no difference, in whatever order and whatever line', () => {
  const moved = { ...owner, file: 'other.ts', line: 99 };
  expect(changes(layout([owner, balances, orders]), layout([orders, moved, balances]))).toEqual([]);
});

test('a field that is new is safe, one that is gone is not', () => {
  expect(changes(layout([owner]), layout([owner, balances]))).toEqual(['added balances true']);
  expect(changes(layout([owner, balances]), layout([owner]))).toEqual(['removed balances false']);
});

test('another type under the same name is retyped', () => {
  const wide = field('balances', 'map', { key: 'address', value: 'u128' });
  expect(changes(layout([balances]), layout([wide]))).toEqual(['retyped balances false']);
  const counted = field('balances', 'counter');
  expect(changes(layout([balances]), layout([counted]))).toEqual(['retyped balances false']);
});

test('a counter is a value of u64 and no other, and so is one for each key', () => {
  const [counter, value] = [field('supply', 'counter'), field('supply', 'value', { value: 'u64' })];
  expect(changes(layout([counter]), layout([value]))).toEqual([]);
  expect(changes(layout([value]), layout([counter]))).toEqual([]);
  const narrow = field('supply', 'value', { value: 'u32' });
  expect(layoutDifference(layout([counter]), layout([narrow]))).toMatchObject([
    { kind: 'retyped', typeBefore: 'value<u64>', typeAfter: 'value<u32>' },
  ]);
});

test('a struct that changes retypes what it is a part of, and one that is only called otherwise does not', () => {
  const wider = [
    { name: 'id', type: 'u64' },
    { name: 'price', type: 'u64' },
  ];
  const [change] = layoutDifference(layout([orders]), layout([orders], wider));
  expect(change).toMatchObject({
    kind: 'retyped',
    typeBefore: 'vector<{id: u64}[]?>',
    typeAfter: 'vector<{id: u64, price: u64}[]?>',
  });
  const renamed = {
    ...layout([field('orders', 'vector', { value: 'Bid[]?' })]),
    structs: [{ name: 'Bid', fields: [{ name: 'id', type: 'u64' }] }],
  };
  expect(changes(layout([orders]), renamed)).toEqual([]);
});

test('other keys under the same name are moved, and other keys under another name where there is one field of the type', () => {
  const elsewhere = { ...balances, prefix: '00000000000000ff' };
  expect(changes(layout([balances]), layout([elsewhere]))).toEqual(['moved balances false']);
  const accounts = field('accounts', 'map', { key: 'address', value: 'u64' });
  expect(layoutDifference(layout([owner, balances]), layout([accounts, owner]))).toMatchObject([
    { kind: 'moved', field: 'balances', before: { name: 'balances' }, after: { name: 'accounts' } },
  ]);
});

test('which of several a field has become is not guessed', () => {
  const [debts, accounts] = ['debts', 'accounts'].map((name) => field(name, 'map', { key: 'address', value: 'u64' }));
  expect(changes(layout([balances]), layout([debts as StorageField, accounts as StorageField]))).toEqual([
    'removed balances false',
    'added debts true',
    'added accounts true',
  ]);
});

test('another name for the same keys is a name only', () => {
  const named = { ...balances, name: 'accounts' };
  expect(changes(layout([balances]), layout([named]))).toEqual([]);
  expect(changes(layout([balances]), layout([{ ...named, value: 'bool' }]))).toEqual(['retyped balances false']);
});
