import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gitCommit, packagePath, packageVersion } from '../package.js';

/** Which program measured. */
export interface BuildIdentity {
  /** Of the package blockstm. */
  readonly version: string;
  /** Null where the package is not a checkout. */
  readonly commit: string | null;
  /** Whether the checkout had changes that were not committed; null without one. */
  readonly dirty: boolean | null;
  /** SHA-256 of package-lock.json; null where the package was installed, which has none. */
  readonly lockFile: string | null;
  /** SHA-256 over the names and the content of all that is built: what is executed, committed or not. */
  readonly built: string;
  readonly node: string;
  readonly v8: string;
  /** Flags of Node and V8, of the command line and of NODE_OPTIONS. */
  readonly flags: readonly string[];
}

export function buildIdentity(): BuildIdentity {
  const lockFile = packagePath('package-lock.json');
  const commit = gitCommit();
  return {
    version: packageVersion(),
    commit,
    dirty: commit === null ? null : isDirty(),
    lockFile: existsSync(lockFile) ? createHash('sha256').update(readFileSync(lockFile)).digest('hex') : null,
    built: hashBuilt(),
    node: process.versions.node,
    v8: process.versions.v8,
    flags: [...process.execArgv, ...(process.env.NODE_OPTIONS?.split(/\s+/).filter((flag) => flag !== '') ?? [])],
  };
}

/** Files that git does not know count too: they may have been built. */
function isDirty(): boolean | null {
  try {
    return (
      execFileSync('git', ['-C', packagePath(), 'status', '--porcelain'], { stdio: ['ignore', 'pipe', 'ignore'] })
        .length > 0
    );
  } catch {
    return null;
  }
}

/** All but what describes it: types, maps. */
function hashBuilt(): string {
  const names = readdirSync(packagePath('dist'), { recursive: true, encoding: 'utf8' });
  const hash = createHash('sha256');
  for (const name of names.filter((each) => /\.(js|wasm)$/.test(each)).sort()) {
    hash.update(`${name}\0`).update(
      createHash('sha256')
        .update(readFileSync(packagePath('dist', name)))
        .digest(),
    );
  }
  return hash.digest('hex');
}
