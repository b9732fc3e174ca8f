import { cpus } from 'node:os';
import { gitCommit } from './package.js';

/** Where a benchmark ran. */
export interface Environment {
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
  readonly v8: string;
  /** The package's commit; null where it is not a git checkout. */
  readonly commit: string | null;
}

export function environment(): Environment {
  const cores = cpus();
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    node: process.versions.node,
    v8: process.versions.v8,
    commit: gitCommit(),
  };
}
