// The client of the contract "token", made from its interface: to change it, make it anew.

import { type AddressInput, defineClient, type IntegerInput } from 'blockstm';

/** The types of the contract "token". */
export type TokenTypes = {
  methods: {
    /** Creates `amount` tokens for `to`. Reverts where the total supply would not fit 64 bits. */
    mint: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput }; output: undefined };
    /** Moves `amount` tokens from the caller to `to`. Returns true; reverts with "insufficient balance". */
    transfer: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput }; output: boolean };
    balanceOf: { kind: 'view'; input: { owner: AddressInput }; output: bigint };
    totalSupply: { kind: 'view'; input: {}; output: bigint };
  };
  events: {
    Transfer: { from: Uint8Array; to: Uint8Array; amount: bigint };
  };
};

/** The contract "token": `runtime.contract(Token, address)`. */
export const Token = defineClient<TokenTypes>({
  schema: "blockstm.interface/1",
  name: "token",
  methods: [
    {"name":"mint","kind":"call","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"u64"}],"output":null,"doc":"Creates `amount` tokens for `to`. Reverts where the total supply would not fit 64 bits."},
    {"name":"transfer","kind":"call","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"u64"}],"output":"bool","doc":"Moves `amount` tokens from the caller to `to`. Returns true; reverts with \"insufficient balance\"."},
    {"name":"balanceOf","kind":"view","inputs":[{"name":"owner","type":"address"}],"output":"u64"},
    {"name":"totalSupply","kind":"view","inputs":[],"output":"u64"},
  ],
  events: [
    {"name":"Transfer","fields":[{"name":"from","type":"address","indexed":false},{"name":"to","type":"address","indexed":false},{"name":"amount","type":"u64","indexed":false}]},
  ],
  structs: [],
});
