// What the commands print and write for programs, against the published JSON Schemas.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { validationReport } from '../../dist/bench/simulation/validation.js';
import { SCHEMA_NAMES, schemaOf, schemaProblem } from '../support/schemas.js';
import { blockstm, type Finished, tamperedBlockstm } from './command.js';
import { runDirectory } from './run-directory.js';

type Document = Record<string, unknown> & { readonly schema: string };

/** Documents that have no schema, and why. */
const WITHOUT: Readonly<Record<string, readonly string[]>> = {
  'of the commands for authors and for chains, which host/cli/README.md describes': [
    ...['build', 'call', 'check', 'deploy', 'gas', 'gas-check', 'init', 'inspect', 'log', 'methods', 'replay'],
    ...['restore', 'snapshot', 'state-get', 'state-scan', 'state-stats', 'upgrade', 'view'],
  ],
  'read and not printed: whoever reads it says what is wrong and where': ['genesis', 'gas-snapshot'],
  'data of the package, which nobody else writes': ['published', 'micro'],
};

let directory: string;
beforeAll(async () => {
  directory = await runDirectory();
});
afterAll(() => rm(directory, { recursive: true }));

const read = (name: string): string => readFileSync(join(directory, name), 'utf8');

function parsed({ code, stdout, stderr }: Finished): Document {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

/** It is as its schema has it; and would not be with anything more in any of its objects, or without anything but what is optional. */
function checkStrictly(document: Document, schema: string, optional: readonly string[] = []): void {
  expect(document.schema).toBe(`blockstm.${schema}/1`);
  expect(schemaProblem(document)).toBeUndefined();
  const accepts = schemaOf(schema);
  for (const [path, object] of objectsIn(document)) {
    object.surplus = [];
    expect(accepts(document), `${schema}: ${path}.surplus`).toBe(false);
    delete object.surplus;
  }
  for (const name of Object.keys(document)) {
    if (optional.includes(name)) continue;
    const { [name]: _, ...others } = document;
    expect(accepts(others), `${schema} without ${name}`).toBe(false);
  }
}

/** Of a list the first two elements: the others are like them. */
function* objectsIn(value: unknown, path = '$'): Generator<[string, Record<string, unknown>]> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield [path, value as Record<string, unknown>];
  const members = Array.isArray(value) ? value.slice(0, 2) : value;
  for (const [name, member] of Object.entries(members)) yield* objectsIn(member, `${path}.${name}`);
}

test('every document that is printed or written has a schema, or is known to have none', () => {
  const names = ['host', 'bench'].flatMap((folder) => {
    const root = fileURLToPath(new URL(`../../${folder}/`, import.meta.url));
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    return files.flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/'blockstm\.([a-z-]+)\/1'/g)].map(([, name]) => name),
    );
  });
  const known = [...SCHEMA_NAMES, ...Object.values(WITHOUT).flat()];
  expect([...new Set(names)].toSorted()).toEqual(known.toSorted());
});

test('every schema is one, and asks for its own name', () => {
  for (const name of SCHEMA_NAMES) {
    expect(schemaOf(name).schema).toMatchObject({
      $id: `urn:blockstm:${name}:1`,
      description: expect.any(String),
      ...(name !== 'statistics' && { properties: { schema: { const: `blockstm.${name}/1` } } }),
    });
  }
});

const small = ['--block-size', '100', '--repeats', '2', '--executor', 'block-stm', '--json'];

test('bench, simulate, and how far they are apart', async () => {
  const bench = (...args: string[]) => blockstm(directory, 'bench', ...args, ...small, '--warm-up', '300');
  const transfers = parsed(await bench('--workload', 'p2p', '--accounts', '20'));
  checkStrictly(transfers, 'bench');
  const told = parsed(await bench('--workload', 'counter', '--counter', 'plain', '--stats', '--workers', '2'));
  checkStrictly(told, 'bench', ['statistics']);
  const simulate = ['simulate', '--workload', 'counter', '--counter', 'plain', '--stats', '--workers', '32'];
  const simulated = parsed(await blockstm(directory, ...simulate, ...small, '--explain'));
  checkStrictly(simulated, 'bench', ['statistics', 'explained']);
  expect(simulated).toMatchObject({ explained: { aborted: { length: expect.any(Number) }, explanations: [{}] } });
  const { simulation, explained, ...others } = simulated;
  const measured = { ...others, simulated: false };
  const isBench = schemaOf('bench');
  expect(isBench(measured)).toBe(true);
  expect(isBench({ ...measured, simulation })).toBe(false);
  expect(isBench({ ...measured, explained })).toBe(false);
  const cells = [{ name: 'counter', workers: 2, real: told, simulated }] as never;
  checkStrictly(JSON.parse(JSON.stringify(validationReport(cells))), 'validation');
});

test('bench export', async () => {
  const block = ['--accounts', '20', '--block-size', '50', '--block', '1', '--out', 'block'];
  checkStrictly(parsed(await blockstm(directory, 'bench', 'export', ...block, '--json')), 'bench-block');
  checkStrictly(JSON.parse(read('block/block.json')), 'bench-block');
});

test('bench list', async () => {
  checkStrictly(parsed(await blockstm(directory, 'bench', 'list', '--json')), 'workloads');
});

const SPEC = {
  schema: 'blockstm.sweep/1',
  workloads: [{ workload: 'p2p', params: { accounts: [2, 50] } }],
  blockSize: 60,
  workers: 1,
  blocks: 2,
  repeats: 1,
  warmUp: 100,
};

test.each([
  ['measured', { stats: true }],
  ['simulated', { simulated: true, workers: 16, warmUp: 0, seeds: 1 }],
])('a sweep that is %s: what it would do, its files, its report', async (out, shape) => {
  writeFileSync(join(directory, 'spec.json'), JSON.stringify({ ...SPEC, ...shape }));
  const sweep = (...args: string[]) =>
    blockstm(directory, 'bench', 'sweep', 'spec.json', '--out', out, '--json', ...args);
  expect(schemaProblem(JSON.parse(read('spec.json')))).toBeUndefined();
  checkStrictly(parsed(await sweep('--dry-run')), 'sweep-plan');
  checkStrictly(parsed(await sweep()), 'sweep-summary');
  expect(schemaProblem(JSON.parse(read(`${out}/summary.json`)))).toBeUndefined();
  checkStrictly(JSON.parse(read(`${out}/manifest.json`)), 'sweep-manifest');
  checkStrictly(JSON.parse(read(`${out}/sessions.jsonl`)), 'sweep-session');
  const runs = read(`${out}/runs.jsonl`).trimEnd().split('\n');
  expect(runs).toHaveLength(2);
  for (const run of runs) checkStrictly(JSON.parse(run), 'sweep-run');
  checkStrictly(parsed(await blockstm(directory, 'bench', 'report', out, '--json')), 'sweep-report');
});

test('a sweep that finds results that differ', async () => {
  writeFileSync(join(directory, 'spec.json'), JSON.stringify({ ...SPEC, workloads: [{ workload: 'p2p' }] }));
  const args = ['bench', 'sweep', 'spec.json', '--out', 'differing', '--json'];
  const { code, stdout, stderr } = await tamperedBlockstm('receipt', directory, ...args);
  expect(code).toBe(1);
  checkStrictly(JSON.parse(stdout), 'sweep-summary');
  checkStrictly(JSON.parse(stderr), 'error');
  checkStrictly(JSON.parse(read('differing/mismatch/mismatch.json')), 'sweep-mismatch');
});

test('run, its graph, and explain', async () => {
  const block = ['block.jsonl', '--genesis', 'genesis.json', '--json'];
  const told = parsed(await blockstm(directory, 'run', ...block, '--stats', '--graph', 'graph.json'));
  expect(told.failures).not.toEqual([]);
  checkStrictly(told, 'run');
  const graph = JSON.parse(read('graph.json'));
  expect(graph.edges).not.toEqual([]);
  checkStrictly(graph, 'graph');
  checkStrictly(parsed(await blockstm(directory, 'run', ...block, '--state', 'chain')), 'run');
  checkStrictly(parsed(await blockstm(directory, 'explain', ...block)), 'aborted-calls');
  const explained = parsed(await blockstm(directory, 'explain', ...block, '--call', '1', '0'));
  checkStrictly(explained, 'aborted-calls');
  const [explanation] = explained.explanations as readonly Document[];
  checkStrictly(explanation as Document, 'explanation');
  const { stderr } = await blockstm(directory, 'run', 'spec.json', ...block.slice(1));
  checkStrictly(JSON.parse(stderr), 'error', ['problems']);
});

test('explore, and a schedule that is told', async () => {
  const explored = await blockstm(directory, 'explore', 'a=1; a', '--lookahead', '4', '--json');
  checkStrictly(parsed(explored), 'explore', ['lookahead']);
  const drawn = await blockstm(directory, 'explore', '--random', '20', '--json');
  // Not there where a search was stopped.
  checkStrictly(parsed(drawn), 'explore', ['schedules']);
  const { policy } = JSON.parse(drawn.stdout);
  const schedule = { schema: 'blockstm.schedule/1', block: 'a a=; a a=', state: '', workers: 2, policy, message: 'x' };
  writeFileSync(join(directory, 'schedule.json'), JSON.stringify({ ...schedule, steps: [[0, 3]] }));
  const told = await blockstm(directory, 'explore', '--replay', 'schedule.json', '--json');
  checkStrictly(JSON.parse(told.stdout), 'explore-replay', ['failure']);
});
