// The client of the contract "amm", made from its interface: to change it, make it anew.

import { type AddressInput, defineClient, type IntegerInput } from 'blockstm';

/** The types of the contract "amm". */
export type AmmTypes = {
  methods: {
    /** Creates coins for `to`. Anybody may: this contract is made for examples and workloads. */
    fund: { kind: 'call'; input: { to: AddressInput; amount0: IntegerInput; amount1: IntegerInput }; output: undefined };
    /** Pays into the pool up to these amounts, in the pool's ratio, and returns the shares received. The first to pay sets the ratio and receives the geometric mean. */
    addLiquidity: { kind: 'call'; input: { amount0: IntegerInput; amount1: IntegerInput }; output: bigint };
    /** Gives `shares` back for their part of both reserves. */
    removeLiquidity: { kind: 'call'; input: { shares: IntegerInput }; output: undefined };
    /** Sells `amountIn` of coin 0 (`zeroForOne`) or of coin 1 and returns what was bought. Reverts with "too little output" where that is less than `minimumOut`. */
    swap: { kind: 'call'; input: { zeroForOne: boolean; amountIn: IntegerInput; minimumOut: IntegerInput }; output: bigint };
    /** What `swap` would give now. */
    quote: { kind: 'view'; input: { zeroForOne: boolean; amountIn: IntegerInput }; output: bigint };
    /** What the pool holds of coin 0, or with `second` of coin 1. */
    reserveOf: { kind: 'view'; input: { second: boolean }; output: bigint };
    /** What `owner` holds of coin 0, or with `second` of coin 1. */
    balanceOf: { kind: 'view'; input: { owner: AddressInput; second: boolean }; output: bigint };
    sharesOf: { kind: 'view'; input: { owner: AddressInput }; output: bigint };
  };
  events: {};
};

/** The contract "amm": `runtime.contract(Amm, address)`. */
export const Amm = defineClient<AmmTypes>({
  schema: "blockstm.interface/1",
  name: "amm",
  methods: [
    {"name":"fund","kind":"call","inputs":[{"name":"to","type":"address"},{"name":"amount0","type":"u64"},{"name":"amount1","type":"u64"}],"output":null,"doc":"Creates coins for `to`. Anybody may: this contract is made for examples and workloads."},
    {"name":"addLiquidity","kind":"call","inputs":[{"name":"amount0","type":"u64"},{"name":"amount1","type":"u64"}],"output":"u64","doc":"Pays into the pool up to these amounts, in the pool's ratio, and returns the shares received. The first to pay sets the ratio and receives the geometric mean."},
    {"name":"removeLiquidity","kind":"call","inputs":[{"name":"shares","type":"u64"}],"output":null,"doc":"Gives `shares` back for their part of both reserves."},
    {"name":"swap","kind":"call","inputs":[{"name":"zeroForOne","type":"bool"},{"name":"amountIn","type":"u64"},{"name":"minimumOut","type":"u64"}],"output":"u64","doc":"Sells `amountIn` of coin 0 (`zeroForOne`) or of coin 1 and returns what was bought. Reverts with \"too little output\" where that is less than `minimumOut`."},
    {"name":"quote","kind":"view","inputs":[{"name":"zeroForOne","type":"bool"},{"name":"amountIn","type":"u64"}],"output":"u64","doc":"What `swap` would give now."},
    {"name":"reserveOf","kind":"view","inputs":[{"name":"second","type":"bool"}],"output":"u64","doc":"What the pool holds of coin 0, or with `second` of coin 1."},
    {"name":"balanceOf","kind":"view","inputs":[{"name":"owner","type":"address"},{"name":"second","type":"bool"}],"output":"u64","doc":"What `owner` holds of coin 0, or with `second` of coin 1."},
    {"name":"sharesOf","kind":"view","inputs":[{"name":"owner","type":"address"}],"output":"u64"},
  ],
  events: [],
  structs: [],
});
