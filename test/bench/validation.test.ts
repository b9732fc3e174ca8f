import { expect, test } from 'vitest';
import { type BenchmarkReport, formatValidation, type ValidatedCell } from '../../dist/bench/index.js';
import { validationReport } from '../../dist/bench/simulation/validation.js';

function cell(workers: number, real: number, simulated: number): ValidatedCell {
  const report = (abortRate: number) =>
    ({ abortRate, speedup: { median: 1 }, env: { cores: 2 } }) as unknown as BenchmarkReport;
  return { name: 'p2p', workers, real: report(real), simulated: report(simulated) };
}

test('one worker agrees with itself: how far the others are apart is said by itself, too', () => {
  const report = validationReport([cell(1, 0, 0), cell(1, 0, 0), cell(2, 0.25, 0.5), cell(4, 0.5, 0), cell(1, 0, 0)]);
  expect(report.errors).toEqual({
    all: { median: 0, mean: 0.15, largest: 0.5 },
    severalWorkers: { median: 0.375, mean: 0.375, largest: 0.5 },
  });
  expect(formatValidation(report)).toContain(
    '5 cells on 2 cores. Abort rates are apart by 0.0 points (median), 15.0 (mean), 50.0 (largest).\n' +
      'Of several workers, 2 cells: 37.5 points (median), 37.5 (mean), 50.0 (largest).\n',
  );
});
