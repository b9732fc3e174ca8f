// The client of the contract "registry", made from its interface: to change it, make it anew.

import { type AddressInput, defineClient, type IntegerInput } from 'blockstm';

/** The types of the contract "registry". */
export type RegistryTypes = {
  methods: {
    /** Counts the call and folds `value` into the entry's digest, which it returns. */
    touch: { kind: 'call'; input: { callee: AddressInput; selector: IntegerInput; value: IntegerInput }; output: bigint };
    countOf: { kind: 'view'; input: { callee: AddressInput; selector: IntegerInput }; output: bigint };
    digestOf: { kind: 'view'; input: { callee: AddressInput; selector: IntegerInput }; output: bigint };
  };
  events: {};
};

/** The contract "registry": `runtime.contract(Registry, address)`. */
export const Registry = defineClient<RegistryTypes>({
  schema: "blockstm.interface/1",
  name: "registry",
  methods: [
    {"name":"touch","kind":"call","inputs":[{"name":"callee","type":"address"},{"name":"selector","type":"u32"},{"name":"value","type":"u64"}],"output":"u64","doc":"Counts the call and folds `value` into the entry's digest, which it returns."},
    {"name":"countOf","kind":"view","inputs":[{"name":"callee","type":"address"},{"name":"selector","type":"u32"}],"output":"u64"},
    {"name":"digestOf","kind":"view","inputs":[{"name":"callee","type":"address"},{"name":"selector","type":"u32"}],"output":"u64"},
  ],
  events: [],
  structs: [],
});
