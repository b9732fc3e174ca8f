// The client of the contract "cells", made from its interface: to change it, make it anew.

import { defineClient, type IntegerInput } from 'blockstm';

/** The types of the contract "cells". */
export type CellsTypes = {
  methods: {
    /** Adds to a cell: reads and writes it. Returns the new value, which shows the order; reverts with "overflow". */
    add: { kind: 'call'; input: { cell: IntegerInput; amount: IntegerInput }; output: bigint };
    /** Sets a cell to the value of another plus `amount`: reads `from`, writes `to`. Returns the value; reverts with "overflow". */
    derive: { kind: 'call'; input: { from: IntegerInput; to: IntegerInput; amount: IntegerInput }; output: bigint };
    valueOf: { kind: 'view'; input: { cell: IntegerInput }; output: bigint };
  };
  events: {
    Changed: { cell: bigint; value: bigint };
  };
};

/** The contract "cells": `runtime.contract(Cells, address)`. */
export const Cells = defineClient<CellsTypes>({
  schema: "blockstm.interface/1",
  name: "cells",
  methods: [
    {"name":"add","kind":"call","inputs":[{"name":"cell","type":"u64"},{"name":"amount","type":"u64"}],"output":"u64","doc":"Adds to a cell: reads and writes it. Returns the new value, which shows the order; reverts with \"overflow\"."},
    {"name":"derive","kind":"call","inputs":[{"name":"from","type":"u64"},{"name":"to","type":"u64"},{"name":"amount","type":"u64"}],"output":"u64","doc":"Sets a cell to the value of another plus `amount`: reads `from`, writes `to`. Returns the value; reverts with \"overflow\"."},
    {"name":"valueOf","kind":"view","inputs":[{"name":"cell","type":"u64"}],"output":"u64"},
  ],
  events: [
    {"name":"Changed","fields":[{"name":"cell","type":"u64","indexed":false},{"name":"value","type":"u64","indexed":false}]},
  ],
  structs: [],
});
