import type { ContendedKey } from '../host/index.js';

const SHOWN_MAX = 20;

/** For which keys incarnations were aborted, over several blocks. Each block brings all of its keys: one that comes late in every block may be the first of all together. */
export class ContendedKeys {
  readonly #keys = new Map<string, ContendedKey>();

  add(keys: readonly ContendedKey[]): void {
    for (const each of keys) {
      const name = `${each.address} ${each.field} ${each.key}`;
      this.#keys.set(name, { ...each, aborts: each.aborts + (this.#keys.get(name)?.aborts ?? 0) });
    }
  }

  /** The 20 that most were aborted for, the most contended first. */
  most(): ContendedKey[] {
    return [...this.#keys.values()].sort((left, right) => right.aborts - left.aborts).slice(0, SHOWN_MAX);
  }
}
