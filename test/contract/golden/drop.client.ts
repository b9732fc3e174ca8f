// The client of the contract "drop", made from its interface: to change it, make it anew.

import { type AddressInput, defineClient, type IntegerInput } from 'blockstm';

/** The types of the contract "drop". */
export type DropTypes = {
  methods: {
    /** Creates a token for the caller, with the next number of a shard, and returns the number: `shard * 2^40`, and from there on 1, 2, 3, ... Calls that name one shard wait for one another. Reverts with "no such shard". */
    mint: { kind: 'call'; input: { shard: IntegerInput }; output: bigint };
    /** Moves one of the caller's tokens. Reverts with "not the owner". */
    transfer: { kind: 'call'; input: { to: AddressInput; id: IntegerInput }; output: undefined };
    /** Reverts with "no such token". */
    ownerOf: { kind: 'view'; input: { id: IntegerInput }; output: Uint8Array };
    balanceOf: { kind: 'view'; input: { owner: AddressInput }; output: bigint };
    /** Tokens of a shard so far. */
    mintedIn: { kind: 'view'; input: { shard: IntegerInput }; output: bigint };
  };
  events: {
    Transfer: { from: Uint8Array; to: Uint8Array; id: bigint };
  };
};

/** The contract "drop": `runtime.contract(Drop, address)`. */
export const Drop = defineClient<DropTypes>({
  schema: "blockstm.interface/1",
  name: "drop",
  methods: [
    {"name":"mint","kind":"call","inputs":[{"name":"shard","type":"u32"}],"output":"u64","doc":"Creates a token for the caller, with the next number of a shard, and returns the number: `shard * 2^40`, and from there on 1, 2, 3, ... Calls that name one shard wait for one another. Reverts with \"no such shard\"."},
    {"name":"transfer","kind":"call","inputs":[{"name":"to","type":"address"},{"name":"id","type":"u64"}],"output":null,"doc":"Moves one of the caller's tokens. Reverts with \"not the owner\"."},
    {"name":"ownerOf","kind":"view","inputs":[{"name":"id","type":"u64"}],"output":"address","doc":"Reverts with \"no such token\"."},
    {"name":"balanceOf","kind":"view","inputs":[{"name":"owner","type":"address"}],"output":"u64"},
    {"name":"mintedIn","kind":"view","inputs":[{"name":"shard","type":"u32"}],"output":"u64","doc":"Tokens of a shard so far."},
  ],
  events: [
    {"name":"Transfer","fields":[{"name":"from","type":"address","indexed":true},{"name":"to","type":"address","indexed":true},{"name":"id","type":"u64","indexed":true}]},
  ],
  structs: [],
});
