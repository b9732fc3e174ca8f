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
  publish(location: number, txIndex: number, record: number): number;
  findBelow(location: number, txIndex: number): number;
  markEstimate(location: number, txIndex: number): void;
  removeEstimate(location: number, txIndex: number): void;
  lastRecord(location: number): number;
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
    const opened = versions.publish(location, txIndex, record);
    expect(opened !== 0).toBe(this.records.size === 0 && !this.#opened);
    this.#opened = true;
    this.records.set(txIndex, record);
  }
  #opened = false;

  remove(txIndex: number): void {
    versions.markEstimate(location, txIndex);
    versions.removeEstimate(location, txIndex);
    this.records.delete(txIndex);
  }

  /** Compare searches from above every version, from each version, and from some others. */
  check(random: Random, limit: number): void {
    const order = [...this.records.keys()].sort((a, b) => a - b);
    const targets = [0, limit, ...order, ...Array.from({ length: 50 }, () => random.below(limit))];
    for (const target of targets) {
      const below = order.findLast((txIndex) => txIndex < target);
      const node = versions.findBelow(location, target);
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
  expect(versions.lastRecord(location)).toBe(0);
  new Model().publish(7);
  expect(versions.nodeTx(versions.findBelow(location, 100))).toBe(7);
});

test('an ESTIMATE is seen as one, rewriting it clears it, and only an ESTIMATE is withdrawn', () => {
  const model = new Model();
  for (const txIndex of [1, 2, 3]) model.publish(txIndex);
  versions.markEstimate(location, 2);
  expect(versions.nodeRecord(versions.findBelow(location, 3)) & 1).toBe(1);
  model.publish(2);
  expect(versions.nodeRecord(versions.findBelow(location, 3))).toBe(model.records.get(2));
  versions.removeEstimate(location, 2);
  expect(versions.nodeTx(versions.findBelow(location, 3))).toBe(2);
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
