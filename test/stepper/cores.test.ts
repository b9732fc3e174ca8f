import { expect, test } from 'vitest';
import { Cores, NEVER } from '../../dist/host/stepper/cores.js';

const COSTS = { start: 0, startNext: 0, wake: 0, change: 7, slice: 1_000, join: 0 };

test('a worker has no core before the one that it had is over with its last step', () => {
  const cores = new Cores(3, 2, COSTS);
  cores.ready(0, 0);
  cores.ready(1, 0);
  // Both have begun steps that end later: what happens meanwhile wakes the third.
  cores.release(0, 300);
  cores.release(1, 200);
  cores.ready(2, 50);
  expect(cores.due[2]).toBe(200);
  cores.ready(0, 60);
  expect(cores.due[0]).toBe(300);
});

test('a worker that waits for a core has it when there is one, and not before it can run', () => {
  const cores = new Cores(3, 1, COSTS);
  cores.ready(0, 0);
  cores.ready(1, 10);
  cores.ready(2, 900);
  expect([...cores.due]).toEqual([0, NEVER, NEVER]);
  cores.release(0, 100);
  expect(cores.due[1]).toBe(100 + COSTS.change);
  cores.release(1, 200);
  expect(cores.due[2]).toBe(900);
  expect(cores.first()).toBe(2);
});

test('whose slice is over waits behind the others, and has done what it did until then', () => {
  const cores = new Cores(2, 1, COSTS);
  cores.ready(0, 0);
  cores.ready(1, 0);
  cores.due[0] = 1_500;
  expect(cores.isOver(0)).toBe(true);
  expect(cores.due[1]).toBe(COSTS.slice + COSTS.change);
  cores.release(1, 1_100);
  // 500 of its step are left.
  expect(cores.due[0]).toBe(1_100 + COSTS.change + 500);
  cores.release(0, 1_700);
  expect(cores.busy).toBe(1_000 + (1_100 - 1_007) + (1_700 - 1_107));
});
