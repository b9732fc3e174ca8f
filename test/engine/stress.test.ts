import { expect, test } from 'vitest';
import { createRuntime } from '../../dist/host/index.js';
import { address, encodeProgram } from '../support/programs.js';
import { Random } from '../support/random.js';
import { contractWasm, SMALL_MEMORY } from '../support/runtimes.js';

test('300 blocks on one runtime take no more memory than 50', async () => {
  await using runtime = await createRuntime({ executor: 'block-stm', workers: 2, limits: SMALL_MEMORY });
  const compute = await runtime.deploy(await contractWasm('compute'));
  const program = await runtime.deploy(await contractWasm('program'));
  const accounts = Array.from({ length: 200 }, (_, i) => address(i));
  const random = new Random(1);
  await runtime.execute({ transactions: accounts.map((to) => compute.transaction(to, 'mint', { to, amount: 1000n })) });
  // Long values of changing length, so that the heap takes and gives back blocks of every size.
  const changeLongValue = () =>
    program.transaction(accounts[0] as Uint8Array, 'run', {
      code: encodeProgram([
        { number: 2, operand: BigInt(random.below(1_000_000)) },
        { number: 8, operand: BigInt(random.below(40)) },
      ]),
    });
  const stateBytes: number[] = [];
  const blockBytes: number[] = [];
  const residentBytes: number[] = [];
  let aborts = 0;
  for (let block = 0; block < 300; block++) {
    const transactions = Array.from({ length: 1000 }, () => {
      if (random.chance(0.2)) return changeLongValue();
      const [from, to] = [random.below(200), random.below(200)];
      return compute.transaction(accounts[from] as Uint8Array, 'transfer', {
        to: accounts[to],
        amount: BigInt(random.below(100)),
        // Some microseconds, so that calls overlap.
        rounds: 1000,
      });
    });
    const { stats } = await runtime.execute({ transactions });
    aborts += stats.aborts;
    stateBytes.push(stats.stateBytes);
    blockBytes.push(stats.blockBytes);
    if (block === 49 || block === 299) {
      (globalThis as { gc?: () => void }).gc?.();
      residentBytes.push(process.memoryUsage.rss());
    }
  }
  expect(aborts).toBeGreaterThan(0);
  // Every block size of the heap can be cut once more for a worker of its own: two chunks' worth, no more.
  expect(Math.max(...stateBytes.slice(50))).toBeLessThanOrEqual(Math.max(...stateBytes.slice(0, 50)) + 2 * 65_536);
  // What a block takes goes up and down with its aborts by some chunks, and does not climb.
  const peak = (from: number, to: number): number => Math.max(...blockBytes.slice(from, to));
  expect(peak(200, 300)).toBeLessThanOrEqual(peak(50, 150) + 8 * 65_536);
  const [early = 0, late = 0] = residentBytes;
  expect(late - early).toBeLessThan(32 * 2 ** 20);
});
