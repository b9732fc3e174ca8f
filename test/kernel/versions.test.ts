import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { kernelParts } from '../support/kernel-parts.js';
import { Random } from '../support/random.js';

interface Versions {
  format(bytes: bigint, workers: number, locations: number, transactions: number): bigint;
  attachLayout(index: number): number;
  resetArena(): void;
  resetBlockChunks(end: number): void;
  allocate(bytes: number): number;
  setEpoch(epoch: number): void;
  publish(location: number, txIndex: number, record: number, frontier: number): void;
  findBelow(location: number, txIndex: number): number;
  markEstimate(location: number, txIndex: number): void;
  withdraw(location: number, txIndex: number, record: number): void;
  nodeTx(node: number): number;
  nodeRecord(node: number): number;
  locationAt(id: number): number;
  readonly poolEnd: WebAssembly.Global;
  readonly LOCATION_TOWER: WebAssembly.Global;
}

const PAGES = 400;
let versions: Versions;
let memory: WebAssembly.Memory;
let location: number;
let epoch = 0;

beforeAll(async () => {
  const parts = await kernelParts<Versions>(['layout', 'arena', 'keys', 'versions'], PAGES);
  versions = parts.exports;
  memory = parts.memory;
  expect(versions.format(BigInt(PAGES) << 16n, 1, 64, 64)).toBeLessThan(BigInt(PAGES) << 16n);
  expect(versions.attachLayout(0)).toBeGreaterThan(0);
  location = versions.locationAt(3);
});

beforeEach(() => {
  versions.resetBlockChunks(versions.poolEnd.value);
  versions.resetArena();
  versions.setEpoch(++epoch);
});

/** The list as a plain sorted model: TxIndex to record. */
class Model {
  readonly records = new Map<number, number>();

  publish(txIndex: number): void {
    const record = versions.allocate(8);
    versions.publish(location, txIndex, record, this.frontier);
    this.records.set(txIndex, record);
  }
  /** Versions below it have committed: whether they are found says nothing. */
  frontier = 0;

  remove(txIndex: number): void {
    versions.withdraw(location, txIndex, this.records.get(txIndex) as number);
    this.records.delete(txIndex);
  }

  /** Compare searches from above every version, from each version, and from some others. */
  check(random: Random, limit: number): void {
    const order = [...this.records.keys()].sort((a, b) => a - b);
    const targets = [0, limit, ...order, ...Array.from({ length: 50 }, () => random.below(limit))];
    for (const target of targets) {
      const below = order.findLast((txIndex) => txIndex < target && txIndex >= this.frontier);
      const found = versions.findBelow(location, target);
      const node = found !== 0 && versions.nodeTx(found) >= this.frontier ? found : 0;
      expect(node === 0 ? undefined : versions.nodeTx(node)).toBe(below);
      if (below !== undefined) expect(versions.nodeRecord(node)).toBe(this.records.get(below));
    }
  }
}

test('a chain of another epoch is empty', () => {
  const model = new Model();
  model.publish(5);
  versions.setEpoch(++epoch);
  expect(versions.findBelow(location, 100)).toBe(0);
  new Model().publish(7);
  expect(versions.nodeTx(versions.findBelow(location, 100))).toBe(7);
});

test('an ESTIMATE is seen as one, rewriting it clears it, and only what was not rewritten is withdrawn', () => {
  const model = new Model();
  for (const txIndex of [1, 2, 3]) model.publish(txIndex);
  const first = model.records.get(2) as number;
  versions.markEstimate(location, 2);
  expect(versions.nodeRecord(versions.findBelow(location, 3)) & 1).toBe(1);
  model.publish(2);
  expect(versions.nodeRecord(versions.findBelow(location, 3))).toBe(model.records.get(2));
  versions.withdraw(location, 2, first);
  expect(versions.nodeTx(versions.findBelow(location, 3))).toBe(2);
  versions.markEstimate(location, 2);
  model.remove(2);
  expect(versions.nodeTx(versions.findBelow(location, 3))).toBe(1);
  model.publish(2);
  expect(versions.nodeTx(versions.findBelow(location, 3))).toBe(2);
});

describe.each([
  ['ascending', (count: number) => Array.from({ length: count }, (_, i) => i)],
  ['descending', (count: number) => Array.from({ length: count }, (_, i) => count - 1 - i)],
  ['shuffled', (count: number) => shuffled(count, new Random(3))],
] as const)('%s', (_, order) => {
  test('10,000 writers of one key are found, through a tower that skips', () => {
    const model = new Model();
    for (const txIndex of order(10_000)) model.publish(txIndex);
    model.check(new Random(4), 10_001);
    const onLevels = [1, 2, 3].map(countOnLevel);
    // About 1/4 of the nodes on each level are on the next: then a search takes some tens of steps.
    expect(onLevels[0]).toBeGreaterThan(1800);
    expect(onLevels[0]).toBeLessThan(3200);
    expect(onLevels[1]).toBeGreaterThan(400);
    expect(onLevels[2]).toBeGreaterThan(80);
  });

  test('withdrawing most of them leaves the others, and no search passes what is gone', () => {
    const model = new Model();
    for (const txIndex of order(2000)) model.publish(txIndex);
    for (const txIndex of shuffled(2000, new Random(5)).slice(0, 1900)) model.remove(txIndex);
    model.check(new Random(6), 2001);
    expect(countOnLevel(1)).toBeLessThan(60);
  });
});

test('versions that have committed are let go of, and those that have not are found', () => {
  let dropped = 0;
  for (let seed = 1; seed <= 40; seed++) {
    versions.setEpoch(++epoch);
    const random = new Random(seed);
    const model = new Model();
    for (let step = 0; step < 300; step++) {
      const txIndex = model.frontier + random.below(30);
      if (model.records.has(txIndex) && random.chance(0.5)) model.remove(txIndex);
      else model.publish(txIndex);
      if (random.chance(0.2)) model.frontier += random.below(40);
    }
    model.check(random, model.frontier + 31);
    dropped += versions.findBelow(location, model.frontier) === 0 ? 1 : 0;
  }
  expect(dropped).toBeGreaterThan(5);
});

test('random publishing, rewriting and withdrawing', () => {
  for (let seed = 1; seed <= 40; seed++) {
    versions.setEpoch(++epoch);
    const random = new Random(seed);
    const limit = 1 + random.below(120);
    const model = new Model();
    for (let step = 0; step < 300; step++) {
      const txIndex = random.below(limit);
      if (model.records.has(txIndex) && random.chance(0.5)) model.remove(txIndex);
      else model.publish(txIndex);
    }
    model.check(random, limit + 1);
  }
});

function shuffled(count: number, random: Random): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}

/** Nodes linked on a level above 0, counted in memory. */
function countOnLevel(level: number): number {
  const view = new DataView(memory.buffer);
  const tower = view.getUint32(location + versions.LOCATION_TOWER.value, true);
  let count = 0;
  for (
    let node = view.getUint32(tower + level * 4, true);
    node !== 0;
    node = view.getUint32(node + 12 + level * 4, true)
  )
    count++;
  return count;
}
