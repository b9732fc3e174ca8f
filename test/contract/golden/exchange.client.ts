// The client of the contract "exchange", made from its interface: to change it, make it anew.

import { type AddressInput, defineClient, type IntegerInput } from 'blockstm';

export interface Amounts {
  readonly amount0: bigint;
  readonly amount1: bigint;
}

/** What Amounts is taken from. */
export interface AmountsInput {
  readonly amount0: IntegerInput;
  readonly amount1: IntegerInput;
}

export interface Pool {
  readonly reserve0: bigint;
  readonly reserve1: bigint;
  readonly shares: bigint;
}

/** What Pool is taken from. */
export interface PoolInput {
  readonly reserve0: IntegerInput;
  readonly reserve1: IntegerInput;
  readonly shares: IntegerInput;
}

/** The types of the contract "exchange". */
export type ExchangeTypes = {
  methods: {
    open: { kind: 'init'; input: { token0: AddressInput; token1: AddressInput }; output: undefined };
    /** Pays in up to these amounts, in the pool's ratio, which the first provider sets. Returns the shares received. The exchange has to be allowed both amounts. Reverts with "too little liquidity" where that is none, or fewer than `least`. */
    addLiquidity: { kind: 'call'; input: { amount0: IntegerInput; amount1: IntegerInput; least: IntegerInput }; output: bigint };
    /** Gives up shares and pays out what they are worth. Reverts with "insufficient shares", or "too little received" where that is less than asked for. */
    removeLiquidity: { kind: 'call'; input: { shares: IntegerInput; least0: IntegerInput; least1: IntegerInput }; output: Amounts };
    /** Swaps `amountIn` of `token` for the other one. Returns what the caller receives. The exchange has to be allowed the amount. Reverts with "too late" after the time `deadline`, "too little received" below `least`, "not traded here", "no liquidity". */
    swap: { kind: 'call'; input: { token: AddressInput; amountIn: IntegerInput; least: IntegerInput; deadline: IntegerInput }; output: bigint };
    /** What a swap of `amountIn` of `token` would give now. */
    quote: { kind: 'view'; input: { token: AddressInput; amountIn: IntegerInput }; output: bigint };
    reserves: { kind: 'view'; input: {}; output: Pool };
    sharesOf: { kind: 'view'; input: { owner: AddressInput }; output: bigint };
  };
  events: {
    LiquidityAdded: { provider: Uint8Array; amount0: bigint; amount1: bigint; shares: bigint };
    LiquidityRemoved: { provider: Uint8Array; amount0: bigint; amount1: bigint; shares: bigint };
    Swapped: { trader: Uint8Array; paid: Uint8Array; amountIn: bigint; amountOut: bigint };
  };
};

/** The contract "exchange": `runtime.contract(Exchange, address)`. */
export const Exchange = defineClient<ExchangeTypes>({
  schema: "blockstm.interface/1",
  name: "exchange",
  methods: [
    {"name":"open","kind":"init","inputs":[{"name":"token0","type":"address"},{"name":"token1","type":"address"}],"output":null},
    {"name":"addLiquidity","kind":"call","inputs":[{"name":"amount0","type":"u64"},{"name":"amount1","type":"u64"},{"name":"least","type":"u64"}],"output":"u64","doc":"Pays in up to these amounts, in the pool's ratio, which the first provider sets. Returns the shares received. The exchange has to be allowed both amounts. Reverts with \"too little liquidity\" where that is none, or fewer than `least`."},
    {"name":"removeLiquidity","kind":"call","inputs":[{"name":"shares","type":"u64"},{"name":"least0","type":"u64"},{"name":"least1","type":"u64"}],"output":"Amounts","doc":"Gives up shares and pays out what they are worth. Reverts with \"insufficient shares\", or \"too little received\" where that is less than asked for."},
    {"name":"swap","kind":"call","inputs":[{"name":"token","type":"address"},{"name":"amountIn","type":"u64"},{"name":"least","type":"u64"},{"name":"deadline","type":"u64"}],"output":"u64","doc":"Swaps `amountIn` of `token` for the other one. Returns what the caller receives. The exchange has to be allowed the amount. Reverts with \"too late\" after the time `deadline`, \"too little received\" below `least`, \"not traded here\", \"no liquidity\"."},
    {"name":"quote","kind":"view","inputs":[{"name":"token","type":"address"},{"name":"amountIn","type":"u64"}],"output":"u64","doc":"What a swap of `amountIn` of `token` would give now."},
    {"name":"reserves","kind":"view","inputs":[],"output":"Pool"},
    {"name":"sharesOf","kind":"view","inputs":[{"name":"owner","type":"address"}],"output":"u64"},
  ],
  events: [
    {"name":"LiquidityAdded","fields":[{"name":"provider","type":"address","indexed":true},{"name":"amount0","type":"u64","indexed":false},{"name":"amount1","type":"u64","indexed":false},{"name":"shares","type":"u64","indexed":false}]},
    {"name":"LiquidityRemoved","fields":[{"name":"provider","type":"address","indexed":true},{"name":"amount0","type":"u64","indexed":false},{"name":"amount1","type":"u64","indexed":false},{"name":"shares","type":"u64","indexed":false}]},
    {"name":"Swapped","fields":[{"name":"trader","type":"address","indexed":true},{"name":"paid","type":"address","indexed":false},{"name":"amountIn","type":"u64","indexed":false},{"name":"amountOut","type":"u64","indexed":false}]},
  ],
  structs: [
    {"name":"Amounts","fields":[{"name":"amount0","type":"u64"},{"name":"amount1","type":"u64"}]},
    {"name":"Pool","fields":[{"name":"reserve0","type":"u64"},{"name":"reserve1","type":"u64"},{"name":"shares","type":"u64"}]},
  ],
});
