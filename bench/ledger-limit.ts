import { readFileSync } from 'node:fs';
import { builtYardstickPath } from './package.js';
import type { PlainTransfer, Yardstick } from './yardstick.js';

/** What assembly/yardstick/ledger.ts exports; addresses are numbers. */
interface LedgerModule {
  readonly memory: WebAssembly.Memory;
  reserve(transfers: number): number;
  mint(to: number, amount: bigint): void;
  transfer(from: number, to: number, amount: bigint): number;
}

const ADDRESS_BYTES = 32;
const TRANSFER_BYTES = 2 * ADDRESS_BYTES;

/**
 * Balances in a hash table of hand-written Wasm, under the key bytes that `token` has: what is possible where a call is a call
 * of Wasm and nothing else. No metering, isolation, events or receipts, one thread.
 */
export class LedgerLimit implements Yardstick {
  readonly #module: LedgerModule;
  /** Where the module keeps the block's transfers. */
  readonly #transfers: number;
  readonly #transfersMax: number;
  #amounts: readonly bigint[] = [];

  /** @param transfersMax the most transfers that are ever loaded at once; at least 1. */
  constructor(transfersMax: number) {
    const wasm = new WebAssembly.Module(readFileSync(builtYardstickPath('ledger')));
    this.#module = new WebAssembly.Instance(wasm).exports as unknown as LedgerModule;
    this.#transfers = this.#module.reserve(transfersMax);
    this.#transfersMax = transfersMax;
  }

  mint(to: string, amount: bigint): void {
    this.#writeAddress(to, this.#transfers);
    this.#module.mint(this.#transfers, amount);
  }

  /** @throws RangeError for more transfers than it was made for. */
  load(transfers: readonly PlainTransfer[]): void {
    if (transfers.length > this.#transfersMax) {
      throw new RangeError(`${transfers.length} transfers, expected at most ${this.#transfersMax}`);
    }
    let at = this.#transfers;
    for (const { from, to } of transfers) {
      this.#writeAddress(from, at);
      this.#writeAddress(to, at + ADDRESS_BYTES);
      at += TRANSFER_BYTES;
    }
    this.#amounts = transfers.map(({ amount }) => amount);
  }

  execute(): number {
    const { transfer } = this.#module;
    let at = this.#transfers;
    let failed = 0;
    for (const amount of this.#amounts) {
      if (transfer(at, at + ADDRESS_BYTES, amount) === 0) failed++;
      at += TRANSFER_BYTES;
    }
    return failed;
  }

  #writeAddress(hex: string, at: number): void {
    // Taken anew each time: a memory that has grown has another buffer.
    Buffer.from(this.#module.memory.buffer, at, ADDRESS_BYTES).write(hex.slice(2), 'hex');
  }
}
