import { beforeAll, expect, test } from 'vitest';
import { type TestChain, type TestContract, testChain } from '../../dist/host/testing/index.js';
import '../../dist/host/testing/matchers.js';
import { contractWasm } from '../support/runtimes.js';

let chain: TestChain;
let token: TestContract;

beforeAll(async () => {
  chain = await testChain();
  token = await chain.deploy(await contractWasm('token'));
  await token.as('minter').mint({ to: chain.account('alice'), amount: 1_000_000n });
});

const pay = (amount: bigint) => token.as('alice').transfer({ to: chain.account('bob'), amount });

/** What an expectation that fails says. */
async function messageOf(expectation: () => unknown): Promise<string> {
  try {
    await expectation();
  } catch (error) {
    return (error as Error).message;
  }
  return 'it passed';
}

test('a call, its receipt and a promise of either are judged alike', async () => {
  await expect(pay(1n)).toSucceed();
  await expect(pay(1n).receipt()).toSucceed();
  expect(await pay(1n).receipt()).toSucceed();
  await expect(pay(2_000_000n)).toRevert('insufficient balance');
  await expect((async () => await pay(2_000_000n))()).toRevert('insufficient balance');
  expect(await pay(2_000_000n).receipt()).toRevert(/^insuff/);
  await expect(pay(2_000_000n)).not.toSucceed();
  await expect(token.view.balanceOf({ owner: chain.account('alice') })).toSucceed();
});

test('a revert has its message, and is told from other failures', async () => {
  const trapped = token.as('alice').transfer({ to: chain.account('bob'), amount: 1n }, { gasLimit: 1 });
  await expect(trapped).toFail();
  await expect(trapped).toFail('outOfGas');
  await expect(trapped).not.toRevert();
  await expect(trapped).not.toFail('reverted');
  await expect(pay(2_000_000n)).not.toRevert('overflow');
  await expect(pay(2_000_000n)).toFail('revert');
  await expect(pay(2_000_000n)).toFail('reverted');
});

test('messages say what was there', async () => {
  const transfer = 'token.transfer({ to: bob, amount: 2000000n }) as alice';
  expect(await messageOf(() => expect(pay(2_000_000n)).toSucceed())).toBe(
    `expected ${transfer} to succeed: it was reverted: insufficient balance`,
  );
  expect(await messageOf(() => expect(pay(2_000_000n)).toRevert('overflow'))).toBe(
    `expected ${transfer} to revert with "overflow": it was reverted: insufficient balance`,
  );
  expect(await messageOf(() => expect(pay(2_000_000n)).not.toRevert())).toBe(
    `expected ${transfer} to not revert: it was reverted: insufficient balance`,
  );
  expect(await messageOf(() => expect(pay(1n)).toRevert())).toBe(
    'expected token.transfer({ to: bob, amount: 1n }) as alice to revert: it ended ok',
  );
  expect(await messageOf(() => expect(pay(1n)).toFail('trapped'))).toContain('to fail with trapped: it ended ok');
  expect(await messageOf(() => expect(7).toSucceed())).toContain('toSucceed: expected a receipt, or a call');
});

test('gas is within bounds', async () => {
  const receipt = await pay(1n).receipt();
  const { gasUsed } = receipt;
  expect(receipt).toUseGas({ atMost: gasUsed, atLeast: gasUsed });
  expect(receipt).not.toUseGas({ atMost: gasUsed - 1 });
  expect(receipt).not.toUseGas({ atLeast: gasUsed + 1 });
  expect(await messageOf(() => expect(receipt).toUseGas({ atMost: 1 }))).toMatch(
    /^expected token\.transfer\(.*\) as alice to use at most 1 gas: it used \d+$/,
  );
});

test('events are the contract’s', async () => {
  const other = await chain.deploy(await contractWasm('token'));
  const receipt = await pay(1n).receipt();
  expect(receipt).toEmit(token, 'Transfer');
  expect(receipt).not.toEmit(other, 'Transfer');
  expect(receipt).not.toEmit(token, 'Approval');
  expect(await messageOf(() => expect(receipt).toEmit(token, 'Approval'))).toContain(
    'to announce token.Approval: it announced:\n  Transfer(',
  );
  expect(await messageOf(() => expect(receipt).toEmit(other, 'Transfer'))).toContain(
    'it announced:\n  and 1 of other contracts',
  );
  expect(await messageOf(() => expect(pay(2_000_000n)).toEmit(token, 'Transfer'))).toContain(
    'it was reverted: insufficient balance',
  );
  await expect(pay(0n)).toEmit(token, 'Transfer');
});

test('fields of events are found by some of them', async () => {
  const [alice, bob] = [chain.account('alice'), chain.account('bob')];
  const receipt = await pay(3n).receipt();
  expect(receipt).toEmit(token, 'Transfer', { from: alice, to: bob, amount: 3n });
  expect(receipt).toEmit(token, 'Transfer', { amount: 3 });
  expect(receipt).toEmit(token, 'Transfer', { to: bob.address });
  expect(receipt).not.toEmit(token, 'Transfer', { from: bob });
  expect(await messageOf(() => expect(receipt).toEmit(token, 'Transfer', { from: bob, amount: 3n }))).toBe(
    'expected token.transfer({ to: bob, amount: 3n }) as alice to announce token.Transfer({ from: bob, amount: 3n }): it announced:\n' +
      '  Transfer({ from: alice, to: bob, amount: 3n })',
  );
  expect(token.events(receipt)).toEqual([
    { name: 'Transfer', fields: { from: alice.address, to: bob.address, amount: 3n } },
  ]);
});

test('what no receipt can be like is refused, with and without not', async () => {
  const receipt = await pay(1n).receipt();
  const failed = await pay(2_000_000n).receipt();
  const cases: [() => unknown, string][] = [
    [
      () => expect(failed).not.toFail('outofgas'),
      'toFail: there is no status or code "outofgas" (did you mean "outOfGas"?)',
    ],
    [
      () => expect(receipt).not.toEmit(token, 'Transferr'),
      'toEmit: token announces no "Transferr" (did you mean "Transfer"?)',
    ],
    [() => expect(receipt).not.toEmit(token, 'Transfer', { too: 'bob' }), 'toEmit: token.Transfer has no field "too"'],
    [
      () => expect(receipt).toUseGas({ atmost: 1 } as object),
      'toUseGas: unknown option "atmost" (did you mean "atMost"?)',
    ],
    [() => expect(receipt).toUseGas({}), 'toUseGas: expected a number as atMost, atLeast or both, found neither'],
    [
      () => expect(receipt).not.toUseGas({ atMost: '9' } as object),
      'toUseGas: expected a number as atMost, atLeast or both, found atMost: 9',
    ],
  ];
  for (const [expectation, message] of cases) expect(await messageOf(expectation)).toContain(message);
});
