import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { createRuntime } from '../../dist/host/index.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';
import { withDirectory } from './directories.js';
import { growChain, readBalance, sampleCalls, TINY_MEMORY } from './sample-chain.js';

interface Held {
  /** Kinds of what Node's event loop knows of. */
  readonly resources: readonly string[];
  /** How many files are open, and threads. Undefined where the system does not tell. */
  readonly files: readonly string[] | undefined;
  readonly rssMiB: number;
}

const MOST_GROWTH_MIB = 64;

/** Open a chain, use it and close it `cycles` times: after the first `warmUp` the process holds no more than before. */
export async function openAndClose(cycles: number, warmUp: number): Promise<void> {
  await withDirectory(async (directory) => {
    const chain = join(directory, 'chain');
    await growChain(chain, 3);
    let before: Held | undefined;
    for (let cycle = 0; cycle < cycles; cycle++) {
      if (cycle === warmUp) before = await held();
      // Every other one has a store.
      const store = cycle % 2 === 0 ? { store: lmdbStore(chain) } : {};
      await using runtime = await createRuntime({ ...store, workers: 1, limits: TINY_MEMORY });
      if (cycle % 2 === 0) {
        await runtime.execute({ transactions: sampleCalls(runtime, cycle) });
        await readBalance(runtime);
      }
    }
    const after = await held();
    console.log(`${cycles} cycles: ${before?.rssMiB} MiB, then ${after.rssMiB} MiB`);
    expect(after.resources).toEqual(before?.resources);
    expect(after.files).toEqual(before?.files);
    expect(after.rssMiB - (before?.rssMiB ?? 0)).toBeLessThan(MOST_GROWTH_MIB);
  });
}

async function held(): Promise<Held> {
  // Handles are let go of in the turn after they are closed.
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  global.gc?.();
  return {
    resources: process
      .getActiveResourcesInfo()
      .filter((kind) => kind !== 'Immediate')
      .sort(),
    files: openFiles(),
    rssMiB: Math.round(process.memoryUsage().rss / 2 ** 20),
  };
}

function openFiles(): readonly string[] | undefined {
  if (process.platform !== 'linux') return undefined;
  return ['fd', 'task'].map((kind) => `${readdirSync(`/proc/self/${kind}`).length} of ${kind}`);
}
