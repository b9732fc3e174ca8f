// Delta debugging (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002).

/** Whether these still show what is looked for. */
export type Check<Item> = (items: readonly Item[]) => Promise<boolean>;

/** At most so many checks: a shorter list is worth some seconds, not minutes. */
export class CheckBudget<Item> {
  readonly #check: Check<Item>;
  readonly #limit: number;
  #made = 0;

  constructor(check: Check<Item>, limit: number) {
    this.#check = check;
    this.#limit = limit;
  }

  get made(): number {
    return this.#made;
  }

  /** False once nothing is left: what is known then stands. */
  async shows(items: readonly Item[]): Promise<boolean> {
    if (this.#made >= this.#limit) return false;
    this.#made++;
    return this.#check(items);
  }
}

/** The items without as many as can be left out, one at a time at the end; their order stays. `items` must show it. */
export async function minimized<Item>(items: readonly Item[], budget: CheckBudget<Item>): Promise<readonly Item[]> {
  let current = items;
  let size = Math.ceil(current.length / 2);
  while (current.length > 1) {
    const shorter = await withoutSome(current, size, budget);
    if (shorter !== undefined) current = shorter;
    else if (size === 1) break;
    size = Math.max(1, Math.min(Math.ceil(size / 2), Math.ceil(current.length / 2)));
    // Once a single item is being left out, every one is tried again: leaving one out may let another go.
  }
  return current;
}

/** Without every run of `size` items that can be left out; undefined where none can. */
async function withoutSome<Item>(
  items: readonly Item[],
  size: number,
  budget: CheckBudget<Item>,
): Promise<readonly Item[] | undefined> {
  let current = items;
  for (let at = 0; at < current.length; ) {
    const rest = [...current.slice(0, at), ...current.slice(at + size)];
    if (rest.length > 0 && (await budget.shows(rest))) current = rest;
    else at += size;
  }
  return current === items ? undefined : current;
}

/** The items, each replaced by the first simpler one that still shows it, until none is. `simpler` gives fewer and fewer, and in the end none. */
export async function simplified<Item>(
  items: readonly Item[],
  simpler: (item: Item) => Iterable<Item>,
  budget: CheckBudget<Item>,
): Promise<readonly Item[]> {
  let current = items;
  for (let at = 0; at < current.length; ) {
    const found = await firstShown(current, at, simpler(current[at] as Item), budget);
    if (found === undefined) at++;
    else current = found;
  }
  return current;
}

async function firstShown<Item>(
  items: readonly Item[],
  at: number,
  candidates: Iterable<Item>,
  budget: CheckBudget<Item>,
): Promise<readonly Item[] | undefined> {
  for (const candidate of candidates) {
    const changed = items.with(at, candidate);
    if (await budget.shows(changed)) return changed;
  }
  return undefined;
}
