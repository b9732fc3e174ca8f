// The client of the contract "token", made from its interface: to change it, make it anew.

import { type AddressInput, defineClient, type IntegerInput } from 'blockstm';

/** The types of the contract "token". */
export type TokenTypes = {
  methods: {
    mint: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput }; output: undefined };
    transfer: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput }; output: boolean };
    balanceOf: { kind: 'call'; input: { owner: AddressInput }; output: bigint };
    totalSupply: { kind: 'call'; input: {}; output: bigint };
  };
  events: {};
};

/** The contract "token": `runtime.contract(Token, address)`. */
export const Token = defineClient<TokenTypes>({
  schema: "blockstm.interface/1",
  name: "token",
  methods: [
    {"name":"mint","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"u64"}],"output":null},
    {"name":"transfer","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"u64"}],"output":"bool"},
    {"name":"balanceOf","inputs":[{"name":"owner","type":"address"}],"output":"u64"},
    {"name":"totalSupply","inputs":[],"output":"u64"},
  ],
});
