import { expect } from 'vitest';
import { withDirectory } from './directories.js';
import { killedWriter, type WriterMode } from './killed-writer.js';
import { Random } from './random.js';
import { ShadowChain } from './shadow-chain.js';

/** A writer is killed at the latest when it has said so much: it has executed some dozens of blocks by then, and closed and opened. */
const MOST_LINES = 50;
/** So long after its last line: of a block's way, or of starting. */
const LATEST_MS = 25;
const LATEST_START_MS = 300;
/** Crashes that accumulate on one directory. */
const ROUNDS_ON_ONE = 10;

/** Kill a process that writes a chain `rounds` times, at random moments, and look each time at what is there. Returns how many blocks there were in all. */
export async function killRounds(mode: WriterMode, rounds: number, seed: number): Promise<bigint> {
  const random = new Random(seed);
  let blocks = 0n;
  for (let left = rounds; left > 0; left -= ROUNDS_ON_ONE) {
    blocks += await killOnOneDirectory(mode, Math.min(left, ROUNDS_ON_ONE), random);
  }
  return blocks;
}

async function killOnOneDirectory(mode: WriterMode, rounds: number, random: Random): Promise<bigint> {
  return withDirectory(async (directory) => {
    await using shadow = await ShadowChain.create();
    let before = 0n;
    for (let round = 1; round <= rounds; round++) {
      const lines = random.chance(0.1) ? 0 : 1 + random.below(MOST_LINES);
      const afterMs = random.below(lines === 0 ? LATEST_START_MS : LATEST_MS);
      const words = await killedWriter(directory, mode, random.next(), lines, afterMs);
      const head = await shadow.check(directory, round === rounds);
      const durable = words.durable > before ? words.durable : before;
      const executed = words.executed > durable ? words.executed : durable;
      expect(head).toBeGreaterThanOrEqual(durable);
      // The next one may have been durable when it was killed before it could say that it had executed it.
      expect(head).toBeLessThanOrEqual((mode === 'awaited' ? durable : executed) + 1n);
      before = head;
    }
    return before;
  });
}
