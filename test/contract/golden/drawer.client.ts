// The client of the contract "drawer", made from its interface: to change it, make it anew.

import { type BytesInput, defineClient } from 'blockstm';

/** The types of the contract "drawer". */
export type DrawerTypes = {
  methods: {
    put: { kind: 'call'; input: { key: BytesInput; value: BytesInput }; output: undefined };
    remove: { kind: 'call'; input: { key: BytesInput }; output: undefined };
    announce: { kind: 'call'; input: { topic: BytesInput; data: BytesInput }; output: undefined };
  };
  events: {};
};

/** The contract "drawer": `runtime.contract(Drawer, address)`. */
export const Drawer = defineClient<DrawerTypes>({
  schema: "blockstm.interface/1",
  name: "drawer",
  methods: [
    {"name":"put","kind":"call","inputs":[{"name":"key","type":"bytes"},{"name":"value","type":"bytes"}],"output":null},
    {"name":"remove","kind":"call","inputs":[{"name":"key","type":"bytes"}],"output":null},
    {"name":"announce","kind":"call","inputs":[{"name":"topic","type":"bytes"},{"name":"data","type":"bytes"}],"output":null},
  ],
  events: [],
  structs: [],
});
