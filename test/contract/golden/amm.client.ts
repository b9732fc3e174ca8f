// The client of the contract "amm", made from its interface: to change it, make it anew.

import { type AddressInput, defineClient, type IntegerInput } from 'blockstm';

/** The types of the contract "amm". */
export type AmmTypes = {
  methods: {
    fund: { kind: 'call'; input: { to: AddressInput; amount0: IntegerInput; amount1: IntegerInput }; output: undefined };
    addLiquidity: { kind: 'call'; input: { amount0: IntegerInput; amount1: IntegerInput }; output: bigint };
    removeLiquidity: { kind: 'call'; input: { shares: IntegerInput }; output: undefined };
    swap: { kind: 'call'; input: { zeroForOne: boolean; amountIn: IntegerInput; minimumOut: IntegerInput }; output: bigint };
    quote: { kind: 'call'; input: { zeroForOne: boolean; amountIn: IntegerInput }; output: bigint };
    reserveOf: { kind: 'call'; input: { second: boolean }; output: bigint };
    balanceOf: { kind: 'call'; input: { owner: AddressInput; second: boolean }; output: bigint };
    sharesOf: { kind: 'call'; input: { owner: AddressInput }; output: bigint };
  };
  events: {};
};

/** The contract "amm": `runtime.contract(Amm, address)`. */
export const Amm = defineClient<AmmTypes>({
  schema: "blockstm.interface/1",
  name: "amm",
  methods: [
    {"name":"fund","inputs":[{"name":"to","type":"address"},{"name":"amount0","type":"u64"},{"name":"amount1","type":"u64"}],"output":null},
    {"name":"addLiquidity","inputs":[{"name":"amount0","type":"u64"},{"name":"amount1","type":"u64"}],"output":"u64"},
    {"name":"removeLiquidity","inputs":[{"name":"shares","type":"u64"}],"output":null},
    {"name":"swap","inputs":[{"name":"zeroForOne","type":"bool"},{"name":"amountIn","type":"u64"},{"name":"minimumOut","type":"u64"}],"output":"u64"},
    {"name":"quote","inputs":[{"name":"zeroForOne","type":"bool"},{"name":"amountIn","type":"u64"}],"output":"u64"},
    {"name":"reserveOf","inputs":[{"name":"second","type":"bool"}],"output":"u64"},
    {"name":"balanceOf","inputs":[{"name":"owner","type":"address"},{"name":"second","type":"bool"}],"output":"u64"},
    {"name":"sharesOf","inputs":[{"name":"owner","type":"address"}],"output":"u64"},
  ],
});
