import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { MisuseError, type Runtime } from '../../dist/host/index.js';
import { probeWasm } from './probe.js';
import type { Random } from './random.js';
import { openChain, readBalance, sampleCalls } from './sample-chain.js';
import { threadsOf } from './threads.js';

const probe = probeWasm();

/** Everything that takes a while. */
export const operations: Readonly<Record<string, (runtime: Runtime, directory: string) => Promise<unknown>>> = {
  deploy: async (runtime) => runtime.deploy(await probe),
  encode: (runtime) => runtime.encodeBlock({ transactions: Array(200).fill(sampleCalls(runtime, 1)).flat() }),
  execute: (runtime) => runtime.execute({ transactions: sampleCalls(runtime, 2) }),
  'execute much': (runtime) => runtime.execute({ transactions: Array(200).fill(sampleCalls(runtime, 3)).flat() }),
  durable: async (runtime) => (await runtime.execute({ transactions: sampleCalls(runtime, 4) })).durable,
  view: (runtime) => readBalance(runtime),
  'state hash': (runtime) => runtime.stateHash(),
  snapshot: (runtime, directory) => runtime.snapshot(join(directory, 'snapshot')),
  replay: (runtime) => runtime.replay(),
  prune: (runtime) => runtime.prune(3n),
  block: (runtime) => runtime.block(4n),
  blocks: async (runtime) => {
    for await (const { receipts } of runtime.blocks()) expect(receipts.length).toBeGreaterThanOrEqual(0);
  },
  fork: async (runtime) => {
    const fork = runtime.fork();
    await fork.execute({ transactions: sampleCalls(runtime, 5) });
    return fork.stateHash();
  },
  subscribe: async (runtime) => {
    for await (const { height } of runtime.subscribe('blocks')) expect(height).toBeGreaterThan(0n);
  },
};

/** Close the chain in `directory` while it is busy with that, some turns of the event loop after it began. Returns its height then, not less than `height`. */
export async function closeWhile(name: string, directory: string, height: bigint, random: Random): Promise<bigint> {
  const threads = await threadsOf(async () => {
    const runtime = await openChain(directory);
    const asked = (operations[name] as (runtime: Runtime, directory: string) => Promise<unknown>)(runtime, directory);
    const outcome = asked.then(
      () => undefined,
      (error: unknown) => error,
    );
    for (let turns = random.below(40); turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
    await runtime.close();
    const error = await outcome;
    if (error === undefined) return;
    expect(error, name).toBeInstanceOf(MisuseError);
    expect(error, name).toMatchObject({ code: 'ERR_CLOSED' });
  });
  // An ended thread has no id any more.
  expect(threads.map(({ threadId }) => threadId)).toEqual(threads.map(() => -1));
  expect(readdirSync(directory).filter((file) => file.endsWith('.partial'))).toEqual([]);
  await using again = await openChain(directory);
  expect(again.height).toBeGreaterThanOrEqual(height);
  return again.height;
}
