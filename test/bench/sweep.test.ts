import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { resolveSweep, runSweep, type SweepManifest, type SweepSpec } from '../../dist/bench/index.js';
import { formatPage } from '../../dist/bench/plots/page.js';
import { shippedCosts } from '../../dist/bench/simulation/cost-table.js';
import { mismatchPath, saveCounterExample } from '../../dist/bench/sweep/counter-example.js';
import { DirectoryLock } from '../../dist/bench/sweep/directory-lock.js';
import { estimate } from '../../dist/bench/sweep/estimate.js';
import { type PlannedRun, planRuns } from '../../dist/bench/sweep/plan.js';
import { measureRun } from '../../dist/bench/sweep/run.js';
import { type RunRecord, readRuns } from '../../dist/bench/sweep/run-log.js';
import { summarizeSweep } from '../../dist/bench/sweep/summary.js';
import { readSweep } from '../../dist/bench/sweep/sweep-directory.js';
import type { ChromeTrace } from '../../dist/host/index.js';
import { blockstm } from '../cli/command.js';
import { withDirectory } from '../support/directories.js';
import { schemaOf, schemaProblem } from '../support/schemas.js';
import { FULL_SPEC, sweptRecords } from '../support/swept.js';

const isSummary = schemaOf('sweep-summary');

const spec: SweepSpec = {
  schema: 'blockstm.sweep/1',
  workloads: [{ workload: 'p2p', params: { accounts: [2, 50] } }],
  blockSize: 60,
  workers: 1,
  blocks: 2,
  repeats: 2,
  warmUp: 100,
};

/** What a process that is started inherits. */
const { execArgv } = process;

afterEach(() => {
  process.execArgv = execArgv;
  delete process.env.TAMPER;
});

test('a sweep that is interrupted is gone on with: no run is lost and none repeated', async () => {
  await withDirectory(async (directory) => {
    const path = join(directory, 'sweep');
    const sweep = resolveSweep(spec);
    const lines: string[] = [];
    const controller = new AbortController();
    const finished = (line: string): void => {
      lines.push(line);
      if (lines.length === 2) controller.abort();
    };
    const interrupted = runSweep(sweep, path, { finished }, controller.signal);
    await expect(interrupted).rejects.toMatchObject({
      code: 'ERR_ABORTED',
      message: expect.stringMatching(
        /: interrupted; that run is lost, 2 of 4 runs are kept in .*, and the same command goes on$/,
      ),
    });
    // What it has by then can be looked at, and what a killed writer left behind is removed.
    expect(JSON.parse(readFileSync(join(path, 'summary.json'), 'utf8'))).toMatchObject({ runs: { finished: 2 } });
    expect(readFileSync(join(path, 'runs.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(1 + 2);
    const draft = join(path, `.summary.json.${spawnSync(process.execPath, ['-v']).pid}`);
    writeFileSync(draft, '{');
    expect(lines[0]).toMatch(
      /^1 of 4 runs, \d+ s left: p2p accounts=\d+ block-stm block-size=60 workers=1 seed=1: \d+\.\d\dx, \d+\.\d% aborts$/,
    );
    const log = join(path, 'runs.jsonl');
    const before = readFileSync(log, 'utf8');
    // As if it had been killed while it wrote the third.
    writeFileSync(log, `${before}{"schema":"blocks`);
    // As if another one had been killed while it wrote down who it was.
    const sessionLog = join(path, 'sessions.jsonl');
    writeFileSync(sessionLog, `${readFileSync(sessionLog, 'utf8')}{"schema":"blocks`);
    const { summary, mismatch } = await runSweep(sweep, path);
    expect(mismatch).toBeNull();
    expect(existsSync(draft)).toBe(false);
    expect(readFileSync(log, 'utf8').startsWith(before)).toBe(true);
    const { manifest, sessions, runs } = readSweep(path);
    expect(sessions.map(schemaProblem)).toEqual([undefined, undefined]);
    const { pid } = process;
    expect(sessions).toMatchObject([
      { finishedRuns: 0, process: { pid }, build: manifest.build },
      { finishedRuns: 2, process: { pid }, build: manifest.build },
    ]);
    expect(Date.parse(sessions[1]?.begun as string)).toBeGreaterThan(Date.parse(runs[1]?.finished as string));
    expect(runs.map(({ cell, repeat }) => `${cell} ${repeat}`).toSorted()).toEqual([
      'p2p accounts=2 block-stm block-size=60 workers=1 0',
      'p2p accounts=2 block-stm block-size=60 workers=1 1',
      'p2p accounts=50 block-stm block-size=60 workers=1 0',
      'p2p accounts=50 block-stm block-size=60 workers=1 1',
    ]);
    for (const { report } of runs) expect(report).toMatchObject({ repeats: 2, statesEqual: true, warmUp: 100 });
    expect(summary).toMatchObject({ complete: true, runs: { finished: 4, planned: 4 } });
    expect(JSON.parse(readFileSync(join(path, 'summary.json'), 'utf8'))).toEqual(summary);
    expect(isSummary(summary), JSON.stringify(isSummary.errors)).toBe(true);
    const [header, ...rows] = readFileSync(join(path, 'runs.csv'), 'utf8').trimEnd().split('\n');
    expect(header).toMatch(
      /^cell,seed,repeat,finished,seconds,workload,param_accounts,blockSize,executor,workers,oversubscribed,validate,/,
    );
    expect(rows.map((row) => row.split(',').length)).toEqual(Array(4).fill(header?.split(',').length));
    expect(manifest).toMatchObject({ machine: { arch: process.arch }, build: { node: process.versions.node } });
    expect(manifest.blocks.map(({ params, sha256 }) => [params, sha256.length])).toEqual([
      [{ accounts: 2 }, 2],
      [{ accounts: 50 }, 2],
    ]);
    // There is nothing left to run, and nothing is changed.
    const all = readFileSync(log, 'utf8');
    expect((await runSweep(sweep, path)).summary).toEqual(summary);
    expect(readFileSync(log, 'utf8')).toBe(all);
    expect(readSweep(path).sessions).toEqual(sessions);
    const other = resolveSweep({ ...spec, blocks: 3 });
    await expect(runSweep(other, path)).rejects.toMatchObject({
      code: 'ERR_SWEEP_OTHER',
      message: expect.stringContaining('blocks was 2, and is 3 now'),
    });
    const more = resolveSweep({ ...spec, workers: [1, 2] });
    await expect(runSweep(more, path)).rejects.toThrow(
      'the spec has a new cell "p2p accounts=2 block-stm block-size=60 workers=2"',
    );
    // The machine and the program are the same: what a spec says is all.
    const changed = resolveSweep({ ...spec, blocks: 3, seeds: [1, 2], workers: [1, 2] });
    await expect(runSweep(changed, path)).rejects.toThrow(
      `${path} has another sweep. Its runs cannot be compared with these: choose another directory
  blocks was 2, and is 3 now
  seeds was 1, and is 1, 2 now
  the spec has a new cell "p2p accounts=2 block-stm block-size=60 workers=2"
  the spec has a new cell "p2p accounts=50 block-stm block-size=60 workers=2"`,
    );
    const accounts = Array.from({ length: 12 }, (_, index) => index + 60);
    const many = resolveSweep({ ...spec, workloads: [{ workload: 'p2p', params: { accounts } }] });
    await expect(runSweep(many, path)).rejects.toThrow(
      /( {2}the spec has no cell .*\n){2}(.* new cell .*\n){8} {2}and 4 more differences$/,
    );
    const held = DirectoryLock.take(path);
    await expect(runSweep(sweep, path)).rejects.toMatchObject({ code: 'ERR_SWEEP_BUSY' });
    held[Symbol.dispose]();
    rmSync(join(path, 'manifest.json'));
    await expect(runSweep(sweep, path)).rejects.toThrow('has no sweep but other files');
  });
});

test('a sweep is gone on with by the same costs and the same blocks only', async () => {
  await withDirectory(async (directory) => {
    const interrupted = async (path: string, more: Partial<SweepSpec>) => {
      const sweep = resolveSweep({ ...spec, workloads: [{ workload: 'p2p' }], ...more });
      const controller = new AbortController();
      const finished = (): void => controller.abort();
      await expect(runSweep(sweep, path, { finished }, controller.signal)).rejects.toMatchObject({
        code: 'ERR_ABORTED',
      });
      return sweep;
    };
    const edit = (path: string, change: (manifest: SweepManifest) => object): void => {
      const file = join(path, 'manifest.json');
      const manifest = JSON.parse(readFileSync(file, 'utf8')) as SweepManifest;
      writeFileSync(file, JSON.stringify({ ...manifest, ...change(manifest) }));
    };
    const simulatedPath = join(directory, 'simulated');
    const simulated = await interrupted(simulatedPath, { simulated: true, repeats: 1, seeds: [1, 2], warmUp: 0 });
    edit(simulatedPath, ({ sweep }) => {
      expect(sweep.costTable).toEqual(shippedCosts());
      return { sweep: { ...sweep, costTable: { ...sweep.costTable, jitter: 0.1 } } };
    });
    await expect(runSweep(simulated, simulatedPath)).rejects.toMatchObject({
      code: 'ERR_SWEEP_OTHER',
      message: expect.stringMatching(/: the cost table was [0-9a-f]{12}, and is [0-9a-f]{12} now\. /),
    });
    const measuredPath = join(directory, 'measured');
    const measured = await interrupted(measuredPath, {});
    edit(measuredPath, ({ sweep, blocks }) => {
      expect(sweep.costTable).toBeNull();
      return { blocks: blocks.map((point) => ({ ...point, sha256: [point.sha256[0], 'b'.repeat(64)] })) };
    });
    await expect(runSweep(measured, measuredPath)).rejects.toMatchObject({
      code: 'ERR_SWEEP_OTHER',
      message: expect.stringMatching(/: block 4 of p2p, seed 1, was b{12}, and is [0-9a-f]{12} now\. /),
    });
  });
});

test('a result that differs ends the sweep, and what reproduces it is saved', async () => {
  process.execArgv = [...execArgv, '--import', new URL('../cli/tampered-runtime.js', import.meta.url).href];
  process.env.TAMPER = 'receipt';
  await withDirectory(async (directory) => {
    const workloads = [{ workload: 'p2p', params: { accounts: 50 } }];
    const sweep = resolveSweep({ ...spec, workloads, policy: [{ deltas: false }], repeats: 3, stats: true });
    const { mismatch, summary } = await runSweep(sweep, directory);
    expect(mismatch).toMatchObject({ seed: 1, difference: expect.stringContaining('receipt 1') });
    expect(summary).toMatchObject({ complete: false, runs: { finished: 0, planned: 3 } });
    expect(readRuns(join(directory, 'runs.jsonl')).records).toEqual([]);
    expect(isSummary(summary), JSON.stringify(isSummary.errors)).toBe(true);
    const saved = mismatch?.directory as string;
    const block = readFileSync(join(saved, 'block.jsonl'));
    const manifest = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')) as SweepManifest;
    expect(createHash('sha256').update(block).digest('hex')).toBe(manifest.blocks[0]?.sha256[0]);
    expect(JSON.parse(readFileSync(join(saved, 'mismatch.json'), 'utf8'))).toMatchObject({
      block: 3,
      seed: 1,
      options: { executor: 'block-stm', workers: 1 },
      difference: mismatch?.difference,
      sha256: manifest.blocks[0]?.sha256[0],
      schedule: 'schedule.json',
      again:
        'blockstm bench --workload p2p --accounts 50 --block-size 60 --executor block-stm --workers 1 --deltas off --seed 1 --repeats 2 --warm-up 100 --stats',
      commands: {
        run: 'blockstm run block.jsonl --state chain --dry-run --executor block-stm --workers 1 --deltas off --verify --trace trace.json',
      },
    });
    // What the worker did in that block: each of its calls, at least once.
    const { traceEvents } = JSON.parse(readFileSync(join(saved, 'schedule.json'), 'utf8')) as ChromeTrace;
    const executed = traceEvents.filter(({ cat }) => cat === 'execution').map(({ name }) => name);
    expect(new Set(executed)).toEqual(
      new Set(Array.from({ length: 60 }, (_, call) => `call ${call} (token.transfer)`)),
    );
    // The mints, and the three blocks that warm up.
    expect(readFileSync(join(saved, 'before-0001.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(50 + 3 * 60);
    expect(formatPage({ manifest, sessions: [] }, summary, [])).toContain('RESULTS DIFFER: run ');
    const equal = { ...summary, mismatch: null };
    expect(formatPage({ manifest, sessions: [] }, equal, [])).toContain('of every run were those of sequential');
    // Another time it might go well: it is not tried.
    delete process.env.TAMPER;
    expect(await runSweep(sweep, directory)).toEqual({ mismatch, summary });
    expect(readSweep(directory)).toMatchObject({ runs: [], mismatch: { difference: mismatch?.difference } });
    expect(readFileSync(join(saved, 'block.jsonl'))).toEqual(block);
  });
});

test('a cell that cannot be measured is named with its reason, and the others are measured', async () => {
  await withDirectory(async (directory) => {
    // A million values of 4,096 bytes are more than a runtime has room for.
    const workloads = [{ workload: 'ycsb', params: { records: 1_000_000, valueBytes: 4_096 } }, { workload: 'p2p' }];
    const sweep = resolveSweep({ ...spec, workloads, blocks: 1, warmUp: 0 });
    const { summary, mismatch } = await runSweep(sweep, directory);
    expect(mismatch).toBeNull();
    expect(isSummary(summary), JSON.stringify(isSummary.errors)).toBe(true);
    expect(summary).toMatchObject({
      complete: false,
      runs: { finished: 2, planned: 4 },
      failures: [{ cell: expect.stringMatching(/^ycsb /), seed: 1, repeat: 0, code: 'ERR_CAPACITY' }],
    });
    const { manifest, sessions, failures } = readSweep(directory);
    expect(failures.map(schemaProblem)).toEqual([undefined]);
    expect(formatPage({ manifest, sessions }, summary, [])).toContain(
      'Failed, and not measured: run 0, seed 1, of ycsb ',
    );
    // What fails once may go well another time; then it is no failure any more.
    expect((await runSweep(sweep, directory)).summary.failures).toHaveLength(1);
    const { runs, ...records } = readSweep(directory);
    expect(records.failures).toHaveLength(2);
    const later = runs.map((run) => ({ ...run, cell: summary.failures[0]?.cell as string }));
    expect(summarizeSweep({ ...records, runs: later }).failures).toEqual([]);
  });
});

test('of a schedule is saved what is known: a simulated run is the same again, one of threads without telemetry is not', async () => {
  await withDirectory(async (directory) => {
    const savedOf = async (more: Partial<SweepSpec>) => {
      const workloads = [{ workload: 'hotspot', params: { keys: 5 } }];
      const sweep = resolveSweep({ ...spec, workloads, policy: { grain: 16, deltas: false }, ...more });
      const [run] = planRuns(sweep) as [PlannedRun];
      const { report, schedule } = await measureRun(run, sweep, () => {});
      await saveCounterExample(directory, { run, report, schedule }, sweep);
      return { report, mismatch: JSON.parse(readFileSync(join(mismatchPath(directory), 'mismatch.json'), 'utf8')) };
    };
    const costTable = { ...shippedCosts(), jitter: 0.1 };
    const clock = { simulated: true, cores: 4, costTable };
    const simulated = await savedOf({ ...clock, workers: 8, repeats: 1, seeds: 3, warmUp: 0 });
    expect(simulated.mismatch).toMatchObject({ schedule: 'seed', seed: 3 });
    const [, ...args] = (simulated.mismatch.again as string).split(' ');
    const again = JSON.parse((await blockstm(mismatchPath(directory), ...args, '--json')).stdout);
    expect(again).toEqual({ ...simulated.report, env: again.env });
    expect(again.aborts).toBeGreaterThan(0);
    expect((await savedOf({})).mismatch).toMatchObject({
      schedule: null,
      again: expect.stringMatching(/^blockstm bench --workload hotspot .* --grain 16 --deltas off --seed 1 /),
    });
  });
});

test('runs of one seed are not taken for so many of different seeds, and five runs have no interval', () => {
  const { runs } = sweptRecords({ ...spec, seeds: [1, 2, 3, 4, 5, 6], repeats: 5 });
  const its = runs.filter(({ cell }) => cell === runs[0]?.cell);
  expect(its).toHaveLength(30);
  const width = (value: (run: RunRecord) => number): number => {
    const { low, high } = estimate(its, value, 1) as { low: number; high: number };
    return high - low;
  };
  // All that varies is between the seeds: there are six values, and not thirty.
  const bySeed = width(({ seed }) => seed);
  expect(bySeed).toBeGreaterThan(1.5 * width(({ seed, repeat }) => (((seed * 5 + repeat) * 7) % 30) / 5));
  const six = its.filter(({ repeat }) => repeat === 0);
  expect(estimate(six, ({ seed }) => seed, 1)).toEqual({
    median: 3.5,
    low: expect.any(Number),
    high: expect.any(Number),
  });
  expect(estimate(six.slice(1), ({ seed }) => seed, 1)).toMatchObject({ low: null, high: null });
});

test('medians have intervals from six runs on, and telemetry is summed up by the call', () => {
  const fewCells = { ...FULL_SPEC, workloads: [{ workload: 'p2p', params: { accounts: [2, 100] } }], policy: {} };
  const records = sweptRecords(fewCells, { cores: 2 });
  const { runs } = records;
  const summary = summarizeSweep(records);
  expect(isSummary(summary), JSON.stringify(isSummary.errors)).toBe(true);
  expect(summary.complete).toBe(true);
  const cell = summary.cells.find(({ name }) => name === 'p2p accounts=100 block-stm block-size=10000 workers=4');
  const its = runs.filter((run) => run.cell === cell?.name).map(({ report }) => report.speedup.median);
  const sorted = its.toSorted((left, right) => left - right) as [number, number, number, number, number, number];
  expect(cell?.speedup?.median).toBeCloseTo((sorted[2] + sorted[3]) / 2, 12);
  expect(cell?.speedup?.low).toBeLessThan(cell?.speedup?.median as number);
  expect(cell).toMatchObject({ runs: 6, oversubscribed: true });
  expect(cell?.statistics?.incarnationShares.reduce((sum, share) => sum + share)).toBeCloseTo(1, 12);
  expect(cell?.statistics?.validationMicrosPerCall.median).toBeGreaterThan(0.05);
  const few = summarizeSweep({ ...records, runs: runs.slice(0, 20) });
  expect(isSummary(few), JSON.stringify(isSummary.errors)).toBe(true);
  expect(few.cells.every(({ speedup }) => speedup?.low === null)).toBe(true);
  expect(few).toMatchObject({ complete: false, runs: { finished: 20, planned: 36 } });
  expect(isSummary(summarizeSweep({ ...records, runs: [] })), JSON.stringify(isSummary.errors)).toBe(true);
});
