import { expect, test } from 'vitest';
import { elsewhere, type MicroBaseline, readBaseline, regressions } from '../../dist/bench/micro/baseline.js';
import { measureAll } from '../../dist/bench/micro/measured-primitives.js';
import { primitives } from '../../dist/bench/micro/primitives.js';

const baseline: MicroBaseline = {
  schema: 'blockstm.micro/1',
  cpu: 'one',
  node: '20',
  ratios: { lookup: 2, claim: 0.4 },
};
const held = { median: 2, low: 1.9, high: 2.1 };

test('what takes as long as ever, or less, or may do so, is no regression', () => {
  for (const lookup of [held, { median: 1, low: 1, high: 1 }, { median: 9, low: 2.5, high: 12 }]) {
    const measured = new Map([
      ['lookup', lookup],
      ['claim', { median: 0.4, low: 0.39, high: 0.41 }],
    ]);
    expect(regressions(measured, baseline)).toEqual([]);
  }
});

test('what takes longer by more than the tolerance, throughout its interval, is one', () => {
  const measured = new Map([
    ['lookup', held],
    ['claim', { median: 0.56, low: 0.53, high: 0.58 }],
  ]);
  expect(regressions(measured, baseline)).toEqual([
    'claim: 40% slower than the baseline: 0.400 of the reference loop then, 0.530 to 0.580 now',
  ]);
});

test('a primitive on one side only is told', () => {
  expect(
    regressions(
      new Map([
        ['lookup', held],
        ['wake', held],
      ]),
      baseline,
    ),
  ).toEqual([
    'wake: is not in the baseline; --write keeps another',
    'claim: is in the baseline and was not measured; --write keeps another baseline',
  ]);
});

test('the baseline that is kept has every primitive', () => {
  const { schema, ratios } = readBaseline();
  expect(schema).toBe('blockstm.micro/1');
  expect(Object.keys(ratios)).toEqual([
    ...['lookup', 'hash', 'reset', 'claim', 'publish', 'validate'],
    ...['codec, encode', 'codec, decode'],
  ]);
});

test('a baseline of another processor or Node is none', () => {
  expect(elsewhere(baseline, { cpu: 'one', node: '20' })).toBeUndefined();
  expect(elsewhere({ ...baseline, node: '20.1.2' }, { cpu: 'one', node: '20.1.3' })).toBeUndefined();
  expect(elsewhere(baseline, { cpu: 'two', node: '20' })).toBe('the baseline is of another processor, one');
  expect(elsewhere(baseline, { cpu: 'one', node: '22.1.0' })).toBe('the baseline is of Node 20');
});

test('a primitive that takes twice as long is found out, on a machine that becomes slower meanwhile', async () => {
  let slowness = 1;
  const timed = (ms: number) => async (): Promise<number> => {
    slowness *= 1.0005;
    return ms * slowness;
  };
  const measure = (claimMs: number) =>
    measureAll(
      [
        { name: 'lookup', sample: '', measure: timed(2) },
        { name: 'claim', sample: '', measure: timed(claimMs) },
      ],
      () => slowness,
    );
  const verdict = async (claimMs: number) =>
    regressions(new Map((await measure(claimMs)).map(({ name, ratio }) => [name, ratio])), baseline);
  expect(await verdict(0.4)).toEqual([]);
  expect(await verdict(0.8)).toEqual([expect.stringContaining('claim: 100% slower than the baseline')]);
});

test('each primitive does what it says', async () => {
  const all = await primitives();
  expect(all.map(({ name }) => name)).toEqual(Object.keys(readBaseline().ratios));
  for (const { name, measure } of all) expect(await measure(), name).toBeGreaterThan(0);
});
