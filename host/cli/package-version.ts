import { readFileSync } from 'node:fs';

/** The version of this package. */
export function packageVersion(): string {
  // This file runs as dist/host/cli/package-version.js.
  const manifest = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
