import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Contract,
  createRuntime,
  type Runtime,
  type RuntimeOptions,
  type Transaction,
} from '../../dist/host/index.js';
import { KERNEL_GAS } from '../../dist/host/wasm/gas-schedule.js';
import { linkAddress, linkWasm, WAYS } from '../support/links.js';
import { address } from '../support/programs.js';
import { describe as describeReceipt, SMALL_MEMORY } from '../support/runtimes.js';

const LEVELS = 5;
const LINKS = 40;
const alice = address(1);

const OPTIONS: readonly RuntimeOptions[] = [
  { executor: 'sequential', workers: 1 },
  { executor: 'block-stm', workers: 1 },
  { executor: 'block-stm', workers: 4, policy: { grain: 1 } },
  { executor: 'block-stm', workers: 3, policy: { grain: 3, deltas: false } },
  { executor: 'auto', workers: 2 },
];
let runtimes: Runtime[] = [];
let links: Contract[] = [];

beforeAll(async () => {
  const wasm = await linkWasm();
  for (const options of OPTIONS) {
    const runtime = await createRuntime({ ...options, limits: SMALL_MEMORY });
    runtimes.push(runtime);
    links = [];
    for (let link = 0; link < LINKS; link++) links.push(await runtime.deploy(wasm, { address: linkAddress(link + 1) }));
  }
}, 60_000);
afterAll(async () => {
  for (const runtime of runtimes) await runtime.close();
  runtimes = [];
});

interface Passing {
  readonly failAt: number;
  readonly way: number;
  readonly tried: number;
}

/** Enough for each of `levels` contracts with one code, each of which pays for an instance of its own. */
const gasFor = (levels: number) => 2_500_000 * levels;

function passing({ failAt, way, tried }: Passing, levels = LEVELS): Transaction {
  const args = { level: 1, levels, failAt, way, tried: BigInt(tried) };
  return (links[0] as Contract).transaction(alice, 'pass', args, { gasLimit: gasFor(levels) });
}

/** Execute under every executor, on forks. All must agree, to the gas. */
async function everywhere(transactions: readonly Transaction[]) {
  const outcomes = [];
  for (const runtime of runtimes) {
    await using fork = runtime.fork();
    const { receipts, writeSet } = await fork.execute({ transactions });
    outcomes.push({
      receipts: [...receipts],
      writeSet,
      lines: [...receipts].map(describeReceipt),
      hash: await fork.stateHash(),
    });
  }
  const [first, ...others] = outcomes;
  for (const other of others) {
    expect(other.lines).toEqual(first?.lines);
    expect(other.writeSet).toEqual(first?.writeSet);
    expect(other.hash).toBe(first?.hash);
  }
  return first as (typeof outcomes)[number];
}

/** Every place and way to fail, and every set of calls that are tried. */
const ALL: readonly Passing[] = Array.from({ length: LEVELS }, (_, index) => index + 1).flatMap((failAt) =>
  WAYS.flatMap((_, way) => Array.from({ length: 16 }, (_, set) => ({ failAt, way, tried: set << 1 }))),
);

/** The lowest link whose doings are undone with the failure of `failAt`, 1 where the transaction fails. */
function undoneFrom({ failAt, tried }: Passing): number {
  for (let level = failAt - 1; level >= 1; level--) if (tried & (1 << level)) return level + 1;
  return 1;
}

describe('five contracts that call one another, of which one fails', () => {
  test.each(WAYS.map(([status, code], way) => [code, status, way] as const))(
    '%s: what it and those that fail with it have done is undone, and nothing else',
    async (code, status, way) => {
      for (const passed of ALL.filter((one) => one.way === way)) {
        const { receipts, writeSet } = await everywhere([passing(passed)]);
        const receipt = receipts[0];
        const undone = undoneFrom(passed);
        if (undone === 1) {
          expect(receipt).toMatchObject({ status, error: { code }, events: [] });
          if (code === 'revert') expect(receipt?.error?.message).toBe('told to');
          expect(writeSet).toEqual([]);
          expect(receipt?.gasUsed === gasFor(LEVELS)).toBe(status === 'outOfGas');
          continue;
        }
        const kept = Array.from({ length: undone - 1 }, (_, index) => index + 1);
        expect(receipt?.status).toBe('ok');
        const output = receipt?.output ?? new Uint8Array();
        // Each is told the sum of those above; the lowest that goes on is told the status, as hundreds.
        const number = ['ok', 'reverted', 'trapped', 'invalid', 'outOfGas'].indexOf(status);
        const sum = kept.reduce((total, level) => total + level, 0);
        expect(new DataView(output.buffer).getUint32(0, true)).toBe(sum + 100 * number);
        const announced = receipt?.events.map(({ contract, data }) => [contract[0], data[0], data[8]]);
        const going = kept.map((level) => [level, level, level === 1 ? alice[0] : level - 1]);
        const coming = [...kept].reverse().map((level) => [level, level, undefined]);
        expect(announced).toEqual([...going, ...coming]);
        // Total and last of each, and what the one that tried was told.
        const written = writeSet.map(({ contract, key }) => [contract[0], key.length]);
        expect(written.filter(([, length]) => length === 8).map(([link]) => link)).toEqual(
          kept.flatMap((level) => [level, level]).sort(),
        );
        expect(written.length).toBe(2 * kept.length + 1);
        const message = writeSet.find(({ contract, key }) => contract[0] === undone - 1 && key.length === 16)?.value;
        const expected = code === 'revert' ? 'told to' : code === 'badInput' ? 'bad' : '';
        expect(
          Buffer.from(message as Uint8Array)
            .toString()
            .slice(8, 8 + expected.length),
        ).toBe(expected);
        expect(message?.[0]).toBe(expected.length);
      }
    },
    120_000,
  );

  test('all of them in one block, where they meet on every location', async () => {
    const { receipts } = await everywhere(ALL.map((passed) => passing(passed)));
    expect(new Set(receipts.map(({ status }) => status))).toEqual(
      new Set(['ok', 'reverted', 'trapped', 'outOfGas', 'invalid']),
    );
    await everywhere(ALL.toReversed().flatMap((passed) => [passing(passed), passing({ ...passed, failAt: 0 })]));
  }, 120_000);
});

test('32 contracts call one another, and not more', async () => {
  const never = { failAt: 0, way: 0, tried: 0 };
  const { receipts } = await everywhere([
    passing(never, 32),
    passing(never, 33),
    passing({ ...never, tried: 2 ** 30 }, 33),
    passing({ ...never, tried: 2 }, 33),
  ]);
  const [deepest, tooDeep, tried, triedAtOnce] = receipts;
  const wordOf = (output: Uint8Array | undefined) =>
    Number(new DataView((output as Uint8Array).buffer).getBigUint64(0, true));
  expect(wordOf(deepest?.output)).toBe((32 * 33) / 2);
  // Each after the first has paid for an instance of its own.
  expect(deepest?.gasUsed).toBeGreaterThan(31 * KERNEL_GAS.nestedInstance);
  expect(tooDeep).toMatchObject({ status: 'trapped', error: { code: 'callDepth' } });
  // The 30th is told that the 31st has failed, with what it called.
  expect(wordOf(tried?.output)).toBe((30 * 31) / 2 + 200);
  expect(wordOf(triedAtOnce?.output)).toBe(1 + 200);
});

test('the stack that is counted runs out before that of the thread, however it is shared out', async () => {
  const dig = (levels: number, first: number, depth: number): Transaction =>
    (links[0] as Contract).transaction(alice, 'dig', { level: 1, levels, first, depth });
  // Shallow and deep, and about as deep as goes: where that is, each of them must agree on.
  const depths = [0, 10, 20, 30, 40, 60, 100, 1000];
  const calls = depths.flatMap((depth) => [
    dig(32, depth, depth),
    dig(32, 0, depth),
    dig(2, 30 * depth, depth),
    dig(1, 30 * depth, 0),
  ]);
  // Enough for the optimizing compiler to have been at it.
  for (let round = 0; round < 3; round++) {
    const { receipts } = await everywhere([...calls, ...calls, ...calls]);
    const statuses = new Set(receipts.map(({ status, error }) => error?.code ?? status));
    expect(statuses).toEqual(new Set(['ok', 'stackLimit']));
  }
}, 60_000);

describe('a view', () => {
  /** The first view of a method is executed by a worker, later ones on the host's thread where they are short. */
  test.each([
    ['that calls others', { failAt: 0, way: 0, tried: 0 }, LEVELS],
    ['through as many as may be', { failAt: 0, way: 0, tried: 0 }, 32],
    ['through too many', { failAt: 0, way: 0, tried: 8 }, 36],
    ...WAYS.flatMap(([, code], way) => [
      [`in which one fails: ${code}`, { failAt: 4, way, tried: 0 }, LEVELS] as const,
      [`in which one fails and is tried: ${code}`, { failAt: 4, way, tried: 4 }, LEVELS] as const,
    ]),
  ] as const)(
    '%s gives the same on either thread, and what a block gives',
    async (_, passed, levels) => {
      for (const gasLimit of [undefined, 500_000, 2_000_000, 30_000_000]) {
        const args = { level: 1, levels, failAt: passed.failAt, way: passed.way, tried: BigInt(passed.tried) };
        const transaction = (links[0] as Contract).transaction(
          alice,
          'pass',
          args,
          gasLimit === undefined ? {} : { gasLimit },
        );
        const [runtime] = runtimes as [Runtime];
        const first = await runtime.view(transaction);
        const second = await runtime.view(transaction);
        await using fork = runtime.fork();
        const { receipts } = await fork.execute({ transactions: [transaction], context: { height: runtime.height } });
        expect(first).toEqual(receipts.get(0));
        expect(second).toEqual(first);
      }
    },
    60_000,
  );
});

test('a contract is called from its deployment on, on its own branch only', async () => {
  const wasm = await linkWasm();
  const [runtime] = runtimes as [Runtime];
  const two = linkAddress(LINKS + 2);
  await using fork = runtime.fork();
  await using other = runtime.fork();
  const one = await fork.deploy(wasm, { address: linkAddress(LINKS + 1) });
  await other.deploy(wasm, { address: linkAddress(LINKS + 1) });
  const call = one.transaction(alice, 'pass', { level: LINKS + 1, levels: LINKS + 2, failAt: 0, way: 0, tried: 0n });
  const codeOn = async (branch: { view(call: Transaction): Promise<{ status: string; error?: { code: string } }> }) => {
    const { status, error } = await branch.view(call);
    return error?.code ?? status;
  };
  expect(await codeOn(fork)).toBe('unknownContract');
  await fork.deploy(wasm, { address: two });
  expect([await codeOn(fork), await codeOn(other), await codeOn(runtime)]).toEqual([
    'ok',
    'unknownContract',
    'unknownContract',
  ]);
  await using child = fork.fork();
  await other.deploy(await linkWasm(), { address: two });
  expect([await codeOn(child), await codeOn(other), await codeOn(fork)]).toEqual(['ok', 'ok', 'ok']);
  const { receipts } = await runtime.execute({ transactions: [call] });
  expect(receipts.get(0)).toMatchObject({ status: 'invalid', error: { code: 'unknownContract' } });
});
