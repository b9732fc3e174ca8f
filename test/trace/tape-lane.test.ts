import { expect, test } from 'vitest';
import { OpenLane, type SharingEvent } from '../../dist/host/engine/tape-lane.js';

function execution(index: number): SharingEvent {
  const times = { begin: 0, end: 0 };
  return { kind: 'execution', index, incarnation: 0, outcome: 'final', gas: 1, accesses: [], ...times };
}

function commit(index: number): SharingEvent {
  return { kind: 'commit', index, to: index + 1, begin: 0, end: 0 };
}

function timesOf(lane: OpenLane): (readonly [kind: string, begin: number, end: number])[] {
  return lane.closed.events.map(({ kind, begin, end }) => [kind, begin, end]);
}

test('what shares a reading ended one after another, each after its share of the gas', () => {
  const lane = new OpenLane(3, 100);
  lane.share(execution(0), 30, 0);
  lane.share(commit(0), 10, 0);
  lane.share(execution(1), 60, 120);
  lane.add({ kind: 'idle', begin: 120, end: 125 });
  lane.share(execution(2), 5, 0);
  lane.pass(126, 126);
  expect(timesOf(lane)).toEqual([
    ['execution', 100, 106],
    ['commit', 106, 108],
    ['execution', 108, 120],
    ['idle', 120, 125],
    ['execution', 125, 126],
  ]);
  expect(lane.closed).toMatchObject({ worker: 3, begin: 100, end: 126 });
});

test('a commit of what was validated between executions takes no time, alone, too', () => {
  const lane = new OpenLane(0, 10);
  lane.share(commit(0), 0, 0);
  lane.add({ kind: 'validation', index: 1, incarnation: 0, begin: 20, end: 30 });
  lane.share(execution(1), 10, 0);
  lane.share(commit(1), 0, 40);
  expect(timesOf(lane)).toEqual([
    ['commit', 10, 10],
    ['validation', 20, 30],
    ['execution', 30, 40],
    ['commit', 40, 40],
  ]);
});

test('who comes back had nothing to do until then', () => {
  const lane = new OpenLane(0, 0);
  lane.pass(5, 5);
  lane.resume(9);
  lane.share(execution(0), 1, 12);
  expect(timesOf(lane)).toEqual([
    ['idle', 5, 9],
    ['execution', 9, 12],
  ]);
});
