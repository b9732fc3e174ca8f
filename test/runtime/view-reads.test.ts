import { threadId } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { createRuntime } from '../../dist/host/index.js';
import { readBy } from '../support/failing-store.js';
import { address, encodeProgram } from '../support/programs.js';
import { contractWasm, SMALL_MEMORY } from '../support/runtimes.js';

/** Values that a view may read from the store on the thread of the runtime. */
const READS_MAX = 64;

test('a view that reads many values from the store reads few of them on the thread of the runtime', async () => {
  const counts = new SharedArrayBuffer(8);
  const words = new Int32Array(counts);
  const store = readBy('./counting-reader.js', { counts, runtimeThread: threadId });
  await using runtime = await createRuntime({ workers: 1, limits: SMALL_MEMORY, store });
  const contract = await runtime.deploy(await contractWasm('program'));
  const read = (from: number, count: number) => {
    const operations = Array.from({ length: count }, (_, index) => ({ number: 4, operand: BigInt(from + index) }));
    return contract.transaction(address(1), 'run', { code: encodeProgram(operations) });
  };
  /** Values read by the view: on the thread of the runtime, and by the worker. */
  const reads = async (from: number, count: number): Promise<[number, number]> => {
    words.fill(0);
    expect((await runtime.view(read(from, count))).status).toBe('ok');
    return [words[0] as number, words[1] as number];
  };
  // The first view of a method is the worker's.
  expect(await reads(0, 1)).toEqual([0, 1]);
  expect(await reads(1000, READS_MAX)).toEqual([READS_MAX, 0]);
  expect(await reads(2000, 300)).toEqual([READS_MAX, 300 - READS_MAX]);
  // Now they are in memory.
  expect(await reads(2000, 300)).toEqual([0, 0]);
  expect(await reads(3000, 20)).toEqual([20, 0]);
});
