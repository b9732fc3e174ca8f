// The client of the contract "compute", made from its interface: to change it, make it anew.

import { type AddressInput, defineClient, type IntegerInput } from 'blockstm';

/** The types of the contract "compute". */
export type ComputeTypes = {
  methods: {
    /** Creates `amount` for `to`; the entry names the caller. Reverts with "balance overflow". */
    mint: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput }; output: undefined };
    /** Moves `amount` from the caller to `to` as `ledger` does, false without funds, after `rounds` rounds of work. The work starts from what the caller's account holds and its result is folded into the account's digest, so that neither can be left out. */
    transfer: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput; rounds: IntegerInput }; output: boolean };
    balanceOf: { kind: 'view'; input: { owner: AddressInput }; output: bigint };
    digestOf: { kind: 'view'; input: { owner: AddressInput }; output: bigint };
  };
  events: {};
};

/** The contract "compute": `runtime.contract(Compute, address)`. */
export const Compute = defineClient<ComputeTypes>({
  schema: "blockstm.interface/1",
  name: "compute",
  methods: [
    {"name":"mint","kind":"call","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"u64"}],"output":null,"doc":"Creates `amount` for `to`; the entry names the caller. Reverts with \"balance overflow\"."},
    {"name":"transfer","kind":"call","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"u64"},{"name":"rounds","type":"u32"}],"output":"bool","doc":"Moves `amount` from the caller to `to` as `ledger` does, false without funds, after `rounds` rounds of work. The work starts from what the caller's account holds and its result is folded into the account's digest, so that neither can be left out."},
    {"name":"balanceOf","kind":"view","inputs":[{"name":"owner","type":"address"}],"output":"u64"},
    {"name":"digestOf","kind":"view","inputs":[{"name":"owner","type":"address"}],"output":"u64"},
  ],
  events: [],
  structs: [],
});
