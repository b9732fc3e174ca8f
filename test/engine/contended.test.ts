import { afterAll, expect, test } from 'vitest';
import type { BlockResult, Transaction } from '../../dist/host/index.js';
import { untilCounted } from '../support/contention.js';
import type { Operation } from '../support/program-model.js';
import { address, encodeProgram } from '../support/programs.js';
import { Random } from '../support/random.js';
import { contractWasm, describe, Runtimes } from '../support/runtimes.js';

const runtimes = new Runtimes();
afterAll(() => runtimes.close());

const CALLS = 5000;

/** Rounds of work that make a call last some 20 µs, and the block long enough for every worker to be woken, and stopped, in its middle. */
const WORK = 12_000;
/** Calls of a block that gives every worker time after time of a core, whoever else wants one. */
const LONG = 20_000;

type Make = (sender: Uint8Array, method: string, args?: Record<string, unknown>) => Transaction;

let contracts = 1000;

/**
 * The same blocks, made for a new contract, sequentially and under block-stm with `workers` workers, one after the other: at once they would take the cores
 * from each other. The last one is executed again until incarnations have aborted. Resolves to its results under block-stm.
 */
async function checkContended(
  contractName: string,
  workers: number,
  make: (transaction: Make) => Transaction[][],
): Promise<BlockResult[]> {
  const sequential = await runtimes.get({ executor: 'sequential', workers: 1 });
  const parallel = await runtimes.get({ executor: 'block-stm', workers });
  const [wasm, at] = [await contractWasm(contractName), { address: address(contracts++) }];
  const contract = await sequential.deploy(wasm, at);
  await parallel.deploy(wasm, at);
  const execute = async (transactions: Transaction[]): Promise<BlockResult> => {
    const expected = await sequential.execute({ transactions });
    const result = await parallel.execute({ transactions });
    expectEqual(result, expected);
    return result;
  };
  const blocks = make((sender, method, args) => contract.transaction(sender, method, args));
  const last = blocks.pop() as Transaction[];
  for (const block of blocks) await execute(block);
  const results: BlockResult[] = [];
  await untilCounted(1, async () => {
    const result = await execute(last);
    results.push(result);
    return result.stats.aborts;
  });
  return results;
}

function expectEqual(result: BlockResult, expected: BlockResult): void {
  expect([...result.receipts].map(describe)).toEqual([...expected.receipts].map(describe));
  expect(result.writeSet).toEqual(expected.writeSet);
}

/** Reads key 0, works, and writes it: from then on everything depends on it. */
function readWorkWrite(index: number, rounds: number): Operation[] {
  return [
    { number: 0, operand: 0n },
    { number: 16, operand: BigInt(rounds) },
    { number: 14, operand: BigInt(index) },
    { number: 1, operand: 0n },
  ];
}

test('auto goes on sequentially where nearly every call depends on the one before', async () => {
  const auto = await runtimes.get({ executor: 'auto', workers: 2 });
  const sequential = await runtimes.get({ executor: 'sequential', workers: 1 });
  const [wasm, at] = [await contractWasm('program'), { address: address(77) }];
  const contract = await auto.deploy(wasm, at);
  await sequential.deploy(wasm, at);
  const block = (calls: number): Transaction[] =>
    Array.from({ length: calls }, (_, index) =>
      contract.transaction(address(index % 5), 'run', { code: encodeProgram(readWorkWrite(index, WORK)) }),
    );
  const execute = async (transactions: Transaction[]): Promise<BlockResult> => {
    const expected = await sequential.execute({ transactions });
    const result = await auto.execute({ transactions });
    expectEqual(result, expected);
    expect(result.stats.gasUsed).toBe(expected.stats.gasUsed);
    expect([...result.receipts].reduce((sum, { gasUsed }) => sum + gasUsed, 0)).toBe(result.stats.gasUsed);
    return result;
  };
  // Three blocks show how long it takes sequentially; the next three try block-stm, and last some hundreds of milliseconds.
  for (let shown = 0; shown < 3; shown++) {
    const { stats } = await execute(block(500));
    expect(stats.decision).toEqual({ mode: 'sequential', reason: 'trial' });
  }
  let sequentialFrom: number | undefined;
  for (let tried = 0; tried < 3 && sequentialFrom === undefined; tried++) {
    const { stats } = await execute(block(LONG));
    expect(stats.decision).toMatchObject({ mode: 'block-stm', reason: 'trial' });
    sequentialFrom = stats.decision.sequentialFrom;
  }
  expect(sequentialFrom).toBeGreaterThan(0);
  expect(sequentialFrom).toBeLessThan(LONG);
});

test.each([2, 4, 8])('5,000 calls that all read and write one key, %i workers', async (workers) => {
  const results = await checkContended('program', workers, (transaction) => [
    Array.from({ length: CALLS }, (_, index) => {
      const code = encodeProgram([...readWorkWrite(index, WORK), { number: 10, operand: 0n }]);
      return transaction(address(0), 'run', { code });
    }),
  ]);
  for (const { writeSet } of results) expect(writeSet).toHaveLength(1);
});

test.each([2, 8])('5,000 transfers among 2 accounts whose order shows, %i workers', async (workers) => {
  const results = await checkContended('compute', workers, (transaction) => {
    const [a, b] = [address(1), address(2)];
    const random = new Random(workers);
    return [
      [transaction(a, 'mint', { to: a, amount: 1000n }), transaction(a, 'mint', { to: b, amount: 1000n })],
      Array.from({ length: CALLS }, () => {
        const [from, to] = random.chance(0.5) ? [a, b] : [b, a];
        return transaction(from, 'transfer', { to, amount: BigInt(random.below(600)), rounds: WORK });
      }),
    ];
  });
  for (const { receipts } of results) {
    const refused = [...receipts].filter(({ output }) => output[0] === 0).length;
    expect(refused).toBeGreaterThan(CALLS / 10);
  }
});

test.each([2, 3, 8])('among 100 accounts, each with a digest of its history, %i workers', async (workers) => {
  await checkContended('compute', workers, (transaction) => {
    const accounts = Array.from({ length: 100 }, (_, i) => address(i));
    const random = new Random(workers);
    return [
      accounts.map((to) => transaction(to, 'mint', { to, amount: 20n })),
      Array.from({ length: CALLS }, () =>
        transaction(accounts[random.below(100)] as Uint8Array, 'transfer', {
          to: accounts[random.below(100)],
          amount: BigInt(random.below(30)),
          rounds: WORK,
        }),
      ),
    ];
  });
});
