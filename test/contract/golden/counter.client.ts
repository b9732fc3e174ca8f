// The client of the contract "counter", made from its interface: to change it, make it anew.

import { defineClient, type IntegerInput } from 'blockstm';

/** The types of the contract "counter". */
export type CounterTypes = {
  methods: {
    /** Adds and returns the new count. Wraps around at 2^64. */
    add: { kind: 'call'; input: { amount: IntegerInput }; output: bigint };
    get: { kind: 'view'; input: {}; output: bigint };
  };
  events: {};
};

/** The contract "counter": `runtime.contract(Counter, address)`. */
export const Counter = defineClient<CounterTypes>({
  schema: "blockstm.interface/1",
  name: "counter",
  methods: [
    {"name":"add","kind":"call","inputs":[{"name":"amount","type":"u64"}],"output":"u64","doc":"Adds and returns the new count. Wraps around at 2^64."},
    {"name":"get","kind":"view","inputs":[],"output":"u64"},
  ],
  events: [],
  structs: [],
});
