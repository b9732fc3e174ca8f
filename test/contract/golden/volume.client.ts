// The client of the contract "volume", made from its interface: to change it, make it anew.

import { type AddressInput, defineClient, type IntegerInput } from 'blockstm';

/** The types of the contract "volume". */
export type VolumeTypes = {
  methods: {
    mint: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput }; output: undefined };
    transfer: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput }; output: boolean };
    transferAdding: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput }; output: boolean };
    transferWriting: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput }; output: boolean };
    balanceOf: { kind: 'call'; input: { owner: AddressInput }; output: bigint };
    addedVolume: { kind: 'call'; input: {}; output: bigint };
    writtenVolume: { kind: 'call'; input: {}; output: bigint };
  };
  events: {};
};

/** The contract "volume": `runtime.contract(Volume, address)`. */
export const Volume = defineClient<VolumeTypes>({
  schema: "blockstm.interface/1",
  name: "volume",
  methods: [
    {"name":"mint","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"u64"}],"output":null},
    {"name":"transfer","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"u64"}],"output":"bool"},
    {"name":"transferAdding","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"u64"}],"output":"bool"},
    {"name":"transferWriting","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"u64"}],"output":"bool"},
    {"name":"balanceOf","inputs":[{"name":"owner","type":"address"}],"output":"u64"},
    {"name":"addedVolume","inputs":[],"output":"u64"},
    {"name":"writtenVolume","inputs":[],"output":"u64"},
  ],
});
