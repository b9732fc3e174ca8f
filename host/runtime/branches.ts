import type { Change, PatchedValue } from '../engine/changes.js';
import type { Engine } from '../engine/engine.js';

/** Of all the blocks of a node together. */
type Difference = Omit<Change, 'after'> & { after: Uint8Array | undefined };

/**
 * A state that a branch is at, or that one began at: what of it differs from its parent. The root's is what is in memory, and nobody notes what it changes.
 */
export class StateNode {
  #parent: StateNode | undefined;
  #differences = new Map<string, Difference>();
  /** Branches that are here, and nodes that have it for a parent. */
  #users = 0;

  constructor(parent?: StateNode) {
    this.#parent = parent;
    parent?.retain();
  }

  get parent(): StateNode | undefined {
    return this.#parent;
  }

  get depth(): number {
    return this.#parent === undefined ? 0 : this.#parent.depth + 1;
  }

  retain(): void {
    this.#users++;
  }

  release(): void {
    if (--this.#users === 0) this.#parent?.release();
  }

  /** Whether others need this state as it is: not only the branch that is here. */
  get isShared(): boolean {
    return this.#users > 1;
  }

  /** Become what it and those parents are together that nobody else needs. */
  absorb(): void {
    for (let parent = this.#parent; parent !== undefined && !parent.isShared; parent = this.#parent) {
      const own = this.#differences;
      this.#parent = parent.#parent;
      this.#differences = this.#parent === undefined ? new Map() : parent.#differences;
      if (this.#parent !== undefined) for (const difference of own.values()) this.#add(difference);
    }
  }

  add(changes: readonly Change[]): void {
    for (const change of changes) this.#add(change);
  }

  #add({ contract, key, before, after }: Change): void {
    const name = nameOf({ contract, key });
    const known = this.#differences.get(name);
    if (known === undefined) this.#differences.set(name, { contract, key, before, after });
    else known.after = after;
  }

  /** What makes its parent of it. */
  *back(): Generator<PatchedValue> {
    for (const { contract, key, before } of this.#differences.values()) yield { contract, key, value: before };
  }

  /** What makes it of its parent. */
  *forth(): Generator<PatchedValue> {
    for (const { contract, key, after } of this.#differences.values()) yield { contract, key, value: after };
  }
}

function nameOf({ contract, key }: Pick<Change, 'contract' | 'key'>): string {
  return `${contract} ${Buffer.from(key).toString('hex')}`;
}

/** Which state is in the engine's memory: that of one branch at a time. */
export class Branches {
  readonly #engine: Engine;
  #inMemory: StateNode;
  #main: StateNode;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#main = new StateNode();
    this.#main.retain();
    this.#inMemory = this.#main;
  }

  /** Where the chain is: what the store keeps, or is about to. */
  get main(): StateNode {
    return this.#main;
  }

  get isMainInMemory(): boolean {
    return this.#inMemory === this.#main;
  }

  /** All of the state has left memory: what is looked up from now on is the chain's. */
  restart(): void {
    this.#inMemory = this.#main;
  }

  /** Have the state of `node` in memory. @throws CapacityError, WorkerError; then it is that of some node on the way. */
  async enter(node: StateNode): Promise<void> {
    const forth: StateNode[] = [];
    let to = node;
    // To where both come from: always from the one that is further away from the root.
    while (to !== this.#inMemory) {
      if (to.depth >= this.#inMemory.depth) {
        forth.push(to);
        to = to.parent as StateNode;
      } else {
        await this.#engine.patch(this.#inMemory.back());
        this.#inMemory = this.#inMemory.parent as StateNode;
      }
    }
    for (const next of forth.reverse()) {
      await this.#engine.patch(next.forth());
      this.#inMemory = next;
    }
  }

  /** What makes the state at `node` of the chain's: the last value of each location. */
  difference(node: StateNode): PatchedValue[] {
    const back: StateNode[] = [];
    const forth: StateNode[] = [];
    let [from, to] = [this.#main, node];
    while (from !== to) {
      const further = to.depth >= from.depth ? forth : back;
      if (further === forth) {
        forth.push(to);
        to = to.parent as StateNode;
      } else {
        back.push(from);
        from = from.parent as StateNode;
      }
    }
    const last = new Map<string, PatchedValue>();
    const patches = [...back.map((each) => each.back()), ...forth.reverse().map((each) => each.forth())];
    for (const patch of patches) for (const value of patch) last.set(nameOf(value), value);
    return [...last.values()];
  }

  /**
   * The branch at `node`, whose state is in memory, has executed a block. Returns where it is now: the same node, unless others need that as it was. A fork can be where the chain is:
   * `isChain` says which of them it was.
   */
  advance(node: StateNode, isChain: boolean): StateNode {
    if (!node.isShared) {
      node.absorb();
      if (node.parent !== undefined) node.add(this.#engine.changes());
      return node;
    }
    const next = new StateNode(node);
    next.add(this.#engine.changes());
    next.retain();
    node.release();
    this.#inMemory = next;
    if (isChain) this.#main = next;
    return next;
  }
}
