import type { ChoiceSchema, NumericSchema } from '../parameters.js';
import { RandomStream } from '../random.js';
import { THETA, ZipfDistribution } from '../zipf.js';
import { contractAddress } from './address.js';
import { coin, coins, Payments } from './coins.js';
import { LIQUIDITY, pair, provide, swap } from './pair.js';
import { drawUsers, founder, USERS } from './users.js';
import type { Workload, WorkloadCall, WorkloadContract, WorkloadDefinition } from './workload.js';

export type Venue = 'exchange' | 'amm';

export interface AmmParameters {
  readonly users: number;
  readonly pools: number;
  readonly theta: number;
  readonly venue: Venue;
  readonly blockSize: number;
}

/** Swaps sell so much: enough that something is bought, and little beside the pools. */
const AMOUNT_MIN = 100;
const AMOUNT_MAX = 10_000;

/** Swaps of one pool, before it is known what they are calls of. */
interface Swap {
  readonly pool: number;
  readonly trader: string;
  readonly side: 0 | 1;
  readonly amount: number;
}

/** How swaps are calls, and what has to be there for them. */
interface Market {
  readonly contracts: readonly WorkloadContract[];
  open(): readonly WorkloadCall[];
  fund(swaps: readonly Swap[]): readonly WorkloadCall[];
  call(swap: Swap): WorkloadCall;
}

/**
 * Swaps in constant-product pools: which pool is drawn from Zipf's distribution with the exponent `theta`, trader and side are equally likely. Swaps of one pool depend on one another.
 *
 * With the venue `exchange` each pool is an exchange of one coin, which all pools have, for another of its own: a swap calls both coins. With `amm` each pool is a contract that keeps the
 * accounts itself. Every swap succeeds: traders are given what they sell before each block.
 */
export function amm(parameters: AmmParameters, seed: number): Workload {
  const { users, pools, theta, venue, blockSize } = parameters;
  const traders = drawUsers('amm', users, seed);
  const distribution = new ZipfDistribution(pools, theta);
  const market = venue === 'exchange' ? exchanges(pools, seed) : books(pools, seed);
  const draw = (random: RandomStream): Swap => ({
    pool: distribution.draw(random),
    trader: traders[random.below(users)] as string,
    side: random.below(2) as 0 | 1,
    amount: AMOUNT_MIN + random.below(AMOUNT_MAX - AMOUNT_MIN + 1),
  });
  const swaps = (index: number): readonly Swap[] => {
    const random = new RandomStream(seed, 'amm', 'block', index);
    return Array.from({ length: blockSize }, () => draw(random));
  };
  return {
    name: 'amm',
    params: { users, pools, theta, venue },
    blockSize,
    // A swap touches two balances and an allowance of its trader; a pool has a few of its own.
    locations: (blocks) => 16 * (pools + 1) + 3 * Math.min(blocks * blockSize, users * pools * 2),
    contracts: market.contracts,
    preparation: (index) => [...(index === 0 ? market.open() : []), ...market.fund(swaps(index))],
    block: (index) => swaps(index).map(market.call),
    plainTransfers: false,
  };
}

function exchanges(pools: number, seed: number): Market {
  const provider = founder('amm', seed);
  const common = coin('coin');
  const others = coins('coin', pools);
  const pairs = others.map((other, index) => pair(`exchange-${index}`, [common, other], provider));
  const pairOf = ({ pool }: Swap) => pairs[pool] as (typeof pairs)[number];
  return {
    contracts: [common, ...others, ...pairs.map(({ exchange }) => exchange)],
    open: () => pairs.flatMap((each) => provide(each, provider)),
    fund: (swaps) => {
      const payments = new Payments();
      for (const one of swaps) {
        const { exchange, coins } = pairOf(one);
        payments.add(coins[one.side], one.trader, exchange, one.amount);
      }
      return payments.calls();
    },
    call: (one) => swap(pairOf(one), one.trader, one.side, one.amount),
  };
}

function books(pools: number, seed: number): Market {
  const provider = founder('amm', seed);
  const names = Array.from({ length: pools }, (_, index) => `amm-${index}`);
  const nameOf = ({ pool }: Swap) => names[pool] as string;
  const fund = (contract: string, to: string, amounts: readonly [number, number]): WorkloadCall => {
    const args = { to, amount0: String(amounts[0]), amount1: String(amounts[1]) };
    return { sender: provider, contract, method: 'fund', args };
  };
  const amounts = { amount0: String(LIQUIDITY), amount1: String(LIQUIDITY) };
  return {
    contracts: names.map((name) => ({ name, address: contractAddress(name), wasm: 'amm' })),
    open: () =>
      names.flatMap((name) => [
        fund(name, provider, [LIQUIDITY, LIQUIDITY]),
        { sender: provider, contract: name, method: 'addLiquidity', args: amounts },
      ]),
    fund: (swaps) =>
      swaps.map((one) => fund(nameOf(one), one.trader, one.side === 0 ? [one.amount, 0] : [0, one.amount])),
    call: (one) => ({
      sender: one.trader,
      contract: nameOf(one),
      method: 'swap',
      args: { zeroForOne: one.side === 0, amountIn: String(one.amount), minimumOut: '1' },
    }),
  };
}

const POOLS: NumericSchema = {
  type: 'integer',
  minimum: 1,
  maximum: 1_000,
  default: 10,
  description: 'pools, each a contract',
};

const VENUE: ChoiceSchema = {
  type: 'string',
  enum: ['exchange', 'amm'] satisfies readonly Venue[],
  default: 'exchange',
  description: 'what a pool is: an exchange of two coins, which it calls, or one that keeps its own accounts',
};

export const ammDefinition: WorkloadDefinition<AmmParameters> = {
  name: 'amm',
  description: 'swaps in pools, some of which are traded more than others',
  parameters: { users: USERS, pools: POOLS, theta: THETA, venue: VENUE },
  build: amm,
};
