// Contracts that workloads brought with them.

import { describe, expect, it } from 'vitest';
import { addressOf, ContractCaller, sampleContract } from '../support/contract-caller.js';

function sample(name: string): ContractCaller {
  return new ContractCaller(sampleContract(name));
}

describe('drift', () => {
  it('adds to the cell it is told, or to the one that the pointer leads to', () => {
    const drift = sample('drift');
    const visit = (drifts: boolean) =>
      drift.value('a', 'visit', { pointer: 3, cell: 5, count: 1000, drifts, amount: 7 });
    expect([visit(false), visit(false)]).toEqual([7n, 14n]);
    const pointer = drift.value('a', 'pointerOf', { pointer: 3 }) as bigint;
    expect(pointer).toBeGreaterThan(1000n);
    const led = BigInt.asUintN(64, 5n + pointer) % 1000n;
    expect(visit(true)).toBe(7n);
    expect(drift.value('a', 'valueOf', { cell: led })).toBe(7n);
    expect(drift.value('a', 'pointerOf', { pointer: 3 })).not.toBe(pointer);
    expect(drift.call('a', 'visit', { pointer: 3, cell: 5, count: 0, drifts: true, amount: 7 }).message).toBe(
      'no cells',
    );
  });
});

describe('drop', () => {
  it('numbers each shard by itself, and lets owners only move what they have', () => {
    const drop = sample('drop');
    const shard = 2n << 40n;
    expect([0, 2, 2].map((number) => drop.value('a', 'mint', { shard: number }))).toEqual([1n, shard + 1n, shard + 2n]);
    expect(drop.call('b', 'transfer', { to: addressOf('b'), id: 1 }).message).toBe('not the owner');
    drop.call('a', 'transfer', { to: addressOf('b'), id: 1 });
    expect(drop.value('a', 'ownerOf', { id: 1 })).toEqual(addressOf('b'));
    expect(['a', 'b'].map((owner) => drop.value('a', 'balanceOf', { owner: addressOf(owner) }))).toEqual([2n, 1n]);
    expect(drop.call('a', 'mint', { shard: 1 << 20 }).message).toBe('no such shard');
    expect(drop.call('a', 'ownerOf', { id: 2 }).message).toBe('no such token');
  });
});

describe('ycsb', () => {
  it('reads and overwrites in order, and what it read shows', () => {
    const ycsb = sample('ycsb');
    ycsb.value('a', 'fill', { from: 10, count: 3, value: '0x0102030405060708090a' });
    const operate = (keys: readonly number[], updates: number, value: `0x${string}` = '0x') =>
      ycsb.value('a', 'operate', { keys, updates, value });
    const before = operate([10, 12], 0);
    expect(operate([11, 12], 0)).toBe(before);
    // The second of three operations writes; the third reads what it wrote.
    expect(operate([10, 12, 12], 2, '0xff')).not.toBe(before);
    expect(ycsb.value('a', 'valueOf', { key: 12 })).toEqual(Uint8Array.of(0xff));
    expect(operate([10, 12], 0)).not.toBe(before);
    expect(operate([10, 11], 0)).toBe(before);
    const many = { keys: Array.from({ length: 65 }, () => 1), updates: 0, value: '0x' };
    expect(ycsb.call('a', 'operate', many).message).toBe('too many operations');
  });
});

describe('smallbank', () => {
  const balances = (bank: ContractCaller, customer: number) =>
    ['savingsOf', 'checkingOf', 'balance'].map((method) => bank.value('a', method, { customer }));

  it('moves money between accounts, and lets checks overdraw at a price', () => {
    const bank = sample('smallbank');
    for (const customer of [1, 2]) bank.value('a', 'open', { customer, inSavings: 100, inChecking: 50 });
    bank.value('a', 'depositChecking', { customer: 1, amount: 7 });
    bank.value('a', 'transactSavings', { customer: 1, amount: -30 });
    expect(balances(bank, 1)).toEqual([70n, 57n, 127n]);
    bank.value('a', 'sendPayment', { from: 1, to: 2, amount: 57 });
    bank.value('a', 'writeCheck', { customer: 1, amount: 70 });
    expect(balances(bank, 1)).toEqual([70n, -70n, 0n]);
    bank.value('a', 'writeCheck', { customer: 1, amount: 5 });
    expect(balances(bank, 1)).toEqual([70n, -76n, -6n]);
    bank.value('a', 'amalgamate', { from: 2, to: 1 });
    expect([balances(bank, 1), balances(bank, 2)]).toEqual([
      [70n, 131n, 201n],
      [0n, 0n, 0n],
    ]);
  });

  it('tells no sum that does not fit', () => {
    const bank = sample('smallbank');
    bank.value('a', 'open', { customer: 1, inSavings: 2n ** 63n - 1n, inChecking: 1 });
    expect(bank.call('a', 'balance', { customer: 1 })).toMatchObject({ status: 'reverted', message: 'overflow' });
  });

  it.each([
    ['sendPayment', { from: 1, to: 2, amount: 51 }, 'insufficient funds'],
    ['sendPayment', { from: 1, to: 1, amount: 1 }, 'the same customer'],
    ['sendPayment', { from: 1, to: 9, amount: 1 }, 'no such customer'],
    ['amalgamate', { from: 9, to: 1 }, 'no such customer'],
    ['transactSavings', { customer: 1, amount: -101 }, 'insufficient funds'],
    ['depositChecking', { customer: 1, amount: -1 }, 'negative amount'],
    ['writeCheck', { customer: 9, amount: 1 }, 'no such customer'],
    ['balance', { customer: 9 }, 'no such customer'],
  ])('refuses %s %o', (method, args, message) => {
    const bank = sample('smallbank');
    for (const customer of [1, 2]) bank.value('a', 'open', { customer, inSavings: 100, inChecking: 50 });
    expect(bank.call('a', method, args)).toMatchObject({ status: 'reverted', message });
  });
});
