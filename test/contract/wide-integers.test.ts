// u128 and u256 against BigInt.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../../dist/host/contract/index.js';
import { ContractCaller } from '../support/contract-caller.js';

const operators = {
  add: '+',
  subtract: '-',
  multiply: '*',
  divide: '/',
  remainder: '%',
  and: '&',
  or: '|',
  xor: '^',
} as const;

const comparisons = { equal: '==', differ: '!=', less: '<', greater: '>', atMost: '<=', atLeast: '>=' } as const;

const { wasm } = await compile({
  name: 'wide',
  source: [
    'import { u128, u256 } from "blockstm/assembly";',
    ...['u128', 'u256'].flatMap((type) => [
      ...Object.entries(operators).map(
        ([name, operator]) =>
          `export function ${name}_${type}(left: ${type}, right: ${type}): ${type} { return left ${operator} right; }`,
      ),
      ...Object.entries(comparisons).map(
        ([name, operator]) =>
          `export function ${name}_${type}(left: ${type}, right: ${type}): bool { return left ${operator} right; }`,
      ),
      `export function up_${type}(value: ${type}, bits: i32): ${type} { return value << bits; }`,
      `export function down_${type}(value: ${type}, bits: i32): ${type} { return value >> bits; }`,
      `export function show_${type}(value: ${type}): string { return value.toString(); }`,
      `export function parse_${type}(text: string): ${type} { return ${type}.parse(text); }`,
      `export function narrow_${type}(value: ${type}): u64 { return value.toU64(); }`,
      `export function widen_${type}(value: u64): ${type} { return ${type}.from(value); }`,
      `export function limits_${type}(value: ${type}): bool { return ${type}.zero <= value && value <= ${type}.max && value.isZero == (value == ${type}.zero); }`,
      `export function nullable_${type}(value: ${type} | null): bool { return value === null; }`,
    ]),
    'export function product(left: u64, right: u64): u128 { return u128.product(left, right); }',
    'export function toU128(value: u256): u128 { return value.toU128(); }',
    'export function fromU128(value: u128): u256 { return u256.fromU128(value); }',
  ].join('\n'),
});
const contract = new ContractCaller(wasm);

/** Numbers of every size, and those at the edges of words. */
function numbers(bits: number): fc.Arbitrary<bigint> {
  const most = (1n << BigInt(bits)) - 1n;
  const sized = fc.tuple(fc.bigInt(0n, most), fc.nat(bits - 1)).map(([value, shift]) => value >> BigInt(shift));
  const edge = fc
    .tuple(fc.nat(bits / 32), fc.bigInt(-2n, 2n))
    .map(([words, offset]) => BigInt.asUintN(bits, (1n << BigInt(words * 32)) + offset));
  // Words of ones and zeros are where the guesses of long division go wrong.
  const striped = fc
    .array(fc.constantFrom(0n, 1n, 2n ** 63n, 2n ** 63n - 1n, 2n ** 64n - 1n, 2n ** 64n - 2n), {
      minLength: 1,
      maxLength: bits / 64,
    })
    .map((words) => words.reduce((value, word) => (value << 64n) | word, 0n));
  return fc.oneof(sized, edge, striped);
}

function exact(name: keyof typeof operators, left: bigint, right: bigint): bigint | undefined {
  switch (name) {
    case 'add':
      return left + right;
    case 'subtract':
      return left - right;
    case 'multiply':
      return left * right;
    case 'divide':
      return right === 0n ? undefined : left / right;
    case 'remainder':
      return right === 0n ? undefined : left % right;
    case 'and':
      return left & right;
    case 'or':
      return left | right;
    case 'xor':
      return left ^ right;
  }
}

function compare(name: keyof typeof comparisons, left: bigint, right: bigint): boolean {
  switch (name) {
    case 'equal':
      return left === right;
    case 'differ':
      return left !== right;
    case 'less':
      return left < right;
    case 'greater':
      return left > right;
    case 'atMost':
      return left <= right;
    case 'atLeast':
      return left >= right;
  }
}

describe.each([
  ['u128', 128],
  ['u256', 256],
])('%s', (type, bits) => {
  const most = (1n << BigInt(bits)) - 1n;
  const pair = fc.oneof(
    fc.tuple(numbers(bits), numbers(bits)),
    // Nearly equal.
    fc.tuple(numbers(bits), fc.bigInt(-2n, 2n)).map(([value, offset]) => [value, BigInt.asUintN(bits, value + offset)]),
    // A dividend just below, at and above a multiple of the divisor.
    fc
      .tuple(numbers(bits / 2), numbers(bits / 2), fc.bigInt(-2n, 2n))
      .map(([left, right, offset]) => [BigInt.asUintN(bits, left * right + offset), right]),
  ) as fc.Arbitrary<[bigint, bigint]>;

  it.each(Object.keys(operators) as (keyof typeof operators)[])('%s is exact, or reverts', (name) => {
    const failures = new Map([
      ['add', 'overflow'],
      ['multiply', 'overflow'],
      ['subtract', 'underflow'],
    ]);
    fc.assert(
      fc.property(pair, ([left, right]) => {
        const result = exact(name, left, right);
        const receipt = contract.call('alice', `${name}_${type}`, { left, right });
        if (result !== undefined && result >= 0n && result <= most) {
          expect(receipt).toMatchObject({ status: 'ok', value: result });
        } else {
          expect(receipt).toMatchObject({ status: 'reverted', message: failures.get(name) ?? 'division by zero' });
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('compares', () => {
    fc.assert(
      fc.property(
        pair,
        fc.constantFrom(...(Object.keys(comparisons) as (keyof typeof comparisons)[])),
        (both, name) => {
          const [left, right] = both;
          expect(contract.value('alice', `${name}_${type}`, { left, right })).toBe(compare(name, left, right));
        },
      ),
      { numRuns: 600 },
    );
  });

  it('shifts, and gives 0 past its width', () => {
    const shifts = fc.oneof(fc.integer({ min: 0, max: bits + 10 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));
    fc.assert(
      fc.property(numbers(bits), shifts, (value, shift) => {
        const isInside = shift >= 0 && shift < bits;
        expect(contract.value('alice', `up_${type}`, { value, bits: shift })).toBe(
          isInside ? BigInt.asUintN(bits, value << BigInt(shift)) : 0n,
        );
        expect(contract.value('alice', `down_${type}`, { value, bits: shift })).toBe(
          isInside ? value >> BigInt(shift) : 0n,
        );
      }),
      { numRuns: 500 },
    );
  });

  it('reads and writes decimals', () => {
    fc.assert(
      fc.property(numbers(bits), (value) => {
        expect(contract.value('alice', `show_${type}`, { value })).toBe(value.toString());
        expect(contract.value('alice', `parse_${type}`, { text: value.toString() })).toBe(value);
        expect(contract.value('alice', `limits_${type}`, { value })).toBe(true);
      }),
      { numRuns: 200 },
    );
    for (const text of ['', '-1', '1.0', '0x10', '1 ', '１']) {
      expect(contract.call('alice', `parse_${type}`, { text }).message).toBe('not a decimal number');
    }
    for (const text of [(most + 1n).toString(), '9'.repeat(90)]) {
      expect(contract.call('alice', `parse_${type}`, { text }).message).toBe('overflow');
    }
    expect(contract.value('alice', `parse_${type}`, { text: `000${most}` })).toBe(most);
  });

  it('becomes a u64 where it fits, and can be null', () => {
    for (const value of [0n, 2n ** 64n - 1n]) {
      expect(contract.value('alice', `narrow_${type}`, { value })).toBe(value);
      expect(contract.value('alice', `widen_${type}`, { value })).toBe(value);
    }
    for (const value of [2n ** 64n, most]) {
      expect(contract.call('alice', `narrow_${type}`, { value }).message).toBe('overflow');
    }
    expect([null, 0n].map((value) => contract.value('alice', `nullable_${type}`, { value }))).toEqual([true, false]);
  });
});

describe('wide integers', () => {
  it('become one another', () => {
    fc.assert(
      fc.property(numbers(64), numbers(64), numbers(128), (left, right, value) => {
        expect(contract.value('alice', 'product', { left, right })).toBe(left * right);
        expect(contract.value('alice', 'fromU128', { value })).toBe(value);
        expect(contract.value('alice', 'toU128', { value })).toBe(value);
      }),
    );
    expect(contract.call('alice', 'toU128', { value: 2n ** 128n }).message).toBe('overflow');
  });
});
