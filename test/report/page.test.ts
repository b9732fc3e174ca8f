import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportSweep, type SweepReport } from '../../dist/bench/index.js';
import { lineFigure } from '../../dist/bench/plots/line-figure.js';
import { renderFigures } from '../../dist/bench/plots/render.js';
import { FULL_SPEC, writeSwept } from '../support/swept.js';
import { launchBrowser, openFile, type WatchedPage } from './browser.js';

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
