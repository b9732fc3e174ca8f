import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runScript } from './child.js';
import { Random } from './random.js';

export interface FlipOptions {
  readonly flips: number;
  readonly seed: number;
  /** Whether the store was closed; else it is as after a crash. */
  readonly isClean: boolean;
}

/** What came of so many flips. */
export interface FlipCounts {
  /** A StoreError, when the store was opened or when what is damaged was read. */
  told: number;
  /** Everything could be read and was right. */
  right: number;
  /** Something was not found, as if it were not there: only after a crash. */
  missing: number;
  /** LMDB ended the process: only after a crash. */
  ended: number;
}

interface Outcome {
  readonly told: readonly (readonly [name: string, code: string, message: string])[];
  readonly wrong: readonly (readonly [name: string, value: string])[];
}

const PAGE_BYTES = 4096;
const PAGE_HEAD_BYTES = 176;
const CODES = ['ERR_STORE_CORRUPT', 'ERR_STORE_VERSION'];

/** Flip one random bit of the data in `directory` at a time, in a copy, and read everything: see host/store/lmdb/clean-mark.ts for what must come of it. */
export async function checkFlips(
  directory: string,
  copies: string,
  { flips, seed, isClean }: FlipOptions,
): Promise<FlipCounts> {
  const { size } = await stat(join(directory, 'data.mdb'));
  const random = new Random(seed);
  const places = Array.from({ length: flips }, (): BitPlace => [place(random, size), random.below(8)]);
  return checkPlaces(directory, copies, places, isClean);
}

/** A byte, and which of its bits. */
export type BitPlace = readonly [byte: number, bit: number];

/** The same of these places. */
export async function checkPlaces(
  directory: string,
  copies: string,
  places: readonly BitPlace[],
  isClean: boolean,
): Promise<FlipCounts> {
  await mkdir(copies);
  const flips = places.length;
  const counts: FlipCounts = { told: 0, right: 0, missing: 0, ended: 0 };
  for (let done = 0; done < flips; ) {
    const rest = places.slice(done);
    const { signal, stdout, stderr } = await runScript('damaged-store.js', { directory, copies, flips: rest, isClean });
    const outcomes = stdout.split('\n').filter((line) => line !== '');
    for (const line of outcomes) count(counts, JSON.parse(line), { isClean, line, copies });
    done += outcomes.length;
    if (done === flips) break;
    const where = `${stderr} (byte and bit ${places[done]})`;
    expect(isClean, where).toBe(false);
    expect(['SIGSEGV', 'SIGBUS', 'SIGABRT'], where).toContain(signal);
    counts.ended++;
    done++;
  }
  return counts;
}

/** A third where LMDB's own words are: the first two pages, and the heads of the others. */
function place(random: Random, size: number): number {
  const kind = random.below(6);
  if (kind === 0) return random.below(2) * PAGE_BYTES + random.below(PAGE_HEAD_BYTES);
  if (kind === 1) return random.below(size / PAGE_BYTES) * PAGE_BYTES + random.below(PAGE_HEAD_BYTES);
  return random.below(size);
}

interface Flipped {
  readonly isClean: boolean;
  readonly copies: string;
  /** What the process printed. */
  readonly line: string;
}

function count(counts: FlipCounts, { told, wrong }: Outcome, { isClean, copies, line }: Flipped): void {
  for (const [, code, message] of told) {
    expect(CODES, line).toContain(code);
    expect(message, line).toContain(copies);
  }
  if (isClean) expect(told[0]?.slice(0, 2), line).toEqual(['open', 'ERR_STORE_CORRUPT']);
  // Nothing is ever another value: the state as a whole is, where one of its values is not found.
  const others = wrong.filter(([name, value]) => name !== 'state' && value !== 'nothing');
  expect(others, line).toEqual([]);
  // And no chain is ever taken for one that has not begun: what is written next would be put over it.
  expect(
    wrong.some(([name, value]) => name === 'head' && value === 'nothing'),
    line,
  ).toBe(false);
  if (wrong.length > 0) counts.missing++;
  else if (told.length > 0) counts.told++;
  else counts.right++;
}
