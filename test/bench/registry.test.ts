import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  formatRange,
  formatValue,
  OptionError,
  optionName,
  type ParameterSchema,
  resolveOptions,
  WORKLOADS,
} from '../../dist/bench/index.js';
import { bundledBlocks, readBundledBlocks } from '../../dist/bench/mainnet/input.js';

const parameters = WORKLOADS.flatMap((workload) =>
  Object.entries(workload.parameters).map(([name, schema]) => ({ workload: workload.name, name, schema })),
);

test('parameters of one name have one schema, so that they can be one option', () => {
  const schemas = new Map<string, ParameterSchema>();
  for (const { name, schema } of parameters) {
    expect(schema).toEqual(schemas.get(name) ?? schema);
    schemas.set(name, schema);
  }
});

test('no parameter has the name of another option', () => {
  const others = ['workload', 'params', 'blockSize', 'workers', 'repeats', 'seed', 'executor', 'policy', 'endToEnd'];
  const policies = ['validate', 'grain', 'estimates', 'suspend', 'deltas', 'suite', 'json', 'verbose', 'help'];
  for (const { name } of parameters) expect([...others, ...policies]).not.toContain(name);
});

test('the README has every workload with its parameters, what they may be and their defaults', () => {
  const readme = readFileSync(new URL('../../bench/README.md', import.meta.url), 'utf8');
  const documented = [...readme.matchAll(/^\| `(.*)` \| (`--.*?)? ?\| .* \|$/gm)].map(([, name, text]) => [name, text]);
  const expected = WORKLOADS.map(({ name, parameters }) => {
    const described = Object.entries(parameters).map(
      ([parameter, schema]) =>
        `\`--${optionName(parameter)}\` ${formatRange(schema)}, default ${formatValue(schema.default)}`,
    );
    return [name, described.length === 0 ? undefined : described.join('; ')];
  });
  expect(documented).toEqual(expect.arrayContaining(expected));
});

test.each(WORKLOADS.map(({ name }) => name))('%s is built with its defaults', (name) => {
  const { workload, settings } = resolveOptions({ workload: name });
  const definition = WORKLOADS.find((each) => each.name === name);
  expect(workload).toMatchObject({ name, blockSize: 10_000 });
  const defaults = Object.entries(definition?.parameters ?? {}).map(([parameter, schema]) => [
    parameter,
    schema.default,
  ]);
  expect(workload.params).toEqual(Object.fromEntries(defaults));
  expect(settings).toMatchObject({
    executor: 'auto',
    repeats: 20,
    seed: 1,
    measured: 'execute',
    policy: { validate: 'value', grain: 'auto', estimates: true, suspend: 'park', deltas: true },
  });
});

test.each(WORKLOADS.map(({ name }) => name))('what %s says of its parameters can be given again', (name) => {
  const { workload } = resolveOptions({ workload: name, params: leastOf(name), blockSize: 100 });
  expect(workload.params).toEqual(leastOf(name));
  const { workload: again } = resolveOptions({ workload: name, params: workload.params, blockSize: 100 });
  expect(again.block(3)).toEqual(workload.block(3));
});

/** The least value of each parameter, or the first choice: not the defaults, which are there without being given. */
function leastOf(name: string): Record<string, number | string> {
  const schemas = parameters.filter(({ workload }) => workload === name);
  return Object.fromEntries(
    schemas.map(({ name: parameter, schema }) => [
      parameter,
      schema.type === 'string' ? (schema.enum[0] as string) : schema.minimum,
    ]),
  );
}

test('the list says how many transactions mainnet has', () => {
  const count = readBundledBlocks(bundledBlocks()).length;
  const definition = WORKLOADS.find(({ name }) => name === 'mainnet');
  expect(definition?.description).toContain(`${formatValue(count)} transactions of ${bundledBlocks().length} Ethereum`);
});

test.each([
  [
    { workload: 'p2p', params: { accounts: 2.5 } },
    'params.accounts: expected a whole number from 2 to 1,000,000, found 2.5',
  ],
  [
    { workload: 'p2p', params: { rounds: 3 } },
    'params.rounds: the workload p2p has no such parameter, it has accounts',
  ],
  [
    { workload: 'ycsb', params: { readratio: 3 } },
    'params.readratio: the workload ycsb has no such parameter, it has records, operations, readRatio, theta, valueBytes (did you mean readRatio?)',
  ],
  [
    { workload: 'mainnet', params: { accounts: 3 } },
    'params.accounts: the workload mainnet has no such parameter, it has none',
  ],
  [{ workload: 'p2p', params: { toString: 3 } }, 'params.toString: the workload p2p has no such parameter'],
  [{ workload: 'hotspot', params: { hotRatio: 1.5 } }, 'params.hotRatio: expected a number from 0 to 1, found 1.5'],
  [{ workload: 'hotspot', params: { hotRatio: '1' } }, 'params.hotRatio: expected a number from 0 to 1, found 1'],
  [
    { workload: 'counter', params: { counter: 'some' } },
    'params.counter: expected one of delta, plain, none, found some',
  ],
  [{ workload: 'counter', params: { counter: 'plian' } }, 'none (did you mean plain?), found plian'],
  [{ workload: 'ycsb', params: { theta: 1.31 } }, 'params.theta: expected a number from 0 to 1.3, found 1.31'],
  [{ workload: 'p3p' }, 'workload: expected one of p2p, compute, mainnet, chain, hotspot, counter, aba-samevalue'],
  [{ workload: 'small-bank' }, 'ycsb, smallbank, hybrid (did you mean smallbank?), found small-bank'],
  [
    { workload: 'p2p', executor: 'fast' as 'auto' },
    'executor: expected one of auto, sequential, block-stm, found fast',
  ],
  [
    { workload: 'p2p', policy: { grain: 0 } },
    'policy.grain: expected "auto" or a whole number from 1 to 1,024, found 0',
  ],
])('%j is refused', (options, message) => {
  expect(() => resolveOptions(options)).toThrow(message);
});

test('an option that is refused is named as a program has it, and as the command line has it', () => {
  const refused = () => resolveOptions({ workload: 'hotspot', params: { hotRatio: 1.5 } });
  expect(refused).toThrow(OptionError);
  expect(refused).toThrow(
    expect.objectContaining({
      code: 'ERR_OPTION',
      options: ['params.hotRatio'],
      problem: 'expected a number from 0 to 1, found 1.5',
      commandMessage: '--hot-ratio: expected a number from 0 to 1, found 1.5',
    }),
  );
});

test.each([
  [{ workload: 'p2p', repeat: 3 }, 'repeat: unknown option, known are workload, params, '],
  [{ workload: 'p2p', accounts: 3 }, 'accounts: unknown option, '],
  [null, 'expected an object with options, found null'],
])('options %j are refused', (options, message) => {
  expect(() => resolveOptions(options as never)).toThrow(message);
});
