import { expect, test } from 'vitest';
import type { TapedAccess } from '../../dist/host/engine/tape.js';
import { resolvePolicy } from '../../dist/host/runtime/policy.js';
import { adviceFor } from '../../dist/host/trace/advice.js';
import { explain } from '../../dist/host/trace/explain.js';
import {
  type CallHistory,
  committed,
  rootAborts,
  type TapedAbort,
  type TapedExecution,
} from '../../dist/host/trace/incarnations.js';
import { LocationNames } from '../../dist/host/trace/location-names.js';

// Histories as no worker would have to live through them. Location n has the key n; nothing is known of the contract.

type Ended = Pick<TapedAbort, 'cause' | 'location' | 'writer'>;

const CHANGE = { isRead: true, isWritten: true, isAdded: false, writer: undefined } as const;
const names = new LocationNames((location) => ({ contract: 0, key: new Uint8Array([location]) }), {
  addressOf: () => new Uint8Array(32),
  layoutOf: () => undefined,
  layouts: () => [],
});
const callName = (index: number): string => `call ${index}`;

/** Of a call that was aborted so, one after the other, at the times 10, 20, ..., and changed `locations` in the end. */
function history(index: number, ends: readonly Ended[], locations: readonly number[]): CallHistory {
  const accesses = locations.map((location): TapedAccess => ({ ...CHANGE, location }));
  const at = (incarnation: number) => ({
    index,
    incarnation,
    worker: 0,
    begin: incarnation * 10,
    end: incarnation * 10 + 10,
  });
  const executions = [...ends, undefined].map(
    (_, incarnation): TapedExecution => ({
      ...at(incarnation),
      kind: 'execution',
      outcome: 'speculative',
      gas: 1,
      accesses,
    }),
  );
  const aborts = ends.map((end, incarnation): TapedAbort => ({ ...at(incarnation), kind: 'abort', ...end }));
  return { index, executions, aborts: [...aborts, undefined] };
}

const validation = (location: number, writer: number): Ended => ({ cause: 'validation', location, writer });
const cascade = (location: number, writer: number): Ended => ({ cause: 'cascade', location, writer });

function adviceOn(histories: readonly CallHistory[], index: number): string[] {
  const source = { calls: histories.map(committed), roots: rootAborts(histories), names, deltas: true };
  const aborts = (histories[index] as CallHistory).aborts.filter((abort) => abort !== undefined);
  return adviceFor(aborts, source, callName).map(
    ({ kind, location, aborts: avoided }) => `${kind} ${location.key} ${avoided}`,
  );
}

test('by kind, and of a kind that first which would have avoided most', () => {
  const histories = [
    history(0, [], [1, 2, 3]),
    history(1, [], [2, 3]),
    history(2, [], [3]),
    history(
      3,
      [validation(1, 0), validation(2, 1), validation(2, 0), validation(3, 2), validation(3, 2), validation(3, 1)],
      [1, 2, 3],
    ),
  ];
  // Three calls change 2, and four 3.
  expect(adviceOn(histories, 3)).toEqual([
    'shard 0x03 3',
    'shard 0x02 2',
    'reorder 0x03 3',
    'reorder 0x02 2',
    'reorder 0x01 1',
  ]);
});

test('of what it was aborted for, and of what that began with, but of nothing between', () => {
  const histories = [
    history(0, [], [1]),
    history(1, [validation(1, 0)], [1, 2]),
    history(2, [cascade(2, 1)], [2, 3]),
    history(3, [cascade(3, 2), cascade(3, 2)], [3]),
  ];
  expect(adviceOn(histories, 3)).toEqual(['reorder 0x01 2', 'reorder 0x03 2']);
  const began = [...rootAborts(histories)].map(([{ index }, root]) => [index, root.index, root.location]);
  expect(began).toEqual([
    [1, 1, 1],
    [2, 1, 1],
    [3, 1, 1],
    [3, 1, 1],
  ]);
});

test('an abort that comes of another at the same place is one abort there', () => {
  const histories = [history(0, [], [1]), history(1, [validation(1, 0)], [1]), history(2, [cascade(1, 1)], [1])];
  expect(adviceOn(histories, 2)).toEqual(['shard 0x01 1', 'reorder 0x01 1']);
});

test('an abort of the writer that came later is not what it began with', () => {
  const early = history(2, [cascade(2, 1)], [2]);
  const late = history(1, [validation(1, 0), validation(3, 0)], [1, 2, 3]);
  const roots = rootAborts([history(0, [], [1, 3]), late, early]);
  expect(roots.get(early.aborts[0] as TapedAbort)).toBe(late.aborts[0]);
});

test('in words no more than a person reads', () => {
  const locations = Array.from({ length: 30 }, (_, location) => location);
  const histories = [
    history(0, [], locations),
    history(
      1,
      locations.map((location) => validation(location, 0)),
      locations,
    ),
  ];
  const calls = histories.map(committed);
  const decision = { mode: 'block-stm', reason: 'option' } as const;
  const receiptOf = (index: number) =>
    ({ index, status: 'ok', gasUsed: 1, output: new Uint8Array(0), events: [] }) as const;
  const course = { executor: 'block-stm', decision, policy: resolvePolicy({}), receiptOf } as const;
  const source = { histories, calls, roots: rootAborts(histories), reads: [[], []], names, course };
  const { advice, text } = explain(source, 1, callName);
  expect(advice).toHaveLength(30);
  expect(text.split('\n').filter((line) => line.includes('a reorder'))).toHaveLength(12);
  expect(text).toMatch(/\n {2}and 18 more\n$/);
});
