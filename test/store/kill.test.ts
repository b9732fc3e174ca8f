import { expect, test } from 'vitest';
import { killRounds } from '../support/kill-rounds.js';

// 300 times in kill.slow.test.ts.
test.each(['awaited', 'pipelined'] as const)(
  'a process that writes a chain (%s) is killed, and all that it acknowledged is there',
  async (mode) => {
    const seed = Number(process.env.SEED ?? Date.now() % 1e9);
    console.log(`SEED=${seed} ${mode}`);
    expect(await killRounds(mode, 3, seed)).toBeGreaterThan(0n);
  },
);
