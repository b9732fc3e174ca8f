import { Writable } from 'node:stream';
import pino from 'pino';
import { expect, test } from 'vitest';
import { createRuntime, type Logger, memoryStore, StoreError } from '../../dist/host/index.js';
import { contractWasm, SMALL_MEMORY } from '../support/runtimes.js';

/** A logger of pino's, and what it has written. */
function pinoLogger(): { logger: Logger; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  // The types agree, too: nothing is cast here.
  return { logger: pino({ level: 'debug' }, stream), lines };
}

test('a logger of pino’s hears what a runtime does', async () => {
  const { logger, lines } = pinoLogger();
  const runtime = await createRuntime({ workers: 1, limits: SMALL_MEMORY, store: memoryStore(), logger });
  await runtime.deploy(await contractWasm('counter'));
  await runtime.close();
  const messages = ['runtime started', 'block executed', 'blocks are durable', 'runtime closed'];
  expect(lines.map(({ msg }) => msg)).toEqual(messages);
  expect(lines.every(({ level }) => level === pino.levels.values.debug)).toBe(true);
  expect(lines[1]).toMatchObject({ height: 1, calls: 0 });
});

test('a logger of pino’s hears why blocks cannot be written, with the error', async () => {
  const { logger, lines } = pinoLogger();
  const store = Object.assign(memoryStore(), {
    commit: () => Promise.reject(new StoreError('ERR_STORE_FULL', 'the disk is full')),
  });
  const runtime = await createRuntime({ workers: 1, limits: SMALL_MEMORY, store, logger });
  await expect(runtime.deploy(await contractWasm('counter'))).rejects.toMatchObject({ code: 'ERR_STORE_FULL' });
  await runtime.close();
  expect(lines.filter(({ level }) => level === pino.levels.values.error)).toEqual([
    expect.objectContaining({
      msg: 'blocks cannot be written any more',
      err: expect.objectContaining({ type: 'StoreError', code: 'ERR_STORE_FULL', message: 'the disk is full' }),
    }),
  ]);
});
