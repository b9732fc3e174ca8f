// The client of the contract "drift", made from its interface: to change it, make it anew.

import { defineClient, type IntegerInput } from 'blockstm';

/** The types of the contract "drift". */
export type DriftTypes = {
  methods: {
    /** Follows a pointer, moves it on, and adds `amount` to one of `count` cells: the one numbered `cell`, or where `drifts` the one that the pointer led to. Returns the cell's new value. Reverts with "no cells" or "overflow". */
    visit: { kind: 'call'; input: { pointer: IntegerInput; cell: IntegerInput; count: IntegerInput; drifts: boolean; amount: IntegerInput }; output: bigint };
    valueOf: { kind: 'view'; input: { cell: IntegerInput }; output: bigint };
    /** Where a pointer leads: a number of which the remainder by the count of cells is added to the cell asked for. */
    pointerOf: { kind: 'view'; input: { pointer: IntegerInput }; output: bigint };
  };
  events: {
    Visited: { cell: bigint; value: bigint };
  };
};

/** The contract "drift": `runtime.contract(Drift, address)`. */
export const Drift = defineClient<DriftTypes>({
  schema: "blockstm.interface/1",
  name: "drift",
  methods: [
    {"name":"visit","kind":"call","inputs":[{"name":"pointer","type":"u64"},{"name":"cell","type":"u64"},{"name":"count","type":"u64"},{"name":"drifts","type":"bool"},{"name":"amount","type":"u64"}],"output":"u64","doc":"Follows a pointer, moves it on, and adds `amount` to one of `count` cells: the one numbered `cell`, or where `drifts` the one that the pointer led to. Returns the cell's new value. Reverts with \"no cells\" or \"overflow\"."},
    {"name":"valueOf","kind":"view","inputs":[{"name":"cell","type":"u64"}],"output":"u64"},
    {"name":"pointerOf","kind":"view","inputs":[{"name":"pointer","type":"u64"}],"output":"u64","doc":"Where a pointer leads: a number of which the remainder by the count of cells is added to the cell asked for."},
  ],
  events: [
    {"name":"Visited","fields":[{"name":"cell","type":"u64","indexed":false},{"name":"value","type":"u64","indexed":false}]},
  ],
  structs: [],
});
