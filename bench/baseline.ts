import type { PlainTransfer, Yardstick } from './yardstick.js';

/** Balances in a `Map`, in plain JavaScript: what this language does where nothing is asked but the transfers. */
export class MapLedger implements Yardstick {
  readonly #balances = new Map<string, bigint>();
  #transfers: readonly PlainTransfer[] = [];

  mint(to: string, amount: bigint): void {
    this.#balances.set(to, (this.#balances.get(to) ?? 0n) + amount);
  }

  load(transfers: readonly PlainTransfer[]): void {
    this.#transfers = transfers;
  }

  execute(): number {
    const balances = this.#balances;
    let failed = 0;
    for (const { from, to, amount } of this.#transfers) {
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
