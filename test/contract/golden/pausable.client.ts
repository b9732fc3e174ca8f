// The client of the contract "pausable", made from its interface: to change it, make it anew.

import { type AddressInput, defineClient, type IntegerInput } from 'blockstm';

/** The types of the contract "pausable". */
export type PausableTypes = {
  methods: {
    /** Creates `amount` tokens for `to`, paused or not. Reverts with "total supply overflow". */
    mint: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput }; output: undefined };
    /** Makes every transfer revert. Anybody may: it is made for workloads. */
    pause: { kind: 'call'; input: {}; output: undefined };
    resume: { kind: 'call'; input: {}; output: undefined };
    /** Moves `amount` tokens from the caller to `to`. Returns true; reverts with "paused" or "insufficient balance". */
    transfer: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput }; output: boolean };
    balanceOf: { kind: 'view'; input: { owner: AddressInput }; output: bigint };
    isPaused: { kind: 'view'; input: {}; output: boolean };
  };
  events: {
    Transfer: { from: Uint8Array; to: Uint8Array; amount: bigint };
  };
};

/** The contract "pausable": `runtime.contract(Pausable, address)`. */
export const Pausable = defineClient<PausableTypes>({
  schema: "blockstm.interface/1",
  name: "pausable",
  methods: [
    {"name":"mint","kind":"call","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"u64"}],"output":null,"doc":"Creates `amount` tokens for `to`, paused or not. Reverts with \"total supply overflow\"."},
    {"name":"pause","kind":"call","inputs":[],"output":null,"doc":"Makes every transfer revert. Anybody may: it is made for workloads."},
    {"name":"resume","kind":"call","inputs":[],"output":null},
    {"name":"transfer","kind":"call","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"u64"}],"output":"bool","doc":"Moves `amount` tokens from the caller to `to`. Returns true; reverts with \"paused\" or \"insufficient balance\"."},
    {"name":"balanceOf","kind":"view","inputs":[{"name":"owner","type":"address"}],"output":"u64"},
    {"name":"isPaused","kind":"view","inputs":[],"output":"bool"},
  ],
  events: [
    {"name":"Transfer","fields":[{"name":"from","type":"address","indexed":false},{"name":"to","type":"address","indexed":false},{"name":"amount","type":"u64","indexed":false}]},
  ],
  structs: [],
});
