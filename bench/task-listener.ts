import type { Progress } from './runner.js';

/** Told what a task of many parts is doing: a suite, a sweep, a validation, a reproduction, a measurement of costs. */
export interface TaskListener {
  /** What is being done at the moment, often: each text takes the place of the one before. */
  readonly progress?: Progress;
  /** A part is done, and what came of it: a line. */
  readonly finished?: Progress;
}
