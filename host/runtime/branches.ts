import type { Change, PatchedValue } from '../engine/changes.js';
import type { Engine } from '../engine/engine.js';
import { InvariantError } from './errors.js';

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

  /** Nodes between it and the root. */
  get depth(): number {
    let depth = 0;
    for (let node = this.#parent; node !== undefined; node = node.#parent) depth++;
    return depth;
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

/** From one node to another: the nodes to leave, then those to come to, each a step from the one before it. */
function way(from: StateNode, to: StateNode): { readonly leave: StateNode[]; readonly reach: StateNode[] } {
  const leave: StateNode[] = [];
  const reach: StateNode[] = [];
  let [left, right] = [from, to];
  // To where both come from: always from the one that is further away from the root.
  while (left !== right) {
    if (right.depth >= left.depth) {
      reach.unshift(right);
      right = parentOf(right);
    } else {
      leave.push(left);
      left = parentOf(left);
    }
  }
  return { leave, reach };
}

/** Of a node that another has an ancestor in common with. */
function parentOf({ parent }: StateNode): StateNode {
  if (parent === undefined) throw new InvariantError('two branches have nothing in common');
  return parent;
}

/** Values set in one block, and their bytes, about. */
const PART_VALUES = 4096;
const PART_BYTES = 1 << 20;

/** Set `values` by a block for each part of them: one block of all would need as much room again. @throws CapacityError, WorkerError, StoreError */
export async function patchInParts(
  engine: Engine,
  values: Iterable<PatchedValue> | AsyncIterable<PatchedValue>,
): Promise<void> {
  let part: PatchedValue[] = [];
  let bytes = 0;
  for await (const value of values) {
    part.push(value);
    bytes += value.key.length + (value.value?.length ?? 0);
    if (part.length < PART_VALUES && bytes < PART_BYTES) continue;
    await engine.patch(part);
    part = [];
    bytes = 0;
  }
  if (part.length > 0) await engine.patch(part);
}

/** Which state is in the engine's memory: that of one branch at a time. */
export class Branches {
  readonly #engine: Engine;
  #inMemory: StateNode;
  #main: StateNode;
  /** A way from one state to another that was not gone to its end. */
  #unfinished: { readonly values: readonly PatchedValue[]; readonly to: StateNode } | undefined;

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
    return this.#inMemory === this.#main && this.#unfinished === undefined;
  }

  /** All of the state has left memory: what is looked up from now on is the chain's. */
  restart(): void {
    this.#unfinished = undefined;
    this.#inMemory = this.#main;
  }

  /** Have the state of `node` in memory. @throws CapacityError, WorkerError; then it is that of some node on the way. */
  async enter(node: StateNode): Promise<void> {
    if (this.#unfinished !== undefined) await this.#move(this.#unfinished.values, this.#unfinished.to);
    const { leave, reach } = way(this.#inMemory, node);
    for (const left of leave) await this.#move(left.back(), parentOf(left));
    for (const next of reach) await this.#move(next.forth(), next);
  }

  /**
   * Set what differs. Where a part of it does not fit, neither state is in memory; then this is done once more before anything else, which is right since values are set and not
   * changed.
   */
  async #move(values: Iterable<PatchedValue>, to: StateNode): Promise<void> {
    const all = [...values];
    this.#unfinished = { values: all, to };
    await patchInParts(this.#engine, all);
    this.#unfinished = undefined;
    this.#inMemory = to;
  }

  /** What makes the state at `node` of the chain's: the last value of each location. */
  difference(node: StateNode): PatchedValue[] {
    const { leave, reach } = way(this.#main, node);
    const last = new Map<string, PatchedValue>();
    const patches = [...leave.map((left) => left.back()), ...reach.map((next) => next.forth())];
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
