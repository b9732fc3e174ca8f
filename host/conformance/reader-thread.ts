/** A thread that reads the state as those of a runtime do: all that follows a `refresh` in one turn of the event loop. */
import { parentPort, workerData } from 'node:worker_threads';
import type { StoreReader, StoreReaderSource } from '../index.js';

/** What is to be read, and how the two threads take turns: 1 says that the state was refreshed, 2 that it may be read. */
export interface ReaderQuestion {
  readonly turn: Int32Array<SharedArrayBuffer>;
  readonly places: readonly (readonly [contract: Uint8Array, key: Uint8Array])[];
}

/** For each place its value, or undefined; "unknown" where there is no such contract. */
export type ReaderAnswer = readonly (Uint8Array | 'unknown' | undefined)[];

const source = workerData as StoreReaderSource;
const { openReader } = (await import(source.module)) as {
  openReader(data: unknown): StoreReader | Promise<StoreReader>;
};
const reader = await openReader(source.data);

parentPort?.on('message', ({ turn, places }: ReaderQuestion) => {
  reader.refresh();
  Atomics.store(turn, 0, 1);
  Atomics.notify(turn, 0);
  Atomics.wait(turn, 0, 1);
  const answer: ReaderAnswer = places.map(([address, key]) => {
    const contract = reader.contract(address);
    if (contract === undefined) return 'unknown';
    const value = contract.get(key);
    // It is valid until the next one is read.
    return value === undefined ? undefined : new Uint8Array(value);
  });
  parentPort?.postMessage(answer);
});
