import { expect, test } from 'vitest';
import { lineFigure } from '../../dist/bench/plots/line-figure.js';
import { renderFigures } from '../../dist/bench/plots/render.js';

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
