import type { TaskListener } from '../../task-listener.js';

/** The parts of a measurement, one after the other: a listener is told which one is being measured, of how many, and how long it took. */
export class MeasuredParts {
  readonly #count: number;
  readonly #listener: TaskListener;
  #begun = 0;

  constructor(count: number, listener: TaskListener) {
    this.#count = count;
    this.#listener = listener;
  }

  async next<Result>(what: string, measure: () => Promise<Result>): Promise<Result> {
    const { progress, finished } = this.#listener;
    const part = `${++this.#begun} of ${this.#count}, ${what}`;
    progress?.(part);
    const start = performance.now();
    const result = await measure();
    finished?.(`${part}: ${((performance.now() - start) / 1_000).toFixed(1)} s`);
    return result;
  }
}
