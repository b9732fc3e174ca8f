import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { type BenchmarkReport, optionName, SUITES, WORKLOADS, type WorkloadList } from '../../dist/bench/index.js';
import { blockstm, blockstmProcess, type Finished, tamperedBlockstm } from './command.js';

async function bench(...args: readonly string[]): Promise<Finished> {
  return blockstm(tmpdir(), 'bench', ...args);
}

async function report(...args: readonly string[]): Promise<BenchmarkReport> {
  const { code, stdout, stderr } = await bench(...args, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.endsWith('}\n')).toBe(true);
  expect(stdout.trimEnd()).not.toContain('\n');
  return JSON.parse(stdout);
}

const small = ['--accounts', '20', '--block-size', '200', '--repeats', '3', '--workers', '2', '--warm-up', '1000'];

test('the JSON has every documented field', async () => {
  const result = await report('--workload', 'p2p', '--seed', '5', ...small);
  const times = { median: expect.any(Number), min: expect.any(Number), max: expect.any(Number) };
  const summary = { ...times, samples: [expect.any(Number), expect.any(Number), expect.any(Number)] };
  expect(result).toEqual({
    schema: 'blockstm.bench/1',
    workload: 'p2p',
    params: { accounts: 20 },
    blockSize: 200,
    seed: 5,
    executor: 'auto',
    workers: 2,
    policy: { validate: 'value', grain: 'auto', estimates: true, suspend: 'park', deltas: true },
    repeats: 3,
    warmUp: 1000,
    measured: 'execute',
    simulated: false,
    wallMs: summary,
    engineMs: summary,
    tps: expect.any(Number),
    sequential: { wallMs: summary, tps: expect.any(Number) },
    speedup: { median: expect.any(Number), low: expect.any(Number), high: expect.any(Number) },
    overheadMicros: expect.any(Number),
    failedCalls: expect.any(Number),
    executions: expect.any(Number),
    aborts: expect.any(Number),
    abortRate: expect.any(Number),
    validations: expect.any(Number),
    dependencyWaits: expect.any(Number),
    executingWorkers: expect.any(Number),
    modes: expect.any(Object),
    blockBytesPerCall: expect.any(Number),
    stateHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    statesEqual: true,
    difference: null,
    differentBlock: null,
    baseline: {
      jsMap: { tps: expect.any(Number), ratio: expect.any(Number) },
      ledgerLimit: { tps: expect.any(Number), ratio: expect.any(Number) },
    },
    env: {
      cpu: expect.any(String),
      cores: expect.any(Number),
      node: process.versions.node,
      v8: process.versions.v8,
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      commit: expect.toSatisfy((commit) => commit === null || /^[0-9a-f]{40}$/.test(commit)),
    },
  });
  expect(result.wallMs.min).toBeLessThanOrEqual(result.wallMs.median);
  expect(result.wallMs.median).toBeLessThanOrEqual(result.wallMs.max);
  expect(result.tps).toBeCloseTo((200 / result.wallMs.median) * 1_000, 3);
  expect(result.speedup.low).toBeLessThanOrEqual(result.speedup.median);
  expect(result.speedup.median).toBeLessThanOrEqual(result.speedup.high);
  const overheads = result.wallMs.samples.map(
    (ms, index) => (ms - (result.sequential.wallMs.samples[index] as number)) * 1_000,
  );
  expect(result.overheadMicros).toBe(overheads.toSorted((left, right) => left - right)[1]);
  expect(result.executions).toBeGreaterThanOrEqual(600);
  expect(result.blockBytesPerCall).toBeGreaterThan(0);
  expect(result.abortRate).toBe(result.aborts / result.executions);
  expect(result.failedCalls).toBeGreaterThan(0);
  expect(result.failedCalls).toBeLessThan(600);
  expect(result.modes.sequential + result.modes['block-stm']).toBe(3);
});

test('the state after the same seed is the same, whatever the executor and the workers', async () => {
  const args = [
    '--workload',
    'compute',
    '--rounds',
    '3',
    '--accounts',
    '20',
    '--block-size',
    '150',
    '--repeats',
    '2',
    '--warm-up',
    '500',
  ];
  const results = [
    await report(...args, '--executor', 'sequential'),
    await report(...args, '--executor', 'block-stm', '--workers', '1'),
    await report(...args, '--executor', 'block-stm', '--workers', '3'),
  ];
  expect(results.map(({ statesEqual }) => statesEqual)).toEqual([true, true, true]);
  expect(new Set(results.map(({ stateHash }) => stateHash)).size).toBe(1);
  expect(new Set(results.map(({ failedCalls }) => failedCalls)).size).toBe(1);
  expect(results[0]?.params).toEqual({ accounts: 20, rounds: 3 });
  expect(results[0]?.baseline).toBeNull();
  expect((await report(...args, '--executor', 'sequential', '--seed', '2')).stateHash).not.toBe(results[0]?.stateHash);
});

test('mainnet blocks are measured too', async () => {
  const result = await report(
    '--workload',
    'mainnet',
    '--block-size',
    '400',
    '--repeats',
    '2',
    '--workers',
    '2',
    '--warm-up',
    '0',
  );
  expect(result).toMatchObject({ params: {}, blockSize: 400, statesEqual: true });
  expect(result.failedCalls).toBeGreaterThan(0);
});

test.each(['chain', 'hotspot', 'counter', 'aba-samevalue'])('%s is measured too', async (workload) => {
  const args = [
    '--workload',
    workload,
    '--executor',
    'block-stm',
    '--block-size',
    '300',
    '--repeats',
    '2',
    '--warm-up',
    '600',
  ];
  expect(await report(...args)).toMatchObject({ workload, baseline: null, statesEqual: true });
});

test('a policy is handed on, and every value of it is reported', async () => {
  const policy = [
    '--validate',
    'version',
    '--grain',
    '3',
    '--estimates',
    'off',
    '--suspend',
    'abort',
    '--deltas',
    'off',
  ];
  const args = ['--workload', 'counter', ...small, '--executor', 'block-stm', ...policy];
  expect(await report(...args)).toMatchObject({
    policy: { validate: 'version', grain: 3, estimates: false, suspend: 'abort', deltas: false },
    statesEqual: true,
  });
  const { stdout } = await bench(...args);
  expect(stdout.split('\n')[0]).toBe(
    'counter, 20 accounts, delta counter, blocks of 200, validate version, grain 3, estimates off, suspend abort, deltas off, seed 1, 3 repeats',
  );
});

test('reading the receipts can be measured with the execution', async () => {
  expect(await report(...small, '--end-to-end')).toMatchObject({ measured: 'end-to-end', statesEqual: true });
});

test('the workloads are listed, for people and for programs', async () => {
  const { code, stdout, stderr } = await bench('list');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^p2p +payments between random accounts$/m);
  expect(stdout).toMatch(/^ {2}--hot-ratio +0 to 1 +1 +how probably a call takes a hot key$/m);
  expect(stdout).toMatch(/^ {2}--counter +delta, plain, none {2,}delta/m);
  const json = await bench('list', '--json');
  const { schema, workloads } = JSON.parse(json.stdout) as WorkloadList;
  expect(schema).toBe('blockstm.workloads/1');
  expect(workloads.map(({ name }) => name)).toEqual(WORKLOADS.map(({ name }) => name));
  expect(workloads[0]?.parameters).toEqual({
    type: 'object',
    properties: {
      accounts: {
        type: 'integer',
        minimum: 2,
        maximum: 1_000_000,
        default: 10_000,
        description: 'accounts that pay one another',
      },
    },
    additionalProperties: false,
  });
});

test.each([
  ['bench', '--help'],
  ['help', 'bench'],
])('blockstm %s %s names every parameter', async (...args) => {
  const { code, stdout } = await blockstm(tmpdir(), ...args);
  expect(code).toBe(0);
  const text = stdout.replaceAll(/\s+/g, ' ');
  for (const { name, parameters } of WORKLOADS) {
    expect(text).toContain(`"${name}"`);
    for (const [parameter, { description }] of Object.entries(parameters)) {
      expect(text).toContain(`--${optionName(parameter)} <`);
      expect(text).toContain(description);
    }
  }
  for (const suite of Object.keys(SUITES)) expect(text).toContain(`"${suite}"`);
});

test.each(['receipt', 'writeSet', 'stateHash'])('a wrong result is noticed: %s', async (tamper) => {
  const args = ['bench', '--workload', 'p2p', ...small, '--json'];
  const { code, stdout, stderr } = await tamperedBlockstm(tamper, tmpdir(), ...args);
  expect(code).toBe(1);
  expect(JSON.parse(stderr)).toMatchObject({
    code: 'ERR_VERIFY',
    message: expect.stringContaining('auto and sequential differ: block '),
  });
  expect(JSON.parse(stdout)).toMatchObject({ statesEqual: false, difference: expect.any(String) });
});

test('a person gets a table', async () => {
  const args = ['bench', '--workload', 'p2p', ...small, '--repeats', '6'];
  const { code, stdout, stderr } = await blockstmProcess(tmpdir(), ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = stdout.split('\n');
  expect(lines[0]).toBe('p2p, 20 accounts, blocks of 200, seed 1, 6 repeats');
  const table = lines.slice(2, 7);
  expect(table.map((line) => line.replaceAll(/ +/g, ' ').replaceAll(/[0-9][0-9.,]*/g, '#'))).toEqual([
    ' calls/s median ms min ms max ms',
    'sequential # # # #',
    'auto, # workers # # # #',
    'plain JavaScript Map #',
    'hand-written Wasm #',
  ]);
  expect(stdout).toMatch(/^against {7}plain JavaScript Map: sequential runs at \d+\.\d% of its speed$/m);
  expect(stdout).toMatch(/^ {14}hand-written Wasm: sequential runs at \d+\.\d% of its speed$/m);
  expect(stdout).toMatch(/^speed-up {6}\d+\.\d\dx \(95% interval \d+\.\d\d to \d+\.\d\d\)$/m);
  expect(stdout).toMatch(/^auto took {5}block-stm 0 times; sequential 6 times$/m);
  const few = await bench('--workload', 'p2p', ...small);
  expect(few.stdout).toMatch(/^speed-up {6}\d+\.\d\dx$/m);
  expect(stdout).toMatch(/^states equal {2}yes, [0-9a-f]{64}$/m);
});

test.each([
  [['--accounts', '1'], '--accounts: expected a whole number from 2 to 1,000,000, found 1'],
  [['--block-size', '0'], '--block-size: expected a whole number from 1 to 262,144, found 0'],
  [['--workers', '257'], '--workers: expected a whole number from 1 to 256, found 257'],
  [['--repeats', '1001'], '--repeats: expected a whole number from 1 to 1,000, found 1001'],
  [['--warm-up', '-1'], "argument '-1' is invalid"],
  [['--workload', 'compute', '--rounds', '1000001'], '--rounds: expected a whole number from 0 to 1,000,000'],
  [['--workload', 'p2p', '--rounds', '5'], '--rounds: the workload p2p has no such parameter'],
  [
    ['--workload', 'ycsb', '--rounds', '5'],
    '--rounds: the workload ycsb has no such parameter, it has --records, --operations, --read-ratio, --theta, --value-bytes',
  ],
  [['reproduce', 'paper', '--repeats', '0'], 'error (ERR_OPTION): --repeats: expected a whole number from 1 to 1,000'],
  [['--workload', 'mainnet', '--accounts', '5'], '--accounts: the workload mainnet has no such parameter'],
  [['--workload', 'p3p'], 'smallbank, hybrid (did you mean p2p?), found p3p'],
  [['--workload', 'chain', '--distance', '0'], '--distance: expected a whole number from 1 to 262,144, found 0'],
  [['--workload', 'hotspot', '--hot-ratio', '1.1'], '--hot-ratio: expected a number from 0 to 1, found 1.1'],
  [['--workload', 'hotspot', '--hot-ratio', 'x'], "argument 'x' is invalid. Expected a number."],
  [['--workload', 'counter', '--counter', 'some'], '--counter: expected one of delta, plain, none, found some'],
  [['--validate', 'bytes'], 'Allowed choices are version, value'],
  [['--grain', '1025'], 'policy.grain: expected "auto" or a whole number from 1 to 1,024, found 1025'],
  [['--grain', 'coarse'], "argument 'coarse' is invalid"],
  [['--deltas', 'yes'], "argument 'yes' is invalid. Expected on or off."],
  [['--suite', 'all'], '--suite: expected one of core, ablation, found all'],
  [['--suite', 'ablaton'], '--suite: expected one of core, ablation (did you mean ablation?), found ablaton'],
  [['--workers', '2', 'list'], '--workers: options of bench list come after it'],
  [['--suite', 'core', '--workload', 'p2p'], '--workload: not with --suite'],
  [['--suite', 'core', '--accounts', '5'], '--accounts: not with --suite'],
  [['--suite', 'core', '--executor', 'auto'], '--executor: not with --suite'],
  [['--suite', 'core', '--deltas', 'off'], '--deltas: not with --suite'],
  [['--suite', 'core', '--block-size', '5'], '--block-size: not with --suite'],
  [['--suite', 'core', '--end-to-end'], '--end-to-end: not with --suite'],
  [['--suite', 'core', '--workers', '0'], '--workers: expected a whole number from 1 to 256, found 0'],
  ...['--trace', '--graph'].map((option): [string[], string] => [
    [option, 'x.json', '--suite', 'core'],
    `${option}: that is of one block, and a benchmark of many: blockstm bench export writes a block as files, for blockstm run ${option}; blockstm simulate ${option} takes`,
  ]),
  [['--explain', '5'], 'as files, for blockstm explain; blockstm simulate --explain takes the same options as bench'],
  [['list', '--accounts', '5'], "unknown option '--accounts'"],
  [['lst'], "unknown command 'lst', "],
  [['--executor', 'blockstm'], 'block-stm (did you mean block-stm?), found blockstm'],
  [['reproduce', 'papr'], 'neo1202 (did you mean paper?), found papr'],
  [['--repeats', '-3'], "argument '-3' is invalid"],
  [['--seed', '1.5'], "argument '1.5' is invalid"],
])('blockstm bench %j', async (args, message) => {
  const { code, stdout, stderr } = await bench(...args);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr).not.toContain('    at ');
});
