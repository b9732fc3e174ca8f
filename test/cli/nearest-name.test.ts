import { expect, test } from 'vitest';
import { suggestion } from '../../dist/host/cli/nearest-name.js';
import { nearestName } from '../../dist/host/contract/nearest-name.js';

const methods = ['mint', 'transfer', 'transferFrom', 'balanceOf'];

test.each([
  ['transfer', 'transfer'],
  ['transfr', 'transfer'],
  ['tranfsre', 'transfer'],
  ['TransferFrom', 'transferFrom'],
  ['transferform', 'transferFrom'],
  ['balance', 'balanceOf'],
  ['mnit', 'mint'],
  ['mintt', 'mint'],
])('%s means %s', (name, meant) => {
  expect(nearestName(name, methods)).toBe(meant);
});

test.each(['burn', 'mi', '', 'x', 'approve'])('"%s" means none of them', (name) => {
  expect(nearestName(name, methods)).toBeUndefined();
  expect(suggestion(name, methods)).toBe('');
});

test('of a letter or two nothing is near but the same ones', () => {
  expect(nearestName('a', ['b', 'c'])).toBeUndefined();
  expect(nearestName('', ['x'])).toBeUndefined();
  expect(nearestName('by', ['to', 'me'])).toBeUndefined();
  expect(nearestName('TO', ['by', 'to'])).toBe('to');
});

test('of two that are as near, the first; and nothing is near where nothing is known', () => {
  expect(nearestName('pat', ['pay', 'put'])).toBe('pay');
  expect(nearestName('pay', [])).toBeUndefined();
  expect(suggestion('pai', ['pay'])).toBe(' (did you mean pay?)');
});
