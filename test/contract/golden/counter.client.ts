// The client of the contract "counter", made from its interface: to change it, make it anew.

import { defineClient, type IntegerInput } from 'blockstm';

/** The types of the contract "counter". */
export type CounterTypes = {
  methods: {
    add: { kind: 'call'; input: { amount: IntegerInput }; output: bigint };
    get: { kind: 'call'; input: {}; output: bigint };
  };
  events: {};
};

/** The contract "counter": `runtime.contract(Counter, address)`. */
export const Counter = defineClient<CounterTypes>({
  schema: "blockstm.interface/1",
  name: "counter",
  methods: [
    {"name":"add","inputs":[{"name":"amount","type":"u64"}],"output":"u64"},
    {"name":"get","inputs":[],"output":"u64"},
  ],
});
