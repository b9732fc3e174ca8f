import { once } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { Store } from '../index.js';
import type { Cases } from './chain-cases.js';
import type { ReaderAnswer, ReaderQuestion } from './reader-thread.js';
import { expectSame, type Trial } from './trial.js';

/** Reads by the store's reader, on a thread of its own. `meanwhile` is done after its `refresh` and before it reads. */
type Read = (meanwhile?: () => Promise<unknown>) => Promise<ReaderAnswer>;

function places({ chain }: Trial): ReaderQuestion['places'] {
  const nobody = new Uint8Array(32).fill(0xee);
  const written = chain.blocks.flatMap(({ writes }) => writes.map(({ contract, key }) => [contract, key] as const));
  const never = chain.contracts.map(({ address }) => [address, new Uint8Array(17)] as const);
  return [...written, ...never, [nobody, new Uint8Array(1)]];
}

/** What a reader finds at the places after the first `count` blocks. */
function expected(trial: Trial, count: number): ReaderAnswer {
  const hex = (...bytes: readonly Uint8Array[]): string => Buffer.concat(bytes).toString('hex');
  const known = new Set(trial.head(count).contracts.map(({ address }) => hex(address)));
  const state = new Map(trial.chain.state(count).map(({ contract, key, value }) => [hex(contract, key), value]));
  return places(trial).map(([contract, key]) =>
    known.has(hex(contract)) ? state.get(hex(contract, key)) : ('unknown' as const),
  );
}

/** Stores that give the whole state to a runtime have no reader, and nothing to show here. */
async function withReader(trial: Trial, store: Store, action: (read: Read) => Promise<void>): Promise<void> {
  if (store.reader === undefined) return;
  const workerData = structuredClone(store.reader);
  const thread = new Worker(new URL('./reader-thread.js', import.meta.url), { workerData, execArgv: [] });
  try {
    await action(async (meanwhile) => {
      const turn = new Int32Array(new SharedArrayBuffer(4));
      const answered = once(thread, 'message');
      thread.postMessage({ turn, places: places(trial) } satisfies ReaderQuestion);
      await Promise.race([Atomics.waitAsync(turn, 0, 0).value, answered]);
      await meanwhile?.();
      Atomics.store(turn, 0, 2);
      Atomics.notify(turn, 0);
      const [answer] = await answered;
      return answer as ReaderAnswer;
    });
  } finally {
    await thread.terminate();
  }
}

/** How the threads of a runtime read the state. */
export const readerCases: Cases = {
  'a reader finds what was committed, once that is settled': async (trial) => {
    const store = await trial.empty();
    await withReader(trial, store, async (read) => {
      expectSame(await read(), expected(trial, 0));
      for (const [index, record] of trial.chain.records().entries()) {
        await store.commit([record]);
        await store.settle();
        expectSame(await read(), expected(trial, index + 1));
      }
    });
  },

  'what has not changed is what a reader finds, while other things are committed and settled': async (trial) => {
    const store = await trial.filled(3);
    await withReader(trial, store, async (read) => {
      for (let count = 3; count < trial.chain.length; count++) {
        await store.settle();
        const answer = await read(async () => {
          await store.commit(trial.chain.records(count + 1).slice(count));
          await store.settle();
        });
        const [before, after] = [expected(trial, count), expected(trial, count + 1)];
        const isSame = (place: number): boolean => isDeepStrictEqual(before[place], after[place]);
        expectSame(
          answer.filter((_, place) => isSame(place)),
          before.filter((_, place) => isSame(place)),
        );
      }
      await store.settle();
      expectSame(await read(), expected(trial, trial.chain.length));
    });
  },

  'a reader finds what was restored': async (trial) => {
    const store = await trial.empty();
    await withReader(trial, store, async (read) => {
      const state = trial.chain.state();
      expectSame(await read(), expected(trial, 0));
      await store.restore(
        trial.head(trial.chain.length),
        trial.codes,
        (async function* () {
          yield* state;
        })(),
      );
      expectSame(await read(), expected(trial, trial.chain.length));
    });
  },

  'a reader finds what another run of the store has left': async (trial) => {
    const { store } = await trial.reopened(await trial.filled());
    await withReader(trial, store, async (read) => expectSame(await read(), expected(trial, trial.chain.length)));
  },
};
