import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RunLog, readRuns } from '../../dist/bench/sweep/run-log.js';
import { type ChildResult, runChild, runScript, scriptPath } from '../support/child.js';
import { withDirectory } from '../support/directories.js';
import { sweptRecords } from '../support/swept.js';
import { canMount, withSmallDisk } from '../support/tmpfs.js';

const { runs } = sweptRecords({ schema: 'blockstm.sweep/1', workloads: [{ workload: 'p2p' }], workers: 1, repeats: 5 });
const lines = runs.map((run) => `${JSON.stringify(run)}\n`);

test('of a log that was cut off anywhere, every whole line is kept and the next one follows it', async () => {
  await withDirectory(async (directory) => {
    const path = join(directory, 'runs.jsonl');
    const [first, second] = lines as [string, string];
    for (const cut of [0, 1, first.length - 1, first.length, first.length + 1, first.length + second.length - 1]) {
      writeFileSync(path, (first + second).slice(0, cut));
      const { records: kept, bytes } = readRuns(path);
      expect(kept).toEqual(runs.slice(0, cut < first.length ? 0 : 1));
      const log = new RunLog(path, bytes);
      for (const run of runs.slice(kept.length)) log.append(run);
      log.close();
      expect(readFileSync(path, 'utf8')).toBe(lines.join(''));
    }
  });
});

test('a line in its midst that is no run is told, with its place', async () => {
  await withDirectory(async (directory) => {
    const path = join(directory, 'runs.jsonl');
    writeFileSync(path, `${lines[0]}{"schema":"blockstm.sweep-run/1",\n${lines[1]}`);
    expect(() => readRuns(path)).toThrow(`${path}:2: not a run of a sweep: `);
    writeFileSync(path, lines[0] as string);
    appendFileSync(path, '{}\n');
    expect(() => readRuns(path)).toThrow(`${path}:2: not a run of a sweep: expected the schema "blockstm.sweep-run/1"`);
  });
});

/** The first run with one value that is another. */
function damaged(path: readonly (string | number)[], value: unknown): string {
  const run = structuredClone(runs[0]) as unknown as Record<string | number, unknown>;
  const at = path.slice(0, -1).reduce((object, key) => object[key] as typeof run, run);
  const last = path.at(-1) as string | number;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return `${JSON.stringify(run)}\n`;
}

/** Each value in a document, by its path; of a list all of them. */
function paths(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [[...path]];
  const isList = Array.isArray(value);
  return Object.entries(value).flatMap(([key, each]) => paths(each, [...path, isList ? Number(key) : key]));
}

test.each([
  [['report', 'abortRate'], 'x', 'report.abortRate: expected a number from 0 to 1, found "x"'],
  [['report', 'abortRate'], 1.5, 'report.abortRate: expected a number from 0 to 1, found 1.5'],
  [['report', 'wallMs', 'samples', 0], null, 'report.wallMs.samples[0]: expected a number from 0, found null'],
  [['report', 'statistics', 'calls'], 0, 'report.statistics.calls: expected a whole number from 1, found 0'],
  [['report', 'tps'], undefined, 'report.tps: expected a value, found nothing'],
  [['report', 'speedup'], 2, 'report.speedup: expected an object, found 2'],
  [['report', 'policy', 'suspend'], 'parc', 'report.policy.suspend: expected "park" or "abort", found "parc"'],
  [['seconds'], '2', 'seconds: expected a number from 0, found "2"'],
])('a run whose %j is %j is refused', async (path, value, problem) => {
  await withDirectory(async (directory) => {
    const file = join(directory, 'runs.jsonl');
    writeFileSync(file, `${lines[1]}${damaged(path, value)}`);
    expect(() => readRuns(file)).toThrow(`${file}:2: not a run of a sweep: ${problem}`);
  });
});

test('every value of a run is looked at, and what is left out of it', async () => {
  await withDirectory(async (directory) => {
    const file = join(directory, 'runs.jsonl');
    // Any string, or any number, is a value of a parameter.
    const looked = paths(runs[0]).filter((path) => path[1] !== 'params');
    expect(looked.length).toBeGreaterThan(80);
    for (const path of looked) {
      for (const value of [{}, typeof path.at(-1) === 'number' ? null : undefined]) {
        writeFileSync(file, damaged(path, value));
        expect(() => readRuns(file), path.join('.')).toThrow(`${file}:1: not a run of a sweep: `);
      }
    }
  });
});

/** A log that has no more room has every line that was appended, and says why it takes no more. Returns how many. */
function checkFull({ code, stdout, stderr }: ChildResult, directory: string): number {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { appended, error } = JSON.parse(stdout);
  expect(error).toMatchObject({
    name: 'SweepError',
    code: 'ERR_SWEEP_FULL',
    message: expect.stringContaining(directory),
  });
  expect(appended).toBeGreaterThan(3);
  expect(readRuns(join(directory, 'runs.jsonl')).records).toHaveLength(appended);
  return appended;
}

test.skipIf(process.platform === 'win32')('files must not be larger than some size', async () => {
  await withDirectory(async (directory) => {
    const limited = (blocks: number): Promise<ChildResult> => {
      const argument = JSON.stringify({ directory, run: runs[0] });
      const script = `ulimit -f ${blocks}; exec "$0" "$@"`;
      return runChild('sh', ['-c', script, process.execPath, scriptPath('filling-log.js'), argument]);
    };
    // Blocks of 512 bytes; and again, with a little more room.
    const first = checkFull(await limited(31), directory);
    expect(checkFull(await limited(47), directory)).toBeGreaterThan(first);
  });
});

test.skipIf(!canMount())('the disk is full', async () => {
  await withSmallDisk(32, async (disk) => {
    const filled = (): Promise<ChildResult> => runScript('filling-log.js', { directory: disk, run: runs[0] });
    const first = checkFull(await filled(), disk);
    expect(checkFull(await filled(), disk)).toBe(first);
  });
});
