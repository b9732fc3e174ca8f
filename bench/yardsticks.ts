import { MapLedger } from './baseline.js';
import { LedgerLimit } from './ledger-limit.js';
import { type Timed, timed } from './timed.js';
import type { WorkloadCall } from './workloads/workload.js';
import { plainTransfers } from './yardstick.js';

/** How many transfers of one block each yardstick refused, and how long it took. */
export interface YardstickTimes {
  readonly jsMap: Timed<number>;
  readonly ledgerLimit: Timed<number>;
}

/** All yardsticks side by side, over the same blocks of transfers. */
export class Yardsticks {
  readonly #jsMap = new MapLedger();
  readonly #ledgerLimit: LedgerLimit;

  constructor(blockSize: number) {
    this.#ledgerLimit = new LedgerLimit(blockSize);
  }

  mint(calls: readonly WorkloadCall[]): void {
    for (const { to, amount } of plainTransfers(calls)) {
      this.#jsMap.mint(to, amount);
      this.#ledgerLimit.mint(to, amount);
    }
  }

  /** Take in the block that is executed next. Not measured. */
  load(calls: readonly WorkloadCall[]): void {
    const transfers = plainTransfers(calls);
    this.#jsMap.load(transfers);
    this.#ledgerLimit.load(transfers);
  }

  /** Execute the block, the `Map` first or last. */
  execute(mapFirst: boolean): YardstickTimes {
    const runMap = () => timed(() => this.#jsMap.execute());
    const runLimit = () => timed(() => this.#ledgerLimit.execute());
    if (mapFirst) return { jsMap: runMap(), ledgerLimit: runLimit() };
    const ledgerLimit = runLimit();
    return { jsMap: runMap(), ledgerLimit };
  }
}

/** Where the transfers that failed are not as many as a yardstick refused. */
export function yardstickDifference(failedCalls: number, times: YardstickTimes | undefined): string | undefined {
  if (times === undefined) return undefined;
  const { jsMap, ledgerLimit } = times;
  if (failedCalls !== jsMap.result) return `${failedCalls} calls failed, expected ${jsMap.result} as in a plain ledger`;
  if (failedCalls === ledgerLimit.result) return undefined;
  return `${failedCalls} calls failed, expected ${ledgerLimit.result} as in the hand-written Wasm ledger`;
}
