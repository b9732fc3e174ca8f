import { beforeAll, beforeEach, expect, test } from 'vitest';
import { kernelParts } from '../support/kernel-parts.js';
import { Random } from '../support/random.js';

interface Deltas {
  format(bytes: bigint, workers: number, locations: number, transactions: number): bigint;
  attachLayout(index: number): number;
  resetArena(): void;
  resetBlockChunks(end: number): void;
  allocate(bytes: number): number;
  newDelta(base: bigint): number;
  tryAdd(delta: number, amount: bigint, most: bigint): number;
  trySubtract(delta: number, amount: bigint, least: bigint): number;
  deltaHolds(delta: number, record: number): number;
  sumOn(delta: number, record: number): bigint;
  readonly poolEnd: WebAssembly.Global;
}

const PAGES = 64;
const MOST = (1n << 64n) - 1n;
let deltas: Deltas;
let memory: WebAssembly.Memory;

beforeAll(async () => {
  const parts = await kernelParts<Deltas>(['layout', 'arena', 'delta'], PAGES);
  deltas = parts.exports;
  memory = parts.memory;
  deltas.format(BigInt(PAGES) << 16n, 1, 64, 64);
  deltas.attachLayout(0);
});

beforeEach(() => {
  deltas.resetBlockChunks(deltas.poolEnd.value);
  deltas.resetArena();
});

function recordOf(value: bigint): number {
  const record = deltas.allocate(16);
  const view = new DataView(memory.buffer);
  view.setUint32(record, 8, true);
  view.setBigUint64(record + 8, value, true);
  return record;
}

interface Count {
  readonly isDown: boolean;
  readonly amount: bigint;
  readonly bound: bigint;
}

/** Each count's verdict, one after the other from `base` on, and what is left in the end. */
function sequentially(base: bigint, counts: readonly Count[]): { verdicts: boolean[]; sum: bigint } {
  let sum = base;
  const verdicts = counts.map(({ isDown, amount, bound }) => {
    const result = isDown ? sum - amount : sum + amount;
    const isAllowed = isDown ? result >= bound : result <= bound;
    if (isAllowed) sum = result;
    return isAllowed;
  });
  return { verdicts, sum };
}

/** Numbers where something turns: small ones, and those next to 2^63 and 2^64. */
function edge(random: Random): bigint {
  const near = BigInt(random.below(12));
  const kind = random.below(5);
  if (kind < 3) return near;
  return kind === 3 ? MOST - near : (1n << 63n) - 6n + near;
}

test('a delta holds exactly for the bases on which the call goes as it went, and then gives what it gives there', () => {
  let held = 0;
  let refused = 0;
  for (let seed = 1; seed <= 4000; seed++) {
    deltas.resetBlockChunks(deltas.poolEnd.value);
    deltas.resetArena();
    const random = new Random(seed);
    const guess = edge(random);
    const counts = Array.from({ length: 1 + random.below(5) }, (): Count => {
      return { isDown: random.chance(0.5), amount: edge(random), bound: edge(random) };
    });
    const delta = deltas.newDelta(guess);
    const verdicts = counts.map(({ isDown, amount, bound }) => {
      return (isDown ? deltas.trySubtract(delta, amount, bound) : deltas.tryAdd(delta, amount, bound)) !== 0;
    });
    expect(verdicts, `seed ${seed}`).toEqual(sequentially(guess, counts).verdicts);
    for (const base of [guess, ...Array.from({ length: 40 }, () => edge(random))]) {
      const expected = sequentially(base, counts);
      const isSame = expected.verdicts.every((verdict, index) => verdict === verdicts[index]);
      const record = recordOf(base);
      expect(deltas.deltaHolds(delta, record) !== 0, `seed ${seed}, base ${base}`).toBe(isSame);
      if (isSame) expect(BigInt.asUintN(64, deltas.sumOn(delta, record)), `seed ${seed}`).toBe(expected.sum);
      held += Number(isSame);
      refused += Number(!isSame);
    }
  }
  expect(Math.min(held, refused)).toBeGreaterThan(10_000);
});
