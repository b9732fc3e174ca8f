// The client of the contract "token", made from its interface: to change it, make it anew.

import { type AddressInput, defineClient, type IntegerInput } from 'blockstm';

/** The types of the contract "token". */
export type TokenTypes = {
  methods: {
    /** Creates `amount` tokens for `to`. Reverts with "total supply overflow" where the supply would not fit 64 bits. */
    mint: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput }; output: undefined };
    /** Destroys `amount` of the caller's tokens. Reverts with "insufficient balance". */
    burn: { kind: 'call'; input: { amount: IntegerInput }; output: undefined };
    /** Moves `amount` tokens from the caller to `to`. Returns true; reverts with "insufficient balance". */
    transfer: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput }; output: boolean };
    /** Lets `spender` move `amount` of the caller's tokens, whatever it could before; the largest number is without limit. A spender who is quick may use the old allowance and then the new one: set 0 first where that matters. */
    approve: { kind: 'call'; input: { spender: AddressInput; amount: IntegerInput }; output: boolean };
    /** Moves `amount` tokens of `from` to `to`, which the caller was allowed to. Returns true; reverts with "insufficient allowance" or "insufficient balance". */
    transferFrom: { kind: 'call'; input: { from: AddressInput; to: AddressInput; amount: IntegerInput }; output: boolean };
    balanceOf: { kind: 'view'; input: { owner: AddressInput }; output: bigint };
    /** What `spender` may still move of `owner`'s tokens. */
    allowance: { kind: 'view'; input: { owner: AddressInput; spender: AddressInput }; output: bigint };
    totalSupply: { kind: 'view'; input: {}; output: bigint };
    name: { kind: 'view'; input: {}; output: string };
    symbol: { kind: 'view'; input: {}; output: string };
    /** Digits behind the point where amounts are shown to people; the contract counts the smallest unit. */
    decimals: { kind: 'view'; input: {}; output: number };
  };
  events: {
    Approval: { owner: Uint8Array; spender: Uint8Array; amount: bigint };
    Transfer: { from: Uint8Array; to: Uint8Array; amount: bigint };
  };
};

/** The contract "token": `runtime.contract(Token, address)`. */
export const Token = defineClient<TokenTypes>({
  schema: "blockstm.interface/1",
  name: "token",
  methods: [
    {"name":"mint","kind":"call","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"u64"}],"output":null,"doc":"Creates `amount` tokens for `to`. Reverts with \"total supply overflow\" where the supply would not fit 64 bits."},
    {"name":"burn","kind":"call","inputs":[{"name":"amount","type":"u64"}],"output":null,"doc":"Destroys `amount` of the caller's tokens. Reverts with \"insufficient balance\"."},
    {"name":"transfer","kind":"call","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"u64"}],"output":"bool","doc":"Moves `amount` tokens from the caller to `to`. Returns true; reverts with \"insufficient balance\"."},
    {"name":"approve","kind":"call","inputs":[{"name":"spender","type":"address"},{"name":"amount","type":"u64"}],"output":"bool","doc":"Lets `spender` move `amount` of the caller's tokens, whatever it could before; the largest number is without limit. A spender who is quick may use the old allowance and then the new one: set 0 first where that matters."},
    {"name":"transferFrom","kind":"call","inputs":[{"name":"from","type":"address"},{"name":"to","type":"address"},{"name":"amount","type":"u64"}],"output":"bool","doc":"Moves `amount` tokens of `from` to `to`, which the caller was allowed to. Returns true; reverts with \"insufficient allowance\" or \"insufficient balance\"."},
    {"name":"balanceOf","kind":"view","inputs":[{"name":"owner","type":"address"}],"output":"u64"},
    {"name":"allowance","kind":"view","inputs":[{"name":"owner","type":"address"},{"name":"spender","type":"address"}],"output":"u64","doc":"What `spender` may still move of `owner`'s tokens."},
    {"name":"totalSupply","kind":"view","inputs":[],"output":"u64"},
    {"name":"name","kind":"view","inputs":[],"output":"string"},
    {"name":"symbol","kind":"view","inputs":[],"output":"string"},
    {"name":"decimals","kind":"view","inputs":[],"output":"u8","doc":"Digits behind the point where amounts are shown to people; the contract counts the smallest unit."},
  ],
  events: [
    {"name":"Approval","fields":[{"name":"owner","type":"address","indexed":true},{"name":"spender","type":"address","indexed":true},{"name":"amount","type":"u64","indexed":false}]},
    {"name":"Transfer","fields":[{"name":"from","type":"address","indexed":false},{"name":"to","type":"address","indexed":false},{"name":"amount","type":"u64","indexed":false}]},
  ],
  structs: [],
});
