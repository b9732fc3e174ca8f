// The client of the contract "ycsb", made from its interface: to change it, make it anew.

import { type BytesInput, defineClient, type IntegerInput } from 'blockstm';

/** The types of the contract "ycsb". */
export type YcsbTypes = {
  methods: {
    /** Gives `count` records from number `from` on the same value. */
    fill: { kind: 'call'; input: { from: IntegerInput; count: IntegerInput; value: BytesInput }; output: undefined };
    /** Goes through `keys` in order: reads the record, or where the bit of `updates` is set (the lowest is the first key's) overwrites it with `value`, unread. Returns a digest of what was read: of each value its length and first 8 bytes. A record that is not there reads as no bytes. Reverts with "too many operations". */
    operate: { kind: 'call'; input: { keys: readonly IntegerInput[]; updates: IntegerInput; value: BytesInput }; output: bigint };
    valueOf: { kind: 'view'; input: { key: IntegerInput }; output: Uint8Array };
  };
  events: {};
};

/** The contract "ycsb": `runtime.contract(Ycsb, address)`. */
export const Ycsb = defineClient<YcsbTypes>({
  schema: "blockstm.interface/1",
  name: "ycsb",
  methods: [
    {"name":"fill","kind":"call","inputs":[{"name":"from","type":"u64"},{"name":"count","type":"u32"},{"name":"value","type":"bytes"}],"output":null,"doc":"Gives `count` records from number `from` on the same value."},
    {"name":"operate","kind":"call","inputs":[{"name":"keys","type":"u64[]"},{"name":"updates","type":"u64"},{"name":"value","type":"bytes"}],"output":"u64","doc":"Goes through `keys` in order: reads the record, or where the bit of `updates` is set (the lowest is the first key's) overwrites it with `value`, unread. Returns a digest of what was read: of each value its length and first 8 bytes. A record that is not there reads as no bytes. Reverts with \"too many operations\"."},
    {"name":"valueOf","kind":"view","inputs":[{"name":"key","type":"u64"}],"output":"bytes"},
  ],
  events: [],
  structs: [],
});
