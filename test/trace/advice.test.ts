import { expect, test } from 'vitest';
import { adviceFor } from '../../dist/host/trace/advice.js';
import { type CallHistory, committed, rootAborts, type TapedAbort } from '../../dist/host/trace/incarnations.js';
import { type ConflictPlace, remediesFor } from '../../dist/host/trace/remedies.js';
import { cascade, history, plainNames, unknownNames, validation } from '../support/histories.js';

function adviceOn(histories: readonly CallHistory[], index: number): string[] {
  const source = { calls: histories.map(committed), roots: rootAborts(histories), names: unknownNames, deltas: true };
  const aborts = (histories[index] as CallHistory).aborts.filter((abort) => abort !== undefined);
  return adviceFor(aborts, source, plainNames).map(
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

test('the size of what can be listed: several collections in its place', () => {
  const calls = [history(0, [], [1]), history(1, [validation(1, 0)], [1])].map(committed);
  const field = { name: 'open', kind: 'enumerableSet', key: 'u64' } as const;
  const place = {
    name: { contract: 'dao', address: `0x${'00'.repeat(32)}`, field: 'open', key: 'size' },
    meaning: { field, part: 'size' },
    use: { changers: 2, first: 0 },
  } as unknown as ConflictPlace;
  const abort = { ...validation(1, 0), index: 1 } as TapedAbort;
  const [shard, reorder] = remediesFor(abort, place, { calls, deltas: true }, plainNames);
  expect(shard).toMatchObject({ kind: 'shard' });
  expect(shard?.text).toBe(
    'sharding: in the code of dao, keep several collections in place of open, whose size 2 calls change, and have each call change the one that its caller or its key chooses; fewer calls meet then, but whoever needs the whole has to read them all',
  );
  expect(reorder?.text).toContain('by dao.open.size wherever they are');
});
