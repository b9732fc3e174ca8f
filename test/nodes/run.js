// Tests of what depends on Node, on other releases than the one that is installed: the runtime, the stores, a project that embeds them.
//
// Usage: node test/nodes/run.js [release...], by default 22 and 24. Needs the package built. The npm packages `node-<platform>-<architecture>` carry the binaries; they are kept in
// the temporary directory.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const RELEASES = ['22', '24'];
/** Files, by the configuration that has them. */
const SUITES = {
  'test/vitest.config.ts': ['test/runtime', 'test/store'],
  'test/vitest.packed.config.ts': ['test/packed/embed'],
};
const root = fileURLToPath(new URL('../../', import.meta.url));

/** The folder of the newest Node of a release. */
function fetchNode(/** @type {string} */ release) {
  const folder = join(tmpdir(), 'blockstm-nodes', release);
  const binaries = join(folder, 'package', 'bin');
  if (existsSync(binaries)) return binaries;
  mkdirSync(folder, { recursive: true });
  const name = `node-${process.platform}-${process.arch}@${release}`;
  execFileSync('npm', ['pack', name, '--silent', '--pack-destination', folder], { stdio: 'inherit' });
  const archive = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  execFileSync('tar', ['-xzf', join(folder, archive), '-C', folder]);
  return binaries;
}

/** Whether all tests pass. npm, which some tests start, is run by that Node as well. */
function test(/** @type {string} */ binaries) {
  const node = join(binaries, 'node');
  process.stdout.write(`\n${execFileSync(node, ['--version'])}`);
  const env = { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH}` };
  return Object.entries(SUITES)
    .map(([config, files]) => ['node_modules/vitest/vitest.mjs', 'run', '--config', config, ...files])
    .map((args) => spawnSync(node, args, { cwd: root, env, stdio: 'inherit' }).status)
    .every((status) => status === 0);
}

const given = process.argv.slice(2);
const failed = (given.length > 0 ? given : RELEASES).filter((release) => !test(fetchNode(release)));
if (failed.length > 0) process.stderr.write(`failed on Node ${failed.join(', ')}\n`);
process.exitCode = failed.length > 0 ? 1 : 0;
