import type { BlockResult, Transaction } from '../../host/index.js';
import { collectGarbage } from '../garbage.js';
import { bootstrapMedian, median } from '../statistics.js';
import type { TokenChain } from './token-chain.js';

/** What two chains took for the same blocks, by turns. */
export interface Pairs {
  /** Calls a second. */
  readonly memory: number;
  readonly stored: number;
  /** Of calls a second, stored to in memory: median of the pairs, and its 95% interval. */
  readonly ratio: { readonly median: number; readonly low: number; readonly high: number };
}

const SEED = 1;

/**
 * Have both execute the same blocks, each in turn first, and wait until the stored ones are durable. Their states are compared at the end.
 * @param blocksOf a chain in a round: the same calls for both, others in every round.
 */
export async function compare(
  memory: TokenChain,
  stored: TokenChain,
  blocksOf: (chain: TokenChain, round: number) => readonly Transaction[][],
  rounds: number,
): Promise<Pairs> {
  let calls = 0;
  const times: { memory: number[]; stored: number[] } = { memory: [], stored: [] };
  // The first is for warming up.
  for (let round = -1; round < rounds; round++) {
    const order = round % 2 === 0 ? (['memory', 'stored'] as const) : (['stored', 'memory'] as const);
    for (const which of order) {
      const chain = which === 'memory' ? memory : stored;
      const blocks = blocksOf(chain, round);
      calls = blocks.reduce((sum, { length }) => sum + length, 0);
      collectGarbage();
      const start = performance.now();
      let last: BlockResult | undefined;
      for (const transactions of blocks) last = await chain.runtime.execute({ transactions });
      if (which === 'stored') await last?.durable;
      if (round >= 0) times[which].push(performance.now() - start);
    }
  }
  if ((await memory.runtime.stateHash()) !== (await stored.runtime.stateHash())) {
    throw new Error('the stored chain has another state than the one in memory');
  }
  const ratios = times.memory.map((ms, index) => ms / (times.stored[index] as number));
  return {
    memory: (calls / median(times.memory)) * 1000,
    stored: (calls / median(times.stored)) * 1000,
    ratio: bootstrapMedian(ratios, SEED),
  };
}
