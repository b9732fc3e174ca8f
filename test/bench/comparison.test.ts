import { expect, test } from 'vitest';
import { Comparison } from '../../dist/bench/comparison.js';
import { Contender } from '../../dist/bench/contender.js';
import { turnOf } from '../../dist/bench/sweep/run.js';
import { buildWorkload } from '../../dist/bench/workloads/registry.js';

/** Who executes first after each of two collections of garbage. */
async function firstOf(turn: number): Promise<(string | undefined)[]> {
  const workload = buildWorkload('p2p', { accounts: 10 }, 10, 1);
  const order: string[] = [];
  const start = async (executor: 'sequential' | 'block-stm'): Promise<Contender> => {
    const contender = await Contender.start(workload, { executor, workers: 1, blocks: 4 });
    const execute = contender.execute.bind(contender);
    contender.execute = (block) => {
      order.push(executor);
      return execute(block);
    };
    return contender;
  };
  await using sequential = await start('sequential');
  await using contender = await start('block-stm');
  const comparison = new Comparison(workload, sequential, contender, { turn });
  await comparison.measure(0, 2);
  const second = order.length;
  await comparison.measure(2, 2);
  return [order[0], order[second]];
}

test('sequential is first after one collection, and the other after the next; the turn says which begins', async () => {
  expect(await firstOf(0)).toEqual(['sequential', 'block-stm']);
  expect(await firstOf(1)).toEqual(['block-stm', 'sequential']);
});

test('in a sweep each is first in half of the runs of a cell, by repeats and by seeds', () => {
  const turns = (seeds: number[], repeats: number): number[] =>
    seeds.flatMap((seed) => Array.from({ length: repeats }, (_, repeat) => turnOf({ seed, repeat }, { seeds }) % 2));
  expect(turns([7], 4)).toEqual([0, 1, 0, 1]);
  expect(turns([1, 3, 5, 7], 1)).toEqual([0, 1, 0, 1]);
  expect(turns([2, 4], 2)).toEqual([0, 1, 1, 0]);
});
