import type { Worker } from 'node:worker_threads';
import { expect } from 'vitest';
import {
  type BlockResult,
  createRuntime,
  type ExecutorName,
  type Runtime,
  type RuntimeOptions,
  type Transaction,
  WorkerError,
} from '../../dist/host/index.js';
import { address, encodeProgram, makePrograms } from './programs.js';
import { Random } from './random.js';
import { contractWasm, describe, SMALL_MEMORY } from './runtimes.js';
import { threadsOf } from './threads.js';

export interface DyingRounds {
  readonly rounds: number;
  readonly seed: number;
  readonly executor: ExecutorName;
  /** With 0 a block whose worker dies is rejected, and is then executed again by the test. */
  readonly retries: number;
  readonly store?: RuntimeOptions['store'];
}

const CALLS = 400;
/** Then some that take 5 ms each: a block is not over before its worker is dead, and each tells of those before. */
const LONG_CALLS = 12;
const LONG_WORK = 2_000_000n;
const WORKERS = 2;

/**
 * Terminate a worker in the middle of block after block, when a random one of its receipts is there; and compare every block with what a runtime gives whose workers live. Each block, dead or
 * not, is followed by one in peace.
 */
export async function dyingRounds({ rounds, seed, executor, retries, store }: DyingRounds): Promise<void> {
  const random = new Random(seed);
  let runtime: Runtime | undefined;
  const started = await threadsOf(async () => {
    runtime = await createRuntime({
      executor,
      workers: WORKERS,
      limits: SMALL_MEMORY,
      retries,
      ...(store && { store }),
    });
  });
  await using dying = runtime as unknown as Runtime;
  await using peaceful = await createRuntime({ executor: 'sequential', workers: 1, limits: SMALL_MEMORY });
  const wasm = await contractWasm('program');
  const contract = await dying.deploy(wasm);
  await peaceful.deploy(wasm);
  const block = (): Transaction[] => [
    ...makePrograms({ seed: random.next(), keys: 80, calls: CALLS, work: 3000 }).map(({ sender, operations }) =>
      contract.transaction(sender, 'run', { code: encodeProgram(operations) }),
    ),
    ...Array.from({ length: LONG_CALLS }, () =>
      contract.transaction(address(0), 'run', { code: encodeProgram([{ number: 16, operand: LONG_WORK }]) }),
    ),
  ];
  // The thread that writes the store is started first.
  let workers = started.slice(-WORKERS);
  for (let round = 0; round < rounds; round++) {
    const transactions = block();
    const victim = workers[executor === 'sequential' ? 0 : random.below(WORKERS)] as Worker;
    const before = await dying.stateHash();
    let result: BlockResult | undefined;
    const fresh = await threadsOf(async () => {
      const outcome = await killWithin(dying, transactions, victim, random.below(CALLS));
      if (retries > 0) expect(outcome).not.toBeInstanceOf(Error);
      else {
        expect(outcome).toBeInstanceOf(WorkerError);
        expect(await dying.stateHash()).toBe(before);
        expect(dying.height).toBe(peaceful.height);
      }
      result = outcome instanceof Error ? await dying.execute({ transactions }) : (outcome as BlockResult);
    });
    // All are replaced: so it did die in the middle of the block.
    expect(fresh).toHaveLength(WORKERS);
    workers = fresh;
    await same(result as unknown as BlockResult, await peaceful.execute({ transactions }));
    const inPeace = block();
    await same(await dying.execute({ transactions: inPeace }), await peaceful.execute({ transactions: inPeace }));
  }
}

/** Execute a block, and terminate `victim` when the receipt at `index` is there. Each receipt comes once, also where the block is executed again. */
async function killWithin(
  runtime: Runtime,
  transactions: readonly Transaction[],
  victim: Worker,
  index: number,
): Promise<BlockResult | Error> {
  const execution = runtime.execute({ transactions: [...transactions] });
  let given = 0;
  try {
    for await (const receipt of execution) {
      expect(receipt.index).toBe(given++);
      if (receipt.index === index) void victim.terminate();
    }
    expect(given).toBe(transactions.length);
    return await execution;
  } catch (error) {
    if (error instanceof WorkerError) return error;
    throw error;
  }
}

async function same(actual: BlockResult, expected: BlockResult): Promise<void> {
  expect(actual.height).toBe(expected.height);
  expect([...actual.receipts].map(describe)).toEqual([...expected.receipts].map(describe));
  expect(actual.writeSet).toEqual(expected.writeSet);
  expect(await actual.stateHash()).toBe(await expected.stateHash());
}
