import { expect, test } from 'vitest';
import { Cores, NEVER } from '../../dist/host/stepper/cores.js';

const COSTS = { start: 0, startNext: 0, wake: 0, change: 7, slice: 1_000, join: 0 };

test('a worker has no core before the one that it had is over with its last step', () => {
  const cores = new Cores(3, 2, COSTS);
  cores.ready(0, 0);
  cores.ready(1, 0);
  expect(cores.next()).toBe(0);
  // Both have begun steps that end later: what happens meanwhile wakes the third.
  cores.release(0, 300);
  cores.release(1, 200);
  cores.ready(2, 50);
  cores.ready(0, 60);
  expect(cores.next()).toBe(2);
  expect([...cores.due]).toEqual([NEVER, NEVER, 200 + COSTS.change]);
  cores.due[2] = 900;
  expect(cores.next()).toBe(0);
  expect(cores.due[0]).toBe(300 + COSTS.change);
});

test('a worker that waits for a core has it when there is one, not before it can run, and not behind one that cannot', () => {
  const cores = new Cores(4, 1, COSTS);
  cores.ready(0, 0);
  expect(cores.next()).toBe(0);
  cores.ready(1, 900);
  cores.ready(2, 10);
  expect([...cores.due]).toEqual([0, NEVER, NEVER, NEVER]);
  cores.release(0, 100);
  expect(cores.next()).toBe(2);
  expect(cores.due[2]).toBe(100 + COSTS.change);
  cores.release(2, 200);
  // It can run before the one that was given notice of earlier.
  cores.ready(3, 500);
  expect(cores.next()).toBe(3);
  expect(cores.due[3]).toBe(500);
  cores.release(3, 600);
  expect(cores.next()).toBe(1);
  expect(cores.due[1]).toBe(900);
});

test('whose slice is over waits behind the others, and has done what it did until then', () => {
  const cores = new Cores(2, 1, COSTS);
  cores.ready(0, 0);
  expect(cores.next()).toBe(0);
  cores.ready(1, 0);
  cores.due[0] = 1_500;
  expect(cores.next()).toBe(1);
  expect([...cores.due]).toEqual([NEVER, COSTS.slice + COSTS.change]);
  cores.release(1, 1_100);
  // 500 of its step are left.
  expect(cores.next()).toBe(0);
  expect(cores.due[0]).toBe(1_100 + COSTS.change + 500);
  cores.release(0, 1_700);
  expect(cores.next()).toBe(-1);
  expect(cores.busy).toBe(1_000 + (1_100 - 1_007) + (1_700 - 1_107));
});

test('nobody loses its core to one that cannot run yet, and then at once', () => {
  const cores = new Cores(2, 1, COSTS);
  cores.ready(0, 0);
  expect(cores.next()).toBe(0);
  cores.ready(1, 5_000);
  cores.due[0] = 1_500;
  expect(cores.next()).toBe(0);
  cores.due[0] = 6_000;
  expect(cores.next()).toBe(1);
  expect(cores.due[1]).toBe(5_000 + COSTS.change);
});

test('who has lost its core while it polled looks as soon as it has one again, and is counted once', () => {
  const cores = new Cores(2, 1, COSTS);
  cores.ready(0, 0);
  expect(cores.next()).toBe(0);
  cores.ready(1, 0);
  cores.due[0] = 9_000;
  expect(cores.next()).toBe(1);
  // What worker 1 does is seen by who polls.
  cores.hasten(0, 1_050, 900);
  expect([...cores.due]).toEqual([NEVER, 1_007]);
  cores.release(1, 1_200);
  expect(cores.next()).toBe(0);
  expect(cores.due[0]).toBe(1_207);
  cores.hasten(0, 1_300, 900);
  expect(cores.due[0]).toBe(1_300);
  cores.hasten(0, 1_250, 1_350);
  expect(cores.due[0]).toBe(1_350);
  cores.release(0, 1_400);
  expect(cores.busy).toBe(1_000 + (1_200 - 1_007) + (1_400 - 1_207));
});

test('who has lost its core in the midst of a step ends that first, also where something has changed', () => {
  const cores = new Cores(2, 1, COSTS);
  cores.ready(0, 0);
  expect(cores.next()).toBe(0);
  cores.ready(1, 0);
  cores.due[0] = 9_000;
  expect(cores.next()).toBe(1);
  // Of its step 50 are left when its slice is over.
  cores.hasten(0, 1_010, 1_050);
  cores.release(1, 1_200);
  expect(cores.next()).toBe(0);
  expect(cores.due[0]).toBe(1_200 + COSTS.change + 50);
});
