// What workloads promise about the state, by executing them.

import { expect, test } from 'vitest';
import {
  abaSameValue,
  chain,
  counter,
  hotspot,
  nftMint,
  smallbank,
  type Workload,
  type WorkloadCall,
} from '../../dist/bench/index.js';
import { decodeOutput, encodeInput } from '../../dist/host/index.js';
import { ContractCaller, sampleContract } from '../support/contract-caller.js';

interface Outcome {
  readonly amount: bigint;
  readonly status: string;
  readonly message: string | undefined;
  /** Undefined where the call failed. */
  readonly value: unknown;
}

/** Executes the first two blocks on the reference host, one call after another. */
function executed(workload: Workload): { caller: ContractCaller; outcomes: readonly Outcome[] } {
  const caller = new ContractCaller(sampleContract(workload.contracts[0]?.wasm as string));
  const run = ({ sender, method, args }: WorkloadCall): Outcome => {
    const input = encodeInput(caller.interface, method, args);
    const call = { sender: Uint8Array.from(Buffer.from(sender.slice(2), 'hex')), method, input };
    const { status, message, output } = caller.contract.call(call);
    const value = status === 'ok' ? decodeOutput(caller.interface, method, output) : undefined;
    return { amount: BigInt((args.amount as string | undefined) ?? 0), status, message, value };
  };
  for (const call of workload.preparation(0)) expect(run(call).status).toBe('ok');
  return { caller, outcomes: [0, 1].flatMap((index) => workload.block(index)).map(run) };
}

function total(outcomes: readonly Outcome[]): bigint {
  return outcomes.reduce((sum, { amount }) => sum + amount, 0n);
}

test.each([
  ['delta', 'addedVolume', 'writtenVolume'],
  ['plain', 'writtenVolume', 'addedVolume'],
] as const)('counter %s: all amounts that moved add up', (kind, sum, other) => {
  const { caller, outcomes } = executed(counter({ accounts: 20, counter: kind, blockSize: 200 }, 1));
  const moved = outcomes.filter(({ status }) => status === 'ok');
  expect(moved.length).toBeLessThan(outcomes.length);
  expect(caller.value('anybody', sum)).toBe(total(moved));
  expect(caller.value('anybody', other)).toBe(0n);
});

test('aba-samevalue: every call finds the flag as it was before the first, and leaves it so', () => {
  const { caller, outcomes } = executed(abaSameValue({ accounts: 20, blockSize: 200 }, 1));
  expect(caller.value('anybody', 'isPaused')).toBe(false);
  const failures = outcomes.filter(({ status }) => status !== 'ok');
  expect(new Set(failures.map(({ message }) => message))).toEqual(new Set(['insufficient balance']));
});

test('chain: with a distance of 1 the last call has the sum of all', () => {
  const { outcomes } = executed(chain({ distance: 1, blockSize: 100 }, 1));
  expect(outcomes.at(-1)?.value).toBe(total(outcomes));
});

test('hotspot: every call has the sum of all before it by default', () => {
  const { outcomes } = executed(hotspot({ keys: 10, hotRatio: 1, hotShare: 0, blockSize: 100 }, 1));
  for (const [index, { value }] of outcomes.entries()) expect(value).toBe(total(outcomes.slice(0, index + 1)));
});

test('nft-mint: the tokens of a shard are numbered in turn', () => {
  const { caller, outcomes } = executed(nftMint({ users: 20, shards: 3, blockSize: 100 }, 1));
  for (const shard of [0n, 1n, 2n]) {
    const numbers = outcomes.map(({ value }) => value as bigint).filter((value) => value >> 40n === shard);
    expect(numbers.length).toBeGreaterThan(40);
    expect(numbers).toEqual(numbers.map((_, index) => (shard << 40n) + BigInt(index + 1)));
    expect(caller.value('anybody', 'mintedIn', { shard })).toBe(BigInt(numbers.length));
  }
});

test('smallbank: most calls succeed, and payments fail for want of funds', () => {
  const { outcomes } = executed(smallbank({ customers: 30, theta: 0.99, blockSize: 1_000 }, 1));
  const failures = outcomes.filter(({ status }) => status !== 'ok');
  expect(new Set(failures.map(({ message }) => message))).toEqual(new Set(['insufficient funds']));
  expect(failures.length).toBeLessThan(outcomes.length / 5);
});
