import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** This file runs as dist/bench/package.js. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The path of a file that comes with the package. */
export function packagePath(...segments: readonly string[]): string {
  return join(ROOT, ...segments);
}

/** The Wasm that `npm run build` made of assembly/contracts/<name>.ts. */
export function builtContractPath(name: string): string {
  return packagePath('dist', 'contracts', `${name}.wasm`);
}

/** The Wasm that `npm run build` made of assembly/yardstick/<name>.ts. */
export function builtYardstickPath(name: string): string {
  return packagePath('dist', 'yardstick', `${name}.wasm`);
}

/** Of the package blockstm: `0.1.0`. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(packagePath('package.json'), 'utf8')) as { version: string }).version;
}

/** The commit that is checked out, or null where the package is not a checkout (it was installed) or git is missing. */
export function gitCommit(): string | null {
  // Without this, git would answer for whatever repository the package is installed into.
  if (!existsSync(packagePath('.git'))) return null;
  try {
    const output = execFileSync('git', ['-C', ROOT, 'rev-parse', 'HEAD'], { stdio: ['ignore', 'pipe', 'ignore'] });
    return output.toString('utf8').trim();
  } catch {
    return null;
  }
}
