// The client of the contract "cells", made from its interface: to change it, make it anew.

import { defineClient, type IntegerInput } from 'blockstm';

/** The types of the contract "cells". */
export type CellsTypes = {
  methods: {
    add: { kind: 'call'; input: { cell: IntegerInput; amount: IntegerInput }; output: bigint };
    derive: { kind: 'call'; input: { from: IntegerInput; to: IntegerInput; amount: IntegerInput }; output: bigint };
    valueOf: { kind: 'call'; input: { cell: IntegerInput }; output: bigint };
  };
  events: {};
};

/** The contract "cells": `runtime.contract(Cells, address)`. */
export const Cells = defineClient<CellsTypes>({
  schema: "blockstm.interface/1",
  name: "cells",
  methods: [
    {"name":"add","inputs":[{"name":"cell","type":"u64"},{"name":"amount","type":"u64"}],"output":"u64"},
    {"name":"derive","inputs":[{"name":"from","type":"u64"},{"name":"to","type":"u64"},{"name":"amount","type":"u64"}],"output":"u64"},
    {"name":"valueOf","inputs":[{"name":"cell","type":"u64"}],"output":"u64"},
  ],
});
