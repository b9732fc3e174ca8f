// The client of the contract "volume", made from its interface: to change it, make it anew.

import { type AddressInput, defineClient, type IntegerInput } from 'blockstm';

/** The types of the contract "volume". */
export type VolumeTypes = {
  methods: {
    /** Creates `amount` tokens for `to`. Reverts with "total supply overflow". */
    mint: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput }; output: undefined };
    /** Moves `amount` tokens from the caller to `to` and sums up nothing. Returns true; reverts with "insufficient balance". */
    transfer: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput }; output: boolean };
    /** The same, and adds `amount` to a counter. Such calls do not depend on one another. Reverts with "overflow" too. */
    transferAdding: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput }; output: boolean };
    /** The same, and reads and writes a sum. Every such call depends on the one before. Reverts with "overflow" too. */
    transferWriting: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput }; output: boolean };
    balanceOf: { kind: 'view'; input: { owner: AddressInput }; output: bigint };
    /** What `transferAdding` has moved so far. */
    addedVolume: { kind: 'view'; input: {}; output: bigint };
    /** What `transferWriting` has moved so far. */
    writtenVolume: { kind: 'view'; input: {}; output: bigint };
  };
  events: {
    Transfer: { from: Uint8Array; to: Uint8Array; amount: bigint };
  };
};

/** The contract "volume": `runtime.contract(Volume, address)`. */
export const Volume = defineClient<VolumeTypes>({
  schema: "blockstm.interface/1",
  name: "volume",
  methods: [
    {"name":"mint","kind":"call","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"u64"}],"output":null,"doc":"Creates `amount` tokens for `to`. Reverts with \"total supply overflow\"."},
    {"name":"transfer","kind":"call","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"u64"}],"output":"bool","doc":"Moves `amount` tokens from the caller to `to` and sums up nothing. Returns true; reverts with \"insufficient balance\"."},
    {"name":"transferAdding","kind":"call","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"u64"}],"output":"bool","doc":"The same, and adds `amount` to a counter. Such calls do not depend on one another. Reverts with \"overflow\" too."},
    {"name":"transferWriting","kind":"call","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"u64"}],"output":"bool","doc":"The same, and reads and writes a sum. Every such call depends on the one before. Reverts with \"overflow\" too."},
    {"name":"balanceOf","kind":"view","inputs":[{"name":"owner","type":"address"}],"output":"u64"},
    {"name":"addedVolume","kind":"view","inputs":[],"output":"u64","doc":"What `transferAdding` has moved so far."},
    {"name":"writtenVolume","kind":"view","inputs":[],"output":"u64","doc":"What `transferWriting` has moved so far."},
  ],
  events: [
    {"name":"Transfer","fields":[{"name":"from","type":"address","indexed":false},{"name":"to","type":"address","indexed":false},{"name":"amount","type":"u64","indexed":false}]},
  ],
  structs: [],
});
