// The client of the contract "pausable", made from its interface: to change it, make it anew.

import { type AddressInput, defineClient, type IntegerInput } from 'blockstm';

/** The types of the contract "pausable". */
export type PausableTypes = {
  methods: {
    mint: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput }; output: undefined };
    pause: { kind: 'call'; input: {}; output: undefined };
    resume: { kind: 'call'; input: {}; output: undefined };
    transfer: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput }; output: boolean };
    balanceOf: { kind: 'call'; input: { owner: AddressInput }; output: bigint };
    isPaused: { kind: 'call'; input: {}; output: boolean };
  };
  events: {};
};

/** The contract "pausable": `runtime.contract(Pausable, address)`. */
export const Pausable = defineClient<PausableTypes>({
  schema: "blockstm.interface/1",
  name: "pausable",
  methods: [
    {"name":"mint","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"u64"}],"output":null},
    {"name":"pause","inputs":[],"output":null},
    {"name":"resume","inputs":[],"output":null},
    {"name":"transfer","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"u64"}],"output":"bool"},
    {"name":"balanceOf","inputs":[{"name":"owner","type":"address"}],"output":"u64"},
    {"name":"isPaused","inputs":[],"output":"bool"},
  ],
});
