import type { PlannedRun } from './plan.js';

/** How long the rest of a sweep takes, by what its runs took so far. */
export class RemainingTime {
  readonly #byCell = new Map<string, { seconds: number; runs: number }>();
  readonly #all = { seconds: 0, runs: 0 };

  add(cell: string, seconds: number): void {
    const its = this.#byCell.get(cell) ?? { seconds: 0, runs: 0 };
    this.#byCell.set(cell, its);
    for (const sum of [its, this.#all]) {
      sum.seconds += seconds;
      sum.runs++;
    }
  }

  /** In seconds: of a cell that has run, its mean; of another, that of all. Undefined before the first run. */
  of(runs: readonly Pick<PlannedRun, 'name'>[]): number | undefined {
    if (this.#all.runs === 0) return undefined;
    return runs.reduce((total, { name }) => {
      const mean = this.#byCell.get(name) ?? this.#all;
      return total + mean.seconds / mean.runs;
    }, 0);
  }
}

/** `12 s`, `7 min`, `3 h 20 min` */
export function formatDuration(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 100) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
