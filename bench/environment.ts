import { availableParallelism, cpus } from 'node:os';
import { gitCommit, packageVersion } from './package.js';

/** Where a benchmark ran, and of which program. */
export interface Environment {
  readonly cpu: string;
  /** That the process may use at once. */
  readonly cores: number;
  readonly node: string;
  readonly v8: string;
  /** Of the package blockstm: `0.1.0`. */
  readonly version: string;
  /** The package's commit; null where it is not a git checkout. */
  readonly commit: string | null;
}

export function environment(): Environment {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    node: process.versions.node,
    v8: process.versions.v8,
    version: packageVersion(),
    commit: gitCommit(),
  };
}
