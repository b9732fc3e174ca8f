import { expect, test } from 'vitest';
import { killRounds } from '../support/kill-rounds.js';

test.each(['awaited', 'pipelined'] as const)(
  '150 times: a process that writes a chain (%s) is killed',
  async (mode) => {
    const seed = Number(process.env.SEED ?? Date.now() % 1e9);
    console.log(`SEED=${seed} ${mode}`);
    const blocks = await killRounds(mode, 150, seed);
    console.log(`${blocks} blocks survived`);
    expect(blocks).toBeGreaterThan(100n);
  },
);
