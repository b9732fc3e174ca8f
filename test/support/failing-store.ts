import { type BlockHeader, type BlockRecord, memoryStore, type Store, StoreError } from '../../dist/host/index.js';

/** A store in memory whose commits the test has in its hand. It has nothing that threads read by: the state is in memory. */
export class HeldStore {
  readonly store: Store;
  /** Heights that were given to each commit. */
  readonly commits: bigint[][] = [];
  /** Commits that wait for `release`. */
  readonly #waiting: (() => void)[] = [];
  #isHeld = false;
  #failAt = Number.POSITIVE_INFINITY;

  constructor(inner: Store = memoryStore()) {
    this.store = new Proxy(inner, {
      get: (target, name) => {
        if (name === 'commit') return (records: readonly BlockRecord[]) => this.#commit(target, records);
        const value = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  /** From now on commits wait. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Those that wait are done, and so are later ones. */
  release(): void {
    this.#isHeld = false;
    for (const go of this.#waiting.splice(0)) go();
  }

  /** The commit with this number, counted from 0, fails. */
  failAt(commit: number): void {
    this.#failAt = commit;
  }

  async #commit(inner: Store, records: readonly BlockRecord[]): Promise<readonly BlockHeader[]> {
    const number = this.commits.push(records.map(({ context }) => context.height)) - 1;
    if (this.#isHeld) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (number === this.#failAt) throw new StoreError('ERR_STORE_FULL', `commit ${number} fails, as it was told to`);
    return inner.commit(records);
  }
}

/** A store in memory that threads read by a module of test/support, which is given `data`. */
export function readBy(module: string, data?: unknown): Store {
  const { store } = new HeldStore();
  const reader = { module: new URL(module, import.meta.url).href, data };
  return new Proxy(store, { get: (target, name) => (name === 'reader' ? reader : Reflect.get(target, name, target)) });
}
