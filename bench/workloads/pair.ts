import { contractAddress } from './address.js';
import { approve, mint, UNLIMITED } from './coins.js';
import type { WorkloadCall, WorkloadContract } from './workload.js';

/** What an exchange is given of either coin: so much that a million swaps of a few thousand hardly move the price. */
export const LIQUIDITY = 1_000_000_000_000;

/** An `exchange` of two coins. */
export interface Pair {
  readonly exchange: WorkloadContract;
  readonly coins: readonly [WorkloadContract, WorkloadContract];
}

/** @param creator who opens the exchange. */
export function pair(name: string, coins: Pair['coins'], creator: string): Pair {
  const args = { token0: coins[0].address, token1: coins[1].address };
  return {
    exchange: { name, address: contractAddress(name), wasm: 'exchange', init: { sender: creator, args } },
    coins,
  };
}

/** The calls after which the pair can be traded, at a price of 1. */
export function provide({ exchange, coins }: Pair, provider: string): readonly WorkloadCall[] {
  const args = { amount0: String(LIQUIDITY), amount1: String(LIQUIDITY), least: '1' };
  return [
    ...coins.flatMap((coin) => [mint(coin, provider, LIQUIDITY), approve(coin, provider, exchange)]),
    { sender: provider, contract: exchange.name, method: 'addLiquidity', args },
  ];
}

/** Sells `amount` of the pair's coin number `side` at any price. */
export function swap({ exchange, coins }: Pair, trader: string, side: 0 | 1, amount: number): WorkloadCall {
  const args = { token: coins[side].address, amountIn: String(amount), least: '1', deadline: UNLIMITED };
  return { sender: trader, contract: exchange.name, method: 'swap', args };
}
