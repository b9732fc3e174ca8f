import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportSweep, type SweepReport } from '../../dist/bench/index.js';
import { textWidth } from '../../dist/bench/plots/text-width.js';
import { wrapped } from '../../dist/bench/plots/wrapped.js';
import { writeSwept } from '../support/swept.js';
import { launchBrowser, openFile } from './browser.js';

let directory: string;
let browser: Browser;
let report: SweepReport;

beforeAll(async () => {
  browser = await launchBrowser();
  directory = await mkdtemp(join(tmpdir(), 'blockstm-labels-'));
  const params = { hotRatio: [0.1, 0.2], hotShare: [0.0001, 0.0002, 0.1] };
  const workloads = [{ workload: 'hotspot', params }];
  const workers = [4, 16, 64];
  writeSwept(
    directory,
    {
      schema: 'blockstm.sweep/1',
      workloads,
      workers,
      blockSize: [1_000, 10_000],
      policy: [{}, { grain: 1 }],
      repeats: 1,
    },
    { cores: 64 },
  );
  report = await reportSweep(directory);
});
afterAll(async () => {
  await browser?.close();
  if (directory !== undefined) await rm(directory, { recursive: true });
});

test('no two labels of a figure are drawn alike, none is cut, and all figures are as wide as one another', async () => {
  const { page } = await openFile(browser, report.page, { width: 360 });
  const drawn = await page.$$eval('figure', (figures) =>
    figures.map((figure) => {
      const textsOf = (root: Element, selector: string): (string | null)[] =>
        [...root.querySelectorAll(selector)].map((text) => text.textContent).filter((text) => text !== '');
      const svg = figure.querySelector('svg') as SVGSVGElement;
      const { left, right } = svg.getBoundingClientRect();
      return {
        name: figure.id,
        // Axes of numbers may have some in common.
        lists: [
          ...[...svg.querySelectorAll('.role-axis-label')].map((axis) => textsOf(axis, 'text')),
          textsOf(svg, '.role-legend-label text'),
          textsOf(svg, '.role-row-header .role-title-text text'),
        ],
        outside: [...svg.querySelectorAll('text')]
          .filter((text) => {
            const box = text.getBoundingClientRect();
            return box.left < left - 1 || box.right > right + 1;
          })
          .map((text) => text.textContent),
        width: svg.viewBox.baseVal.width,
      };
    }),
  );
  await page.context().close();
  expect(drawn.map(({ name }) => name)).toEqual(report.figures);
  for (const { name, lists, outside, width } of drawn) {
    for (const labels of lists) expect(new Set(labels).size, `${name}: ${labels.join('; ')}`).toBe(labels.length);
    expect(lists.flat().join(), name).not.toContain('…');
    expect({ name, outside, width }).toEqual({ name, outside: [], width: drawn[0]?.width });
  }
  const rows = drawn.find(({ name }) => name === 'wasted-work-hotspot-1')?.lists.flat();
  expect(rows).toContain('hot ratio 0.1,block size 1,000,workers 16');
});

test('a figure is cut by values: what all of a part share is in its title, and in none of its labels', async () => {
  const titles: string[] = [];
  for (const name of report.figures.filter((each) => each.startsWith('latency-hotspot'))) {
    const { title, data } = JSON.parse(await readFile(join(directory, 'figures', `${name}.vl.json`), 'utf8'));
    titles.push(title.text.join(' '));
    const labels = new Set(data.values.map(({ series }: { series: string }) => series));
    expect([...labels]).toEqual(
      ['1,000', '10,000'].flatMap((size) => [4, 16, 64].map((workers) => `block size ${size}, workers ${workers}`)),
    );
  }
  expect(titles).toHaveLength(6);
  expect(titles).toContain('hotspot: latency of commits, hot ratio 0.1, hot share 0.0002');
});

describe('a text in lines', () => {
  test('breaks where something ends, has all of it, and no line is too wide', () => {
    expect(wrapped('hot ratio 0.2, workers 16', 200, 11)).toEqual(['hot ratio 0.2, workers 16']);
    expect(wrapped('hot ratio 0.2, workers 16', 100, 11)).toEqual(['hot ratio 0.2,', 'workers 16']);
    const text = 'anEndlessNameOfOneWord, b, c and some more of it';
    for (const width of [30, 60, 90, 120]) {
      const lines = wrapped(text, width, 11);
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      for (const line of lines) expect(textWidth(line, 11, false)).toBeLessThanOrEqual(width);
    }
  });
});
