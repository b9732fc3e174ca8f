import { expect, test } from 'vitest';
import { formatReproduction, reproduce } from '../../dist/bench/index.js';
import { schemaProblem } from '../support/schemas.js';

test('the abort table of neo1202 is reproduced by simulation: many aborts up to 100 accounts, fewer at 1,000, hardly any at 10,000', async () => {
  const lines: string[] = [];
  const finished = (text: string): void => void lines.push(text);
  const report = await reproduce('neo1202', { measures: false, repeats: 1 }, { finished });
  const count = report.cells.length;
  expect(lines).toEqual(
    report.cells.map(
      ({ name, simulated }, index) =>
        `${index + 1} of ${count}, ${name}: ${simulated.speedup.median.toFixed(2)}x simulated on 128 workers`,
    ),
  );
  expect(schemaProblem(JSON.parse(JSON.stringify(report)))).toBeUndefined();
  const oneByOne = report.cells.filter(({ name }) => name.endsWith('one by one'));
  expect(oneByOne.map(({ simulated }) => simulated?.statesEqual)).toEqual([true, true, true, true, true]);
  const aborts = oneByOne.map(({ simulated }) => simulated?.abortsPerCall as number);
  expect(Math.min(...aborts.slice(0, 3))).toBeGreaterThan(0.6);
  expect(aborts[3]).toBeLessThan(0.5);
  expect(aborts[4]).toBeLessThan(0.03);
  for (const { name } of report.cells) expect(formatReproduction(report)).toContain(name);
}, 120_000);
