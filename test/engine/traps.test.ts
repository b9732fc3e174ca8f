import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.restoreAllMocks();
});

test('a machine that refuses the memory of any instance is told from a bug of ours', async () => {
  // Another instance of the module: one that has learned its traps does not ask again.
  const fresh = new URL('../../dist/host/engine/traps.js?fresh', import.meta.url).href;
  const { learnTraps } = (await import(fresh)) as typeof import('../../dist/host/engine/traps.js');
  vi.spyOn(WebAssembly, 'Instance').mockImplementation(function refuse() {
    throw new RangeError('WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory for new instance');
  });
  expect(learnTraps).toThrow(
    expect.objectContaining({ code: 'ERR_CAPACITY', limit: 'memory', message: expect.stringContaining('10 GiB') }),
  );
  vi.restoreAllMocks();
  // It is asked again: by then there may be room.
  expect(new Set(learnTraps().values()).size).toBe(5);
});
