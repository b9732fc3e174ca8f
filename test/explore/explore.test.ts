import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  drawSchedule,
  executeInOrder,
  explore,
  parseBlock,
  policyOf,
  replay,
  runLengths,
  SCHEDULE_SCHEMA,
  type Schedule,
} from '../../dist/host/explore/index.js';
import { compileShipped } from '../../dist/host/explore/kernel.js';
import { blockstm } from '../cli/command.js';
import { type Mutant, mutants } from '../mutants/mutants.js';
import { compileMutant, findAtRandom, searchBoth } from '../support/explored.js';
import { schemaProblem } from '../support/schemas.js';

const policy = policyOf({ grain: 1 });
const SAMPLE = new URL('../../host/explore/schedule.sample.json', import.meta.url);
const isSchedule = new Ajv2020({ strict: true }).compile(
  JSON.parse(await readFile(new URL('../../schemas/schedule.schema.json', import.meta.url), 'utf8')),
);

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

// What is supposed of where workers meet is used by both: the ends are those of the search that supposes nothing and leaves nothing out.
test.each([
  ['a=; b; a', { workers: 2, grain: 2 }],
  ['a-1; a-1 b=', { workers: 2, grain: 1, state: 'a=1' }],
  ['a; a=', { workers: 3, grain: 2 }],
])('%s, %j: the search as it is comes to every end', async (text, shape) => {
  const { full } = searchBoth(await compileShipped(), text, shape);
  const block = parseBlock(text, 'state' in shape ? shape.state : '');
  const result = await explore({ block, workers: shape.workers, policy: policyOf({ grain: shape.grain }) });
  expect(result).toMatchObject({ failure: undefined, isExhausted: true, ends: full.ends });
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
    ['a fial', 'call 0: fial: no key is as near to fail as fial: did you mean fail?'],
    ['a; a?fal:b', 'call 1: fal: no key is as near to fail as fal: did you mean fail?'],
    ['fail=7', 'call 0: fail=7: no key is as near to fail as fail: did you mean fail?'],
  ])('%s is refused', (text, message) => {
    expect(() => parseBlock(text)).toThrow(message);
  });

  test('keys are words, also ones that are longer than fail by more than a letter', () => {
    expect(parseBlock('failed balance2= file; fa fail').names).toEqual(['failed', 'balance2', 'file', 'fa']);
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
    const { failure: again, isEnded } = await replay(
      schedule,
      ({ worker, doing, access }) => told.push(`${worker} ${doing}: ${access}`),
      kernel,
    );
    expect(again).toBe(failure.message);
    expect(isEnded).toBe(true);
    expect(told).toHaveLength(failure.schedule.length);
    expect(told.join('\n')).toMatch(/executes call \d, at a=?: loads the versions of a/);
    expect(told.join('\n')).toMatch(
      /compares and swaps the status of call \d: Executing, incarnation \d.* -> Suspended/,
    );
  });
});

test('every mutant is of a line that the kernel has, once, and has its row in the table', async () => {
  const rows = (await readFile(new URL('../README.md', import.meta.url), 'utf8')).split('\n');
  for (const { file, line, replacement, mistake } of mutants) {
    const text = await readFile(new URL(`../../assembly/kernel/${file}.ts`, import.meta.url), 'utf8');
    expect(text.split(line), `${file}: ${line}`).toHaveLength(2);
    expect(replacement).not.toBe(line);
    expect(rows.filter((row) => row.startsWith(`| \`${file}\` | ${mistake} |`)).length, mistake).toBe(1);
  }
});

describe('a schedule file', () => {
  const good = {
    schema: SCHEDULE_SCHEMA,
    block: 'a',
    state: '',
    workers: 1,
    policy: { grain: 1 },
    steps: [[0, 3]],
  };
  const write = async (text: string): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), 'explore-'));
    await writeFile(join(folder, 's.json'), text);
    return folder;
  };

  test('is told in words', async () => {
    const { code, stdout } = await blockstm(await write(JSON.stringify(good)), 'explore', '--replay', 's.json');
    expect(stdout).toContain('   1  worker 0 asks for work; it loads the fault: none\n');
    expect(stdout).toMatch(/nothing fails in these steps; the schedule stops before the block has ended, .*\n$/);
    expect(code).toBe(0);
    const { stdout: json } = await blockstm(
      await write(JSON.stringify(good)),
      'explore',
      '--replay',
      's.json',
      '--json',
    );
    expect(JSON.parse(json)).toMatchObject({ isEnded: false, steps: { length: 3 } });
  });

  test('that is whole ends, and its end is looked at', async () => {
    const folder = await write(await readFile(SAMPLE, 'utf8'));
    const { code, stdout } = await blockstm(folder, 'explore', '--replay', 's.json');
    expect(stdout).toMatch(/\nnothing fails here, and the block ends as sequentially\n$/);
    expect(code).toBe(0);
    expect(JSON.parse((await blockstm(folder, 'explore', '--replay', 's.json', '--json')).stdout)).toMatchObject({
      isEnded: true,
    });
  });

  test('tells of a compare-and-swap whether it fails', async () => {
    const told: { readonly access: string }[] = [];
    const options = { block: parseBlock('a a=; a a=; a a='), workers: 3, policy };
    for (let seed = 1; seed <= 20; seed++) {
      const { schedule } = await drawSchedule(options, seed);
      const whole = { ...good, block: 'a a=; a a=; a a=', workers: 3, policy, steps: runLengths(schedule) } as Schedule;
      await replay(whole, (step) => told.push(step));
    }
    const swaps = told.filter(({ access }) => access.startsWith('compares and swaps'));
    const failed = swaps.filter(({ access }) => access.includes(' and fails: '));
    expect(failed.length).toBeGreaterThan(10);
    expect(swaps.length).toBeGreaterThan(10 * failed.length);
    for (const { access } of swaps) expect(access.includes(' -> '), access).toBe(!access.includes(' and fails: '));
    // Nobody else has changed a word of whoever is alone.
    const alone: string[] = [];
    const { schedule } = await drawSchedule({ ...options, workers: 1 }, 1);
    await replay(
      { ...good, block: 'a a=; a a=; a a=', policy, steps: runLengths(schedule) } as Schedule,
      ({ access }) => alone.push(access),
    );
    expect(alone.some((access) => access.startsWith('compares and swaps'))).toBe(true);
    expect(alone.filter((access) => access.includes('and fails'))).toEqual([]);
  });

  test.each([
    [{ ...good, schema: 'x' }, 'schema: expected "blockstm.schedule/1", found "x"'],
    [{ ...good, block: undefined }, 'block: expected a string, found nothing'],
    [{ ...good, blok: 'a' }, 'blok: unknown name, expected schema, block,'],
    [{ ...good, workers: 9 }, 'workers: expected a whole number from 1 to 8, found 9'],
    [{ ...good, lookahead: 0 }, 'lookahead: expected a whole number from 1 to 256, found 0'],
    [{ ...good, policy: {} }, 'policy.grain: expected a whole number from 1 to 64, found nothing'],
    [{ ...good, policy: { grain: 1, suspend: 'on' } }, 'policy.suspend: expected "park" or "abort", found "on"'],
    [{ ...good, steps: 5 }, 'steps: expected an array, found 5'],
    [{ ...good, steps: [[1, 1]] }, 'steps[0][0]: expected a whole number from 0 to 0, found 1'],
    [{ ...good, steps: [[0, 1], [0]] }, 'steps[1]: expected [worker, accesses], found an array'],
  ])('%j is refused by the command, with its place, and by the schema', async (value, message) => {
    const { code, stderr } = await blockstm(
      await write(JSON.stringify(value, null, 2)),
      'explore',
      '--replay',
      's.json',
    );
    expect(stderr).toMatch(/^s\.json:[0-9]+:[0-9]+: error: /);
    expect(stderr).toContain(message);
    expect(code).toBe(1);
    // How many workers there are a schema cannot compare with.
    expect(isSchedule(value)).toBe(message.startsWith('steps[0][0]'));
  });

  test.each([
    [{ ...good, block: 'a*2' }, 's.json:1:41: error: block: call 0: no operation a*2'],
    [{ ...good, block: 'a;'.repeat(32).concat('a') }, 'block: expected at most 32 calls'],
    [{ ...good, state: 'a=281474976710656' }, 'state: state: a=281474976710656: at most 281474976710655'],
    [
      { ...good, steps: [[0, 1000]] },
      /steps\[0\]: worker 0 cannot go on: after \d+ of these 1000 accesses it has left/,
    ],
  ])('%j cannot be run, and its place is shown', async (value, message) => {
    const { code, stderr } = await blockstm(await write(JSON.stringify(value)), 'explore', '--replay', 's.json');
    expect(stderr).toMatch(message);
    expect(stderr).toContain('^');
    expect(code).toBe(1);
  });

  test('that is no JSON is shown where it is none', async () => {
    const { code, stderr } = await blockstm(await write('{"schema": }'), 'explore', '--replay', 's.json');
    expect(stderr).toContain('s.json:1:12: error: not JSON: expected a value');
    expect(code).toBe(1);
  });

  test('is recorded of a schedule that does not fail; the sample is such a one, of the kernel as it is', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'explore-'));
    const { code, stdout } = await blockstm(folder, 'explore', 'a a=; a a=', '--record', 's.json', '--seed', '7');
    expect(stdout).toContain('83 accesses; ends as sequentially\n');
    expect(code).toBe(0);
    const recorded = JSON.parse(await readFile(join(folder, 's.json'), 'utf8')) as Schedule;
    expect(isSchedule(recorded), JSON.stringify(isSchedule.errors)).toBe(true);
    expect(JSON.parse(await readFile(SAMPLE, 'utf8'))).toEqual(recorded);
    expect(await replay(recorded)).toEqual({ failure: undefined, isEnded: true });
  });

  test('that fails is told as the README shows it', async () => {
    const wakeUp = mutants.find(({ mistake }) => mistake.startsWith('the wake word does not change'));
    const readme = await readFile(new URL('../../host/explore/README.md', import.meta.url), 'utf8');
    const [, steps = ''] = /`"steps": (\[.*?\]\])`/.exec(readme) ?? [];
    const schedule = { ...good, block: 'a=1', workers: 2, policy, steps: JSON.parse(steps) } as Schedule;
    const told: string[] = [];
    const { failure } = await replay(
      schedule,
      ({ worker, doing, access }) => told.push(`  ${told.length + 1}  worker ${worker} ${doing}; it ${access}\n`),
      await compileMutant(wakeUp as Mutant),
    );
    expect(readme).toContain(`${told.slice(27).join('')}FAILED: ${failure}\n`);
    expect(told).toHaveLength(43);
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
  expect(result.stdout).toContain('NOT all schedules: stopped at --max-states');
  // Schedules are counted when all is known.
  expect(result.stdout).toMatch(/^stopped after 301 states and [0-9,]+ steps from one to another, /);
  const { stdout } = await blockstm(tmpdir(), 'explore', '--max-states', '300', '--json');
  expect(JSON.parse(stdout)).not.toHaveProperty('schedules');
  expect(schemaProblem(JSON.parse(stdout))).toBeUndefined();
});

test('schedules are shown in full, and from a million on by their magnitude', async () => {
  expect((await blockstm(tmpdir(), 'explore', 'a=1; a')).stdout).toMatch(
    /^[0-9.]+ × 10[⁰¹²³⁴⁵⁶⁷⁸⁹]+ schedules, through [0-9,]+ states and /,
  );
  expect((await blockstm(tmpdir(), 'explore', '--preemptions', '0')).stdout).toMatch(
    /^[0-9,]+ schedules? with at most 0 preemptions, through [0-9,]+ states and /,
  );
});

test.each([
  [['--random', '0'], '--random: expected a whole number from 1, found 0'],
  [['--policy', 'grain=2'], '--policy: the grain is given by --grain'],
  [['--record', 's.json', '--random', '5'], '--record: it draws one schedule, expected no --random\n'],
  [
    ['--record', 's.json', '--out', 'o.json', '--max-states', '5', '--preemptions', '1', '--seed', '2', '--grain', '2'],
    '--record: it draws one schedule, expected no --preemptions, --max-states, --out\n',
  ],
  [
    ['--replay', 's.json', '--record', 's.json'],
    '--replay: the schedule says all of how it is run, expected no --record\n',
  ],
  ...['workers', 'grain', 'lookahead', 'parallelism', 'random', 'preemptions', 'seed', 'max-states'].map(
    (name): [string[], string] => [['--replay', 's.json', `--${name}`, '1'], `it is run, expected no --${name}\n`],
  ),
  ...['state', 'policy', 'out'].map((name): [string[], string] => [
    ['--replay', 's.json', `--${name}`, 'deltas=off', '--json'],
    `it is run, expected no --${name}"`,
  ]),
  [
    ['--random', '5', '--preemptions', '1', '--max-states', '9'],
    'no states are kept, expected no --preemptions, --max-states\n',
  ],
  [['--seed', '5'], '--seed: expected it with --random or --record'],
])('%j is refused', async (args, message) => {
  const { code, stderr } = await blockstm(tmpdir(), 'explore', ...args);
  expect(stderr).toContain(message);
  expect(code).toBe(1);
});
