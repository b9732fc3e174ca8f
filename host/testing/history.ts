import type { FirstCallOptions, Transaction } from '../index.js';

export type HistoryEntry =
  | {
      readonly kind: 'deployment';
      readonly name: string;
      readonly address: Uint8Array;
      readonly wasm: Uint8Array;
      /** Of the constructor. */
      readonly init: FirstCallOptions | undefined;
    }
  | {
      readonly kind: 'upgrade';
      readonly name: string;
      readonly address: Uint8Array;
      readonly wasm: Uint8Array;
      /** Of the method that takes what is stored over. */
      readonly migrate: FirstCallOptions | undefined;
    }
  /** A call that ended `ok`: others changed nothing. */
  | { readonly kind: 'call'; readonly transaction: Transaction };

/** What led to a state. Never changed, only followed by more: a snapshot has its own, whatever came after it. */
export class History {
  readonly #last: HistoryEntry;
  readonly #before: History | undefined;

  private constructor(last: HistoryEntry, before: History | undefined) {
    this.#last = last;
    this.#before = before;
  }

  static after(before: History | undefined, entry: HistoryEntry): History {
    return new History(entry, before);
  }

  /** The oldest first. */
  static entries(history: History | undefined): HistoryEntry[] {
    const entries: HistoryEntry[] = [];
    for (let at = history; at !== undefined; at = at.#before) entries.push(at.#last);
    return entries.reverse();
  }
}
