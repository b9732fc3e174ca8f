// The client of the contract "started", made from its interface: to change it, make it anew.

import { defineClient, type IntegerInput } from 'blockstm';

/** The types of the contract "started". */
export type StartedTypes = {
  methods: {
    start: { kind: 'init'; input: { amount: IntegerInput }; output: undefined };
    begin: { kind: 'call'; input: {}; output: undefined };
    value: { kind: 'view'; input: {}; output: bigint };
    set: { kind: 'call'; input: { amount: IntegerInput }; output: undefined };
  };
  events: {
    Start: { amount: bigint };
  };
};

/** The contract "started": `runtime.contract(Started, address)`. */
export const Started = defineClient<StartedTypes>({
  schema: "blockstm.interface/1",
  name: "started",
  methods: [
    {"name":"start","kind":"init","inputs":[{"name":"amount","type":"u64"}],"output":null},
    {"name":"begin","inputs":[],"output":null},
    {"name":"value","kind":"view","inputs":[],"output":"u64"},
    {"name":"set","inputs":[{"name":"amount","type":"u64"}],"output":null},
  ],
  events: [
    {"name":"Start","fields":[{"name":"amount","type":"u64"}]},
  ],
});
