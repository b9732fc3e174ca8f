import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { DEEP_SHAPES } from '../support/deep-shapes.js';
import { textToWasm } from '../support/wasm-text.js';

const script = fileURLToPath(new URL('../support/deep-calls.js', import.meta.url));

/** V8's compilers: both in turn, as it comes; the baseline one alone; the optimizing one alone. */
const TIERS = [[], ['--liftoff', '--no-wasm-tier-up'], ['--no-liftoff']];

const modules = Object.fromEntries(
  Object.entries(DEEP_SHAPES).map(([name, text]) => [name, Buffer.from(textToWasm(text)).toString('base64')]),
);

async function receiptsUnder(flags: readonly string[]): Promise<Record<string, string[]>> {
  const running = promisify(execFile)(process.execPath, [...flags, script], { timeout: 100_000 });
  running.child.stdin?.end(JSON.stringify(modules));
  const { stdout } = await running;
  return JSON.parse(stdout) as Record<string, string[]>;
}

test('endless recursion ends at the same call in every tier of V8, and never on its stack', async () => {
  const [asItComes = {}, ...others] = await Promise.all(TIERS.map(receiptsUnder));
  expect(Object.keys(asItComes).length).toBeGreaterThan(5);
  for (const receipts of Object.values(asItComes)) {
    expect(receipts).toEqual([expect.stringMatching(/^trapped stackLimit \d+$/)]);
  }
  for (const other of others) expect(other).toEqual(asItComes);
});
