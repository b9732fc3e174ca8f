// The client of the contract "compute", made from its interface: to change it, make it anew.

import { type AddressInput, defineClient, type IntegerInput } from 'blockstm';

/** The types of the contract "compute". */
export type ComputeTypes = {
  methods: {
    mint: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput }; output: undefined };
    transfer: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput; rounds: IntegerInput }; output: boolean };
    balanceOf: { kind: 'call'; input: { owner: AddressInput }; output: bigint };
    digestOf: { kind: 'call'; input: { owner: AddressInput }; output: bigint };
  };
  events: {};
};

/** The contract "compute": `runtime.contract(Compute, address)`. */
export const Compute = defineClient<ComputeTypes>({
  schema: "blockstm.interface/1",
  name: "compute",
  methods: [
    {"name":"mint","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"u64"}],"output":null},
    {"name":"transfer","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"u64"},{"name":"rounds","type":"u32"}],"output":"bool"},
    {"name":"balanceOf","inputs":[{"name":"owner","type":"address"}],"output":"u64"},
    {"name":"digestOf","inputs":[{"name":"owner","type":"address"}],"output":"u64"},
  ],
});
