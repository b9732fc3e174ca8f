// The client of the contract "ledger", made from its interface: to change it, make it anew.

import { type AddressInput, defineClient, type IntegerInput } from 'blockstm';

/** The types of the contract "ledger". */
export type LedgerTypes = {
  methods: {
    mint: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput }; output: undefined };
    transfer: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput }; output: boolean };
    transferSealed: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput }; output: boolean };
    balanceOf: { kind: 'call'; input: { owner: AddressInput }; output: bigint };
    digestOf: { kind: 'call'; input: { owner: AddressInput }; output: bigint };
    seal: { kind: 'call'; input: {}; output: bigint };
  };
  events: {};
};

/** The contract "ledger": `runtime.contract(Ledger, address)`. */
export const Ledger = defineClient<LedgerTypes>({
  schema: "blockstm.interface/1",
  name: "ledger",
  methods: [
    {"name":"mint","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"u64"}],"output":null},
    {"name":"transfer","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"u64"}],"output":"bool"},
    {"name":"transferSealed","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"u64"}],"output":"bool"},
    {"name":"balanceOf","inputs":[{"name":"owner","type":"address"}],"output":"u64"},
    {"name":"digestOf","inputs":[{"name":"owner","type":"address"}],"output":"u64"},
    {"name":"seal","inputs":[],"output":"u64"},
  ],
});
