// The client of the contract "ledger", made from its interface: to change it, make it anew.

import { type AddressInput, defineClient, type IntegerInput } from 'blockstm';

/** The types of the contract "ledger". */
export type LedgerTypes = {
  methods: {
    /** Creates `amount` for `to`; the entry names the caller. Reverts with "balance overflow". */
    mint: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput }; output: undefined };
    /** Moves `amount` from the caller to `to`. Without funds it returns false, and the caller's digest records the attempt. */
    transfer: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput }; output: boolean };
    /** A transfer that also folds into the one digest of the contract: the last word of the caller's address, that of `to`, the amount, and 1 or 0 for whether it went through. Every such call depends on the one before. */
    transferSealed: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput }; output: boolean };
    balanceOf: { kind: 'view'; input: { owner: AddressInput }; output: bigint };
    digestOf: { kind: 'view'; input: { owner: AddressInput }; output: bigint };
    /** The contract's digest: that of every `transferSealed` so far. */
    seal: { kind: 'view'; input: {}; output: bigint };
  };
  events: {};
};

/** The contract "ledger": `runtime.contract(Ledger, address)`. */
export const Ledger = defineClient<LedgerTypes>({
  schema: "blockstm.interface/1",
  name: "ledger",
  methods: [
    {"name":"mint","kind":"call","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"u64"}],"output":null,"doc":"Creates `amount` for `to`; the entry names the caller. Reverts with \"balance overflow\"."},
    {"name":"transfer","kind":"call","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"u64"}],"output":"bool","doc":"Moves `amount` from the caller to `to`. Without funds it returns false, and the caller's digest records the attempt."},
    {"name":"transferSealed","kind":"call","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"u64"}],"output":"bool","doc":"A transfer that also folds into the one digest of the contract: the last word of the caller's address, that of `to`, the amount, and 1 or 0 for whether it went through. Every such call depends on the one before."},
    {"name":"balanceOf","kind":"view","inputs":[{"name":"owner","type":"address"}],"output":"u64"},
    {"name":"digestOf","kind":"view","inputs":[{"name":"owner","type":"address"}],"output":"u64"},
    {"name":"seal","kind":"view","inputs":[],"output":"u64","doc":"The contract's digest: that of every `transferSealed` so far."},
  ],
  events: [],
  structs: [],
});
