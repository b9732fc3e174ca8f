import { describe, expect, test } from 'vitest';
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
  cores.idle(0, 900, 9_000);
  expect(cores.next()).toBe(1);
  // What worker 1 does is seen by who polls.
  cores.hasten(0, 1_050);
  expect([...cores.due]).toEqual([NEVER, 1_007]);
  cores.release(1, 1_200);
  expect(cores.next()).toBe(0);
  expect(cores.due[0]).toBe(1_207);
  cores.hasten(0, 1_300);
  expect(cores.due[0]).toBe(1_300);
  cores.idle(0, 1_350, 9_000);
  cores.hasten(0, 1_250);
  expect(cores.due[0]).toBe(1_350);
  cores.release(0, 1_400);
  expect(cores.busy).toBe(1_000 + (1_200 - 1_007) + (1_400 - 1_207));
});

describe('who has lost its core in the midst of a step ends that first, where something has changed', () => {
  /** Of the last step of worker 0, which ends at 1,050, 50 are left when its slice is over. */
  function interrupted(): Cores {
    const cores = new Cores(2, 1, COSTS);
    cores.ready(0, 0);
    expect(cores.next()).toBe(0);
    cores.ready(1, 0);
    cores.idle(0, 1_050, 9_000);
    expect(cores.next()).toBe(1);
    return cores;
  }

  function regained(cores: Cores): number {
    cores.release(1, 1_200);
    expect(cores.next()).toBe(0);
    return 1_200 + COSTS.change + 50;
  }

  test('while it had none', () => {
    const cores = interrupted();
    cores.hasten(0, 1_010);
    const ends = regained(cores);
    expect(cores.due[0]).toBe(ends);
    cores.hasten(0, 1_220);
    expect(cores.due[0]).toBe(ends);
  });

  test('when it has one again', () => {
    const cores = interrupted();
    const ends = regained(cores);
    expect(cores.due[0]).toBeGreaterThan(ends);
    cores.hasten(0, 1_220);
    expect(cores.due[0]).toBe(ends);
    cores.hasten(0, 1_300);
    expect(cores.due[0]).toBe(1_300);
  });
});

test('nobody takes a step before it has a core', () => {
  const cores = new Cores(3, 2, COSTS);
  cores.ready(0, 0);
  cores.ready(1, 100);
  expect(cores.next()).toBe(0);
  cores.due[0] = 5_000;
  expect(cores.next()).toBe(1);
  cores.due[1] = 1_003;
  cores.ready(2, 500);
  expect(cores.next()).toBe(1);
  // Its core is on its way, and it is not there yet.
  expect(cores.due[2]).toBe(1_000 + COSTS.change);
  cores.hasten(2, 1_005);
  expect(cores.due[2]).toBe(1_000 + COSTS.change);
});
