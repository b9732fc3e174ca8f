import { describe, expect, test } from 'vitest';
import { compileKernel, instantiateKernel } from '../../dist/host/engine/kernel.js';
import { formatMemory, reserveMemory } from '../../dist/host/engine/memory.js';
import { tableMiB } from '../../dist/host/engine/table-size.js';

describe('what the tables need is what a memory has to have at least', () => {
  test.each([
    [1, 1_024, 1],
    [3, 65_536, 10_000],
    [3, 1_048_576, 262_144],
    [257, 65_536, 4_096],
    [65, 300_000, 100],
  ])('%i workers, %i locations, %i transactions', async (workers, locations, transactions) => {
    const least = tableMiB(workers, { locations, transactions });
    const format = async (memoryMiB: number): Promise<void> => {
      const limits = { memoryMiB, locations, transactions };
      const memory = reserveMemory({ ...limits, gas: 0 });
      const { exports } = instantiateKernel(await compileKernel(), memory);
      formatMemory(exports, memory, { limits, workers, parallelism: 1 }, [], () => {});
    };
    await format(least);
    await expect(format(least - 1)).rejects.toMatchObject({ code: 'ERR_OPTION' });
  });
});
