import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile, type TopLevelSpec } from 'vega-lite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reportSweep, type SweepReport } from '../../dist/bench/index.js';
import { summarizeSweep } from '../../dist/bench/sweep/summary.js';
import { readSweep } from '../../dist/bench/sweep/sweep-directory.js';
import { formatSweep } from '../../dist/bench/sweep/sweep-text.js';
import { FULL_SPEC, writeSwept } from '../support/swept.js';

const GROUPS = [
  'abort-rate-p2p-accounts',
  'abort-rate-workers',
  'speedup-p2p-accounts',
  'speedup',
  'wasted-work',
  'incarnations',
  'latency',
  'ablations',
  'efficiency',
];

let directory: string;
let report: SweepReport;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'blockstm-figures-'));
  writeSwept(join(directory, 'sweep'), FULL_SPEC);
  report = await reportSweep(join(directory, 'sweep'));
});
afterAll(async () => {
  if (directory !== undefined) await rm(directory, { recursive: true });
});

test('each kind of figure is there, none is missing, and files go with them', async () => {
  for (const group of GROUPS)
    expect(
      report.figures.some((name) => name.startsWith(group)),
      group,
    ).toBe(true);
  expect(report.absent).toEqual([]);
  const files = await readdir(join(directory, 'sweep', 'figures'));
  expect(files.toSorted()).toEqual(report.figures.flatMap((name) => [`${name}.svg`, `${name}.vl.json`]).toSorted());
});

test('a specification is whole: Vega-Lite compiles it without a warning, its axes have titles and its data are in it', async () => {
  const warnings: string[] = [];
  const log = (...texts: readonly unknown[]) => {
    warnings.push(texts.join(' '));
    return logger;
  };
  const logger = { level: () => logger, error: log, warn: log, info: () => logger, debug: () => logger } as never;
  for (const name of report.figures) {
    const spec = JSON.parse(
      await readFile(join(directory, 'sweep', 'figures', `${name}.vl.json`), 'utf8'),
    ) as TopLevelSpec;
    const { spec: vega } = compile(spec, { logger });
    const text = JSON.stringify(vega);
    expect(text, name).not.toMatch(/"url":/);
    const titles = [...text.matchAll(/"title":"([^"]+)"/g)].map(([, title]) => title);
    expect(
      titles.some((title) => /\((%|µs|µs a call|times sequential|of 100 calls)\)$/.test(title as string)),
      name,
    ).toBe(true);
  }
  expect(warnings).toEqual([]);
});

interface SpecData {
  readonly values: readonly Record<string, unknown>[];
}

/** The domains of all axes of numbers in a specification, and the largest number of each field in its data. */
function scalesOf(spec: unknown): { domains: string[]; most: number } {
  const domains = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { type, scale } = node as { type?: unknown; scale?: { domain?: unknown } };
    if (type === 'quantitative' && scale !== undefined) domains.add(JSON.stringify(scale.domain));
    for (const each of Object.values(node)) visit(each);
  };
  visit(spec);
  const { data, hconcat = [{ data }] } = spec as { data: SpecData; hconcat?: { data: SpecData }[] };
  const values = hconcat.flatMap((panel) => panel.data.values);
  const most = Math.max(...values.map(({ high, micros, percent }) => Number(high ?? micros ?? percent)));
  return { domains: [...domains].toSorted(), most };
}

test('parts of a figure have the same scales, whatever each of them shows', async () => {
  const parts = new Map<string, ReturnType<typeof scalesOf>[]>();
  for (const name of report.figures) {
    const [, figure] = /^(.*)-\d$/.exec(name) ?? [];
    if (figure === undefined) continue;
    const spec = JSON.parse(await readFile(join(directory, 'sweep', 'figures', `${name}.vl.json`), 'utf8'));
    parts.set(figure, [...(parts.get(figure) ?? []), scalesOf(spec)]);
  }
  for (const group of ['incarnations-p2p', 'latency-p2p', 'ablations-p2p', 'ablations-aborts-p2p']) {
    expect([...parts.keys()]).toContain(group);
  }
  let different = 0;
  for (const [figure, [first, ...others]] of parts) {
    expect(first?.domains, figure).not.toEqual([]);
    expect(first?.domains, figure).not.toContain(undefined);
    for (const other of others) {
      expect(other.domains, figure).toEqual(first?.domains);
      if (other.most !== first?.most) different++;
    }
  }
  // By themselves they would not have had.
  expect(different).toBeGreaterThan(3);
});

test('captions say what telemetry takes, and what all of a figure share', async () => {
  const html = await readFile(report.page, 'utf8');
  const captionOf = (name: string): string | undefined =>
    new RegExp(`<figure id="${name}">[^]*?<figcaption>([^]*?)</figcaption>`).exec(html)?.[1];
  for (const name of [
    'speedup-p2p',
    'speedup-p2p-accounts',
    'wasted-work-p2p',
    'latency-p2p-1',
    'ablations-p2p-1',
    'efficiency-p2p',
  ]) {
    expect(captionOf(name), name).toContain('With telemetry, which sequential execution runs without');
  }
  expect(captionOf('abort-rate-p2p-accounts')).not.toContain('telemetry');
  expect(captionOf('wasted-work-p2p')).toContain('Each kind has a scale of its own.');
  expect(captionOf('latency-p2p-1')).toContain('The 3 parts have the same scales.');
  expect(captionOf('efficiency-p2p')).not.toContain('parts');
  expect(captionOf('efficiency-p2p')).toContain('In all: block size 10,000, block-stm.');
  expect(captionOf('latency-p2p-2')).toContain('In all: block size 10,000, block-stm, workers 2.');
  const untaped = join(directory, 'untaped');
  writeSwept(untaped, FULL_SPEC, { telemetry: false });
  const { page } = await reportSweep(untaped);
  expect(await readFile(page, 'utf8')).not.toContain('With telemetry');
});

interface LineSpec {
  readonly data: {
    readonly values: readonly { series: string; x: number; median: number; low: number; high: number }[];
  };
}

test('speed-up is drawn against each parameter, with the same lines as the abort rate, and with the intervals of the summary', async () => {
  const specOf = async (name: string): Promise<LineSpec> =>
    JSON.parse(await readFile(join(directory, 'sweep', 'figures', `${name}.vl.json`), 'utf8'));
  for (const along of ['p2p-accounts', 'counter-counter']) {
    const { values } = (await specOf(`speedup-${along}`)).data;
    const aborts = (await specOf(`abort-rate-${along}`)).data.values;
    const places = (some: typeof values): unknown[] => some.map(({ series, x }) => [series, x]);
    expect(places(values)).toEqual(places(aborts));
  }
  const { cells } = summarizeSweep(readSweep(join(directory, 'sweep')));
  const { values } = (await specOf('speedup-p2p-accounts')).data;
  const drawn = cells.filter(({ workload, policy }) => workload === 'p2p' && policy.deltas);
  expect(values).toHaveLength(drawn.length);
  for (const { params, workers, speedup } of drawn) {
    const point = values.find(({ series, x }) => x === params.accounts && series === `workers ${workers}`);
    expect(point).toMatchObject({ ...speedup });
    // One worker has the same in each run; of several there are intervals.
    if (workers > 1) expect(point?.high).toBeGreaterThan(point?.low as number);
  }
});

test('the abort rate is drawn against the workers, too, with the intervals of the summary, of more than there are cores as well', async () => {
  const sweep = join(directory, 'workers');
  writeSwept(sweep, { ...FULL_SPEC, workloads: [{ workload: 'p2p' }] }, { cores: 2 });
  await reportSweep(sweep);
  const spec = await readFile(join(sweep, 'figures', 'abort-rate-workers-p2p.vl.json'), 'utf8');
  const { values } = (JSON.parse(spec) as LineSpec).data;
  expect(values.map(({ x }) => x)).toEqual([1, 2, 4]);
  const { cells } = summarizeSweep(readSweep(sweep));
  const four = cells.find(({ workers, policy }) => workers === 4 && policy.deltas)?.abortRate;
  expect(values[2]?.median).toBeCloseTo((four?.median as number) * 100, 9);
  expect(values[2]?.high).toBeGreaterThan(values[2]?.low as number);
});

test('captions say where there are no intervals', async () => {
  const sweep = join(directory, 'few');
  writeSwept(sweep, { ...FULL_SPEC, repeats: 5 });
  const few = await readFile((await reportSweep(sweep)).page, 'utf8');
  const enough = await readFile(report.page, 'utf8');
  const captions = [few, enough].map((html) => html.match(/<figcaption>.*?<\/figcaption>/gs)?.join('\n') ?? '');
  expect(captions[0]).not.toContain('bootstrap');
  expect(captions[0]).toContain('medians of the runs (no intervals: they take 6 runs)');
  expect(captions[1]).toContain('medians of the runs, with bootstrap 95% intervals.');
  expect(captions[1]).not.toContain('no intervals');
});

test('ids are not shared between figures', async () => {
  const html = await readFile(report.page, 'utf8');
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, id] of html.matchAll(/url\(#([^)]+)\)/g)) expect(ids).toContain(id);
});

test('where one worker executed everything the text, the captions and the table say so, and nowhere else', async () => {
  const sweep = join(directory, 'alone');
  writeSwept(sweep, { ...FULL_SPEC, repeats: 1 }, { alone: true, telemetry: false });
  const { page } = await reportSweep(sweep);
  const html = await readFile(page, 'utf8');
  const caption = /<figure id="abort-rate-p2p-accounts">.*?<figcaption>(.*?)<\/figcaption>/s.exec(html)?.[1];
  // Of 1, 2 and 4 workers, at each of 5 numbers of accounts.
  expect(caption).toContain('ONE WORKER: in 10 of the 15 cells here one worker executed everything');
  const summary = summarizeSweep(readSweep(sweep));
  const marked = formatSweep(summary).split('\n');
  for (const { name, workers } of summary.cells) {
    const row = marked.find((line) => line.startsWith(`${name} `));
    expect(row?.endsWith('% +'), name).toBe(workers > 1);
  }
  expect(marked.at(-2)).toMatch(/^\+ one worker executed everything/);
  expect(html.match(/\(one worker executed everything\)/g)).toHaveLength(32);
  expect(await readFile(report.page, 'utf8')).not.toContain('one worker executed everything');
});

test('where no cell would give a figure, none that is left out is the reason', async () => {
  const sweep = join(directory, 'no-figure');
  writeSwept(
    sweep,
    { schema: 'blockstm.sweep/1', workloads: [{ workload: 'p2p' }], workers: 4, repeats: 3 },
    { cores: 2 },
  );
  for (const options of [{}, { oversubscribed: true }]) {
    const { absent } = await reportSweep(sweep, options);
    const reasonOf = (name: string) => absent.find(({ title }) => title === name)?.reason;
    expect(reasonOf('Speed-up against contention')).toMatch(/^no workload has several values of a parameter/);
    expect(reasonOf('Speed-up against workers')).toMatch(/^no workload has several numbers of workers/);
  }
});

test('of wasted time, too, more workers than cores are left out', async () => {
  const sweep = join(directory, 'wasted');
  writeSwept(sweep, { ...FULL_SPEC, workloads: [{ workload: 'p2p' }] }, { cores: 2 });
  const { absent } = await reportSweep(sweep);
  const spec = await readFile(join(sweep, 'figures', 'wasted-work-p2p.vl.json'), 'utf8');
  const [panel] = JSON.parse(spec).hconcat;
  const labels: string[] = panel.data.values.map(({ label }: { label: string }) => label);
  expect(new Set(labels)).toEqual(new Set(['workers 1', 'workers 2']));
  expect(absent.map(({ title }) => title)).toContain('Wasted work');
});

test('a sweep of sequential and of one other policy shows what the other does', async () => {
  const sweep = join(directory, 'policy');
  const executor = ['sequential', 'block-stm'] as const;
  writeSwept(sweep, { ...FULL_SPEC, executor, policy: [{ grain: 1 }] });
  const { figures } = await reportSweep(sweep);
  const kinds = GROUPS.filter((group) => figures.some((name) => name.startsWith(group)));
  expect(kinds).toEqual(GROUPS.filter((group) => group !== 'ablations'));
});
