import { readFileSync } from 'node:fs';
import type { Policy } from '../../host/index.js';
import { packagePath } from '../package.js';
import type { ParameterValues } from '../parameters.js';

/** Figures that somebody has published: what is known of them, the rest is left out. */
export interface PublishedFigures {
  /** Over sequential execution. */
  readonly speedup?: number;
  /** A bound, and no measurement: there is nothing to divide by it. */
  readonly speedupAtLeast?: number;
  readonly sequentialMs?: number;
  readonly ms?: number;
  /** Aborts / calls. */
  readonly abortsPerCall?: number;
  /** Share of the executions that were for nothing. */
  readonly wastedShare?: number;
}

/** A workload that a figure is of, in terms of ours. */
export interface PublishedCell {
  readonly name: string;
  readonly workload: string;
  readonly params: ParameterValues;
  readonly policy?: Partial<Policy>;
  readonly blockSize: number;
  /** Default: the source's. */
  readonly workers?: number;
  readonly published: PublishedFigures;
}

/** What one source has published. */
export interface Published {
  readonly schema: 'blockstm.published/1';
  readonly source: string;
  readonly machine: string;
  readonly workers: number;
  /** What keeps its figures and ours from being compared. */
  readonly notComparable: readonly string[];
  readonly cells: readonly PublishedCell[];
}

function read(name: string): Published {
  return JSON.parse(readFileSync(packagePath('bench', 'data', 'published', `${name}.json`), 'utf8'));
}

/** By the names that `blockstm bench reproduce` takes; each reads its file. */
export const PUBLISHED: Readonly<Record<string, () => Published>> = {
  paper: () => read('paper'),
  'go-block-stm': () => read('go-block-stm'),
  grevm: () => read('grevm'),
  pevm: () => read('pevm'),
  neo1202: () => read('neo1202'),
};
