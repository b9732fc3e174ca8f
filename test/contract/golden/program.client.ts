// The client of the contract "program", made from its interface: to change it, make it anew.

import { type BytesInput, defineClient } from 'blockstm';

/** The types of the contract "program". */
export type ProgramTypes = {
  methods: {
    run: { kind: 'call'; input: { code: BytesInput }; output: undefined };
  };
  events: {};
};

/** The contract "program": `runtime.contract(Program, address)`. */
export const Program = defineClient<ProgramTypes>({
  schema: "blockstm.interface/1",
  name: "program",
  methods: [
    {"name":"run","kind":"call","inputs":[{"name":"code","type":"bytes"}],"output":null},
  ],
  events: [],
  structs: [],
});
