import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { compile, type TopLevelSpec } from 'vega-lite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportSweep, type SweepReport } from '../../dist/bench/index.js';
import { lineFigure } from '../../dist/bench/plots/line-figure.js';
import { renderFigures } from '../../dist/bench/plots/render.js';
import { summarizeSweep } from '../../dist/bench/sweep/summary.js';
import { readSweep } from '../../dist/bench/sweep/sweep-directory.js';
import { formatSweep } from '../../dist/bench/sweep/sweep-text.js';
import { FULL_SPEC, writeSwept } from '../support/swept.js';
import { launchBrowser, openFile, type WatchedPage } from './browser.js';

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
let browser: Browser;
let report: SweepReport;
/** The page alone, where nothing else of the sweep is: it has to be whole by itself. */
let alone: string;

beforeAll(async () => {
  browser = await launchBrowser();
  directory = await mkdtemp(join(tmpdir(), 'blockstm-report-'));
  writeSwept(join(directory, 'sweep'), FULL_SPEC);
  report = await reportSweep(join(directory, 'sweep'));
  alone = join(directory, 'page.html');
  await copyFile(report.page, alone);
});
afterAll(async () => {
  await browser?.close();
  if (directory !== undefined) await rm(directory, { recursive: true });
});

function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}

describe.each([
  { look: 'a phone', width: 360, colorScheme: 'light' },
  { look: 'a phone at night', width: 390, colorScheme: 'dark' },
  { look: 'a wide screen', width: 1_400, colorScheme: 'light' },
  { look: 'a wide screen at night', width: 1_400, colorScheme: 'dark' },
] as const)('on $look', (look) => {
  let opened: WatchedPage;
  beforeAll(async () => {
    opened = await openFile(browser, alone, look);
  });
  afterAll(() => opened.page.context().close());

  test('it loads without a complaint and asks for nothing', () => {
    expect({ complaints: opened.complaints, requests: opened.requests }).toEqual({ complaints: [], requests: [] });
  });

  test('every figure is there, and to be seen', async () => {
    const shown = await opened.page.$$eval('figure', (figures) =>
      figures.map((figure) => {
        const svg = figure.querySelector('svg') as SVGSVGElement;
        const { width, height, left, right } = svg.getBoundingClientRect();
        const marks = svg.querySelectorAll('.mark-symbol path, .mark-rect path').length;
        // One size of text on the whole page.
        const enlarged = width / svg.viewBox.baseVal.width;
        const inside = left >= 0 && right <= window.innerWidth;
        // Where a text was taken to be shorter than it is, its end is cut off.
        const cut = [...svg.querySelectorAll('text')].filter((text) => {
          const box = text.getBoundingClientRect();
          return box.left < left - 1 || box.right > right + 1;
        });
        return {
          name: figure.id,
          label: svg.getAttribute('aria-label'),
          inside,
          enlarged,
          large: width > 250 && height > 100,
          marks,
          cut: cut.map((text) => text.textContent),
        };
      }),
    );
    expect(shown.map(({ name }) => name)).toEqual(report.figures);
    for (const { name, label, inside, large, marks, cut } of shown) {
      expect({ name, inside, large, cut }).toEqual({ name, inside: true, large: true, cut: [] });
      expect(label, name).toMatch(/^(p2p|counter): /);
      expect(marks, name).toBeGreaterThan(1);
    }
    const sizes = shown.map(({ enlarged }) => enlarged);
    expect(Math.max(...sizes)).toBeCloseTo(Math.min(...sizes), 6);
  });

  test('nothing makes it scroll sideways, and tables scroll by themselves', async () => {
    expect(await scrollsSideways(opened.page)).toBe(false);
    expect(await opened.page.locator('#cells tbody tr').count()).toBe(48);
  });

  test('texts and marks stand out from the ground', async () => {
    const contrasts = await opened.page.evaluate(() => {
      const channels = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
      const luminance = (colour: string): number => {
        const [red, green, blue] = channels(colour).map((value) => {
          const part = value / 255;
          return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        }) as [number, number, number];
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      };
      const ground = luminance(getComputedStyle(document.body).backgroundColor);
      const contrast = (colour: string): number => {
        const own = luminance(colour);
        return (Math.max(own, ground) + 0.05) / (Math.min(own, ground) + 0.05);
      };
      const least = (selector: string): number =>
        Math.min(...[...document.querySelectorAll(selector)].map((each) => contrast(getComputedStyle(each).fill)));
      return {
        texts: least('figure svg text'),
        marks: least('figure svg .mark-symbol path[fill^="#"]'),
        body: contrast(getComputedStyle(document.body).color),
      };
    });
    expect(Object.values(contrasts).every(Number.isFinite)).toBe(true);
    expect(contrasts.texts).toBeGreaterThan(4.5);
    expect(contrasts.body).toBeGreaterThan(7);
    // Orange and light blue are light; they differ by shape too.
    expect(contrasts.marks).toBeGreaterThan(2);
  });
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
  const html = await readFile(alone, 'utf8');
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
  const enough = await readFile(alone, 'utf8');
  const captions = [few, enough].map((html) => html.match(/<figcaption>.*?<\/figcaption>/gs)?.join('\n') ?? '');
  expect(captions[0]).not.toContain('bootstrap');
  expect(captions[0]).toContain('medians of the runs (no intervals: they take 6 runs)');
  expect(captions[1]).toContain('medians of the runs, with bootstrap 95% intervals.');
  expect(captions[1]).not.toContain('no intervals');
});

test('of lines that lie on one another each mark is seen: those above are smaller', async () => {
  const estimate = { median: 0, low: 0, high: 0 };
  const points = ['a', 'b', 'c'].map((series) => ({ series, x: 1, estimate }));
  const { spec, table } = lineFigure(points, { x: 'accounts', y: 'share (%)' });
  const [rendered] = await renderFigures([{ name: 'equal', title: 'equal', caption: '', spec, table }]);
  const { page } = await openFile(browser, alone, { width: 800 });
  const widths = await page.evaluate((svg) => {
    document.body.innerHTML = svg;
    const marks = document.querySelectorAll('.mark-symbol.role-mark path');
    return [...marks].map((mark) => mark.getBoundingClientRect().width);
  }, rendered?.svg as string);
  await page.context().close();
  expect(widths).toHaveLength(3);
  for (const [index, width] of widths.slice(1).entries()) expect(width).toBeLessThan((widths[index] as number) - 1);
});

test('a hundred is 100 on an axis of thousands', async () => {
  const estimate = { median: 1, low: 1, high: 1 };
  const points = [100, 1_000, 10_000].map((x) => ({ series: 'a', x, estimate }));
  const { spec, table } = lineFigure(points, { x: 'accounts', y: 'share (%)' });
  const [rendered] = await renderFigures([{ name: 'axis', title: 'axis', caption: '', spec, table }]);
  for (const text of ['100', '1k', '10k']) expect(rendered?.svg).toContain(`>${text}</text>`);
});

test('what is slower than sequential is drawn below a line for sequential, which is in the picture', () => {
  const estimate = { median: 0.4, low: 0.38, high: 0.43 };
  const points = [2, 3].map((x) => ({ series: 'a', x, estimate }));
  const domainOf = (axes: object): unknown => {
    const { spec } = lineFigure(points, { x: 'accounts', y: 'speed-up (times sequential)', ...axes });
    return /"scale":\{"domain":\[0,([\d.]+)\],"nice"/.exec(JSON.stringify(spec))?.[1];
  };
  expect(Number(domainOf({ reaches: 1 }))).toBeGreaterThan(1);
  expect(Number(domainOf({}))).toBeLessThan(0.5);
});

test('a picture stands alone: any browser shows it', async () => {
  const { page, complaints, requests } = await openFile(
    browser,
    join(directory, 'sweep', 'figures', 'speedup-p2p.svg'),
    { width: 500 },
  );
  expect(await page.locator('text').count()).toBeGreaterThan(5);
  expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
  await page.context().close();
});

test('ids are not shared between figures', async () => {
  const html = await readFile(alone, 'utf8');
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, id] of html.matchAll(/url\(#([^)]+)\)/g)) expect(ids).toContain(id);
});

test('what a machine is called cannot become a part of the page', async () => {
  const { page } = await openFile(browser, alone, { width: 800 });
  expect(await page.locator('header').innerText()).toContain('A <processor> & more');
  expect(await page.locator('processor').count()).toBe(0);
  await page.context().close();
});

test('printed, it is dark on white, and no figure is cut', async () => {
  const { page } = await openFile(browser, alone, { width: 1_000, colorScheme: 'dark' });
  await page.emulateMedia({ media: 'print' });
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)');
  expect(await page.evaluate(() => getComputedStyle(document.querySelector('figure') as Element).breakInside)).toBe(
    'avoid',
  );
  expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(20_000);
  await page.context().close();
});

test('what a sweep has no data for is said to be absent, and why; of a sweep that goes on it is said so', async () => {
  const sweep = join(directory, 'poor');
  writeSwept(
    sweep,
    { schema: 'blockstm.sweep/1', workloads: [{ workload: 'mainnet' }], workers: 2, repeats: 3 },
    { telemetry: false, finished: 2 },
  );
  // Those of an earlier report are not to be taken for this one's.
  const { figures, page: path } = await reportSweep(sweep);
  expect(figures).toEqual(['wasted-executions-mainnet']);
  const stale = join(sweep, 'figures', 'latency-p2p.svg');
  await writeFile(stale, '');
  await reportSweep(sweep);
  expect(existsSync(stale)).toBe(false);
  const { page, complaints } = await openFile(browser, path, { width: 360 });
  expect(complaints).toEqual([]);
  const text = await page.locator('main').innerText();
  expect(await page.locator('header').innerText()).toContain('not finished: 2 of 3 runs');
  for (const reason of [
    'No figure: no workload has several values of a parameter among the runs that are finished.',
    'No figure: no workload has several numbers of workers among the runs that are finished.',
    'No figure: no run of the sweep had telemetry ("stats": true in the spec).',
    'No figure: no workload has several policies among the runs that are finished.',
  ]) {
    expect(text).toContain(reason);
  }
  expect(await scrollsSideways(page)).toBe(false);
  await page.context().close();
});

test('times of more workers than cores are plotted when asked for only, and labelled', async () => {
  const sweep = join(directory, 'oversubscribed');
  writeSwept(sweep, { ...FULL_SPEC, workloads: [{ workload: 'p2p' }] }, { cores: 2 });
  const workersIn = async (name: string): Promise<number[]> => {
    const spec = JSON.parse(await readFile(join(sweep, 'figures', `${name}.vl.json`), 'utf8'));
    return spec.data.values.map(({ x }: { x: number }) => x);
  };
  const { absent } = await reportSweep(sweep);
  expect(await workersIn('speedup-p2p')).toEqual([1, 2]);
  expect(absent.find(({ title }) => title === 'Speed-up against workers')?.reason).toBe(
    '1 cell with more workers than the 2 cores left out: wall time says nothing there (--oversubscribed shows them)',
  );
  const asked = await reportSweep(sweep, { oversubscribed: true });
  expect(await workersIn('speedup-p2p')).toEqual([1, 2, 4]);
  expect(asked.absent.map(({ reason }) => reason)).not.toContain(expect.stringContaining('left out'));
  const { page } = await openFile(browser, asked.page, { width: 800 });
  const figure = page.locator('#speedup-p2p');
  expect(await figure.locator('svg').textContent()).toContain('oversubscribed');
  expect(await figure.locator('figcaption').innerText()).toContain(
    'OVERSUBSCRIBED: there are more workers than the 2 cores',
  );
  expect(await page.locator('#cells').innerText()).toContain('(oversubscribed)');
  expect(await page.locator('#wasted-work-p2p svg').textContent()).toContain('oversubscribed');
  await page.context().close();
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
  expect(await readFile(alone, 'utf8')).not.toContain('one worker executed everything');
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

test('the numbers of each figure are below it as a table', async () => {
  const { page } = await openFile(browser, alone, { width: 800 });
  for (const name of report.figures) {
    const figure = page.locator(`[id="${name}"]`);
    await figure.locator('summary').click();
    expect(await figure.locator('tbody tr').count(), name).toBeGreaterThan(1);
    const row = await figure.locator('tbody tr').first().innerText();
    expect(row, name).toMatch(/\d/);
    expect(row, name).not.toMatch(/NaN|undefined|null/);
  }
  expect(await scrollsSideways(page)).toBe(false);
  await page.context().close();
});

test('what is 0 is not on a logarithmic axis, and in the table', async () => {
  const estimate = { median: 0, low: 0, high: 0 };
  const points = [
    { series: 'a', x: '50', estimate },
    { series: 'a', x: '99', estimate: { median: 2, low: 0, high: 3 } },
  ];
  const { spec, table } = lineFigure(points, { x: 'share', y: 'latency (µs)', logarithmic: true });
  const figure = { name: 'zero', title: 'zero', caption: '', spec, table };
  expect((await renderFigures([figure]))[0]?.svg).not.toContain('NaN');
  expect(table.rows.map((row) => row[2])).toEqual([0, 2]);
});
