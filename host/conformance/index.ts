/**
 * Whether a store of yours is one: what the documentation of `Store` says, as cases for any test runner.
 *
 * ```js
 * import { storeConformance } from 'blockstm/store/conformance';
 *
 * for (const { name, run } of storeConformance()) test(name, () => run(() => new YourStore()));
 * ```
 *
 * @module blockstm/store/conformance
 */
import { type Cases, chainCases } from './chain-cases.js';
import { historyCases } from './history-cases.js';
import { readerCases } from './reader-cases.js';
import { RecordedChain } from './recorded-chain.js';
import { stateCases } from './state-cases.js';
import { type MakeStore, type ReopenStore, Trial } from './trial.js';

export type { MakeStore, ReopenStore };

/** One thing that every store does. */
export interface StoreCase {
  /** What, as a sentence. */
  readonly name: string;
  /**
   * Rejects, with an AssertionError where the store answers something else. The stores that `makeStore` gave are closed then; where they keep something, whoever made them removes it.
   * @param makeStore gives a new store, not open, each time.
   * @param reopen gives a store, not open, over what a store that is closed has left. Default: the same object, which is opened again.
   */
  run(makeStore: MakeStore, reopen?: ReopenStore): Promise<void>;
}

const cases: Cases = { ...chainCases, ...stateCases, ...historyCases, ...readerCases };

/** Executed once for all cases. */
let recorded: Promise<RecordedChain> | undefined;

/** The cases that a store has to pass, about 40, each of its own: some take a few of `makeStore`'s stores, and none takes long. */
export function storeConformance(): readonly StoreCase[] {
  return Object.entries(cases).map(([name, check]) => ({
    name,
    run: async (makeStore, reopen = (store) => store) => {
      recorded ??= RecordedChain.execute();
      const trial = new Trial((await recorded).copy(), makeStore, reopen);
      try {
        await check(trial);
      } finally {
        await trial.close();
      }
    },
  }));
}
