import { CompileError, type CompileProblem } from './compile-error.js';

/** What is wrong with a contract, as far as it was read: after a problem the next part is looked at. */
export class Problems {
  readonly #found: CompileProblem[] = [];

  get list(): readonly CompileProblem[] {
    return this.#found;
  }

  /** Runs a step. Undefined where it ended in a CompileError, which is kept. */
  attempt<Result>(step: () => Result): Result | undefined {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof CompileError)) throw error;
      this.add(error.problems);
      return undefined;
    }
  }

  /** One that was said already is not said again. */
  add(problems: readonly CompileProblem[]): void {
    for (const problem of problems) {
      if (!this.#found.some(({ text }) => text === problem.text)) this.#found.push(problem);
    }
  }
}
