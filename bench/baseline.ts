import type { WorkloadCall } from './workloads/workload.js';

/** A transfer as the plain ledger takes it: nothing left to decode. */
export interface PlainTransfer {
  readonly from: string;
  readonly to: string;
  readonly amount: bigint;
}

/**
 * The same payments without contracts: balances in a `Map`, in plain JavaScript. It bounds from above what a runtime in
 * this language can do, and it is a second opinion on which transfers fail.
 */
export class MapLedger {
  readonly #balances = new Map<string, bigint>();

  mint(to: string, amount: bigint): void {
    this.#balances.set(to, (this.#balances.get(to) ?? 0n) + amount);
  }

  /** Execute a block of transfers in order. @returns how many failed for want of funds. */
  execute(transfers: readonly PlainTransfer[]): number {
    const balances = this.#balances;
    let failed = 0;
    for (const { from, to, amount } of transfers) {
      const funds = balances.get(from) ?? 0n;
      if (funds < amount) {
        failed++;
        continue;
      }
      balances.set(from, funds - amount);
      balances.set(to, (balances.get(to) ?? 0n) + amount);
    }
    return failed;
  }
}

export function plainTransfers(calls: readonly WorkloadCall[]): PlainTransfer[] {
  return calls.map(({ sender, args }) => ({
    from: sender,
    to: args.to as string,
    amount: BigInt(args.amount as string),
  }));
}
