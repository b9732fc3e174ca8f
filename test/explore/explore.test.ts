import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  executeInOrder,
  explore,
  parseBlock,
  parseSchedule,
  policyOf,
  replay,
  SCHEDULE_SCHEMA,
} from '../../dist/host/explore/index.js';
import { compileShipped } from '../../dist/host/explore/kernel.js';
import { blockstm } from '../cli/command.js';
import { type Mutant, mutants } from '../mutants/mutants.js';
import { compileMutant, findAtRandom, searchBoth } from '../support/explored.js';

const policy = policyOf({ grain: 1 });

describe('every schedule', () => {
  test('of two calls that conflict, on two workers, ends as sequentially', async () => {
    const result = await explore({ block: parseBlock('a a=; a a='), workers: 2, policy });
    expect(result).toMatchObject({ failure: undefined, isExhausted: true });
    expect(result.schedules).toBeGreaterThan(1e12);
    expect(result.ends).toBeGreaterThan(1);
  });

  test('of three calls on three workers, claimed together', async () => {
    const block = parseBlock('a a=; a a=; a a=');
    const result = await explore({ block, workers: 3, policy: policyOf({ grain: 3 }) });
    expect(result).toMatchObject({ failure: undefined, isExhausted: true });
    expect(result.states).toBeGreaterThan(1000);
  });

  test('with one preemption, of three calls on three workers: fewer than without a bound', async () => {
    const block = parseBlock('a a=; a a=; a a=');
    const result = await explore({ block, workers: 3, policy, preemptions: 1 });
    expect(result).toMatchObject({ failure: undefined, isExhausted: true });
    expect(result.schedules).toBeLessThan(1e6);
  });

  test('stops where it is told to, and does not say that it has seen all', async () => {
    const result = await explore({ block: parseBlock('a a=; a a='), workers: 2, policy, maxStates: 500 });
    expect(result).toMatchObject({ failure: undefined, isExhausted: false });
  });
});

describe('the reduction', () => {
  test.each([
    ['a a=; a a=', { workers: 2, grain: 1 }],
    ['a-1; a-1 b=', { workers: 2, grain: 1, state: 'a=1' }],
    ['a a=; a a=; a a=', { workers: 2, grain: 2 }],
    ['a a=; a a=; a a=', { workers: 3, grain: 3 }],
    ['a=1', { workers: 3, grain: 1 }],
  ])('has %s, %j come to the same ends as the search without it, in fewer states', async (text, shape) => {
    const { reduced, full, shipped } = searchBoth(await compileShipped(), text, shape);
    for (const searched of [reduced, full, shipped])
      expect(searched).toMatchObject({ failure: undefined, isExhausted: true });
    // Its ends are ends of the full search: as many are the same ones.
    expect([reduced.ends, shipped.ends]).toEqual([full.ends, full.ends]);
    expect(reduced.states).toBeLessThan(0.6 * full.states);
    expect(reduced.steps).toBeLessThan(0.4 * full.steps);
  });
});

test('schedules at random are repeated by their seed', async () => {
  const options = { block: parseBlock('a-1; a-2 b=; a+1; b?a=:c=', 'a=2'), workers: 3, policy };
  const run = (seed: number) => explore({ ...options, random: { schedules: 50, seed } });
  const first = await run(7);
  expect(first.failure).toBeUndefined();
  expect(await run(7)).toEqual(first);
  expect((await run(8)).steps).not.toBe(first.steps);
});

describe('what a call does', () => {
  test('is executed in order by an interpreter of its own', () => {
    const { outcomes, state } = executeInOrder(parseBlock('a=7; a b=; a+3; c!; a-100; b?c=1:c=2; a=1 fail', 'c=5'));
    expect(outcomes.map(({ isFailed }) => isFailed)).toEqual([false, false, false, false, false, false, true]);
    expect(state.get(0)).toBe(10n);
    expect([1n, 2n]).toContain(state.get(2));
  });

  test.each([
    ['a*2', 'call 0: no operation a*2'],
    ['a; b+1234567', 'call 1: b+1234567: at most 1000000'],
    ['a;', 'call 1: no operation (nothing)'],
  ])('%s is refused', (text, message) => {
    expect(() => parseBlock(text)).toThrow(message);
  });
});

describe('a kernel that leaves a call to nobody', () => {
  let kernel: WebAssembly.Module;

  beforeAll(async () => {
    const mutant = mutants.find(
      ({ mistake }) => mistake === 'a call that need not wait is made ready, and nobody executes it',
    );
    kernel = await compileMutant(mutant as Mutant);
  });

  test('is found out, and the schedule fails again in the same way, told step by step', async () => {
    const { failure, schedule } = await findAtRandom(kernel, 'a a=; a a=; a a=', 5000);
    expect(failure.message).toContain('sleep');
    const told: string[] = [];
    const again = await replay(
      schedule,
      ({ worker, doing, access }) => told.push(`${worker} ${doing}: ${access}`),
      kernel,
    );
    expect(again).toBe(failure.message);
    expect(told).toHaveLength(failure.schedule.length);
    expect(told.join('\n')).toMatch(/executes call \d, at a=?: loads the versions of a/);
    expect(told.join('\n')).toMatch(
      /compares and swaps the status of call \d: Executing, incarnation \d.* -> Suspended/,
    );
  });
});

test('every mutant is of a line that the kernel has, once', async () => {
  for (const { file, line, replacement } of mutants) {
    const text = await readFile(new URL(`../../assembly/kernel/${file}.ts`, import.meta.url), 'utf8');
    expect(text.split(line), `${file}: ${line}`).toHaveLength(2);
    expect(replacement).not.toBe(line);
  }
});

describe('a schedule file', () => {
  const good = {
    schema: SCHEDULE_SCHEMA,
    block: 'a',
    state: '',
    workers: 1,
    policy: { grain: 1 },
    message: '',
    steps: [[0, 3]],
  };

  test('is read', async () => {
    expect(await replay(parseSchedule(JSON.stringify(good), 's.json'))).toBeUndefined();
  });

  test.each([
    [{ ...good, schema: 'x' }, '$.schema: expected "blockstm.schedule/1", found "x"'],
    [{ ...good, workers: 9 }, '$.workers: expected a whole number from 1 to 8, found 9'],
    [{ ...good, steps: [[1, 1]] }, '$.steps[0]: expected [worker, accesses], found [1,1]'],
  ])('%j is refused', (value, message) => {
    expect(() => parseSchedule(JSON.stringify(value), 's.json')).toThrow(`s.json: ${message}`);
  });
});

test('the command prints figures, and one JSON document where asked for', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'explore-'));
  const result = await blockstm(folder, 'explore', 'a=1; a', '--json', '--out', 's.json');
  expect(result.code).toBe(0);
  expect(JSON.parse(result.stdout)).toMatchObject({ schema: 'blockstm.explore/1', block: 'a=1; a', isExhausted: true });
  await expect(readFile(join(folder, 's.json'))).rejects.toThrow('ENOENT');
});

test('a search that was stopped before its end ends with exit code 1, and says so', async () => {
  const result = await blockstm(tmpdir(), 'explore', '--max-states', '300');
  expect(result.code).toBe(1);
  expect(result.stdout).toContain('NOT all: stopped at --max-states');
});

test.each([
  [['--random', '0'], '--random: expected a number from 1, found 0'],
  [['--policy', 'grain=2'], '--policy: the grain is given by --grain'],
])('%j is refused', async (args, message) => {
  const { code, stderr } = await blockstm(tmpdir(), 'explore', ...args);
  expect(stderr).toContain(message);
  expect(code).toBe(1);
});
