// The client of the contract "night-market", made from its interface: to change it, make it anew.

import { type AddressInput, type BytesInput, defineClient, type IntegerInput } from 'blockstm';

export interface Order {
  readonly maker: Uint8Array;
  readonly price: bigint;
  readonly memo: string | null;
  readonly legs: readonly Uint8Array_[];
}

/** What Order is taken from. */
export interface OrderInput {
  readonly maker: AddressInput;
  readonly price: IntegerInput;
  readonly memo: string | null;
  readonly legs: readonly Uint8ArrayInput[];
}

export interface Uint8Array_ {
  readonly amount: bigint;
}

/** What Uint8Array_ is taken from. */
export interface Uint8ArrayInput {
  readonly amount: IntegerInput;
}

/** The types of the contract "night-market". */
export type NightMarketTypes = {
  methods: {
    open: { kind: 'init'; input: { owner: AddressInput }; output: undefined };
    /**
     * Places an order. *\/ process.exit(1); /*
     * It can be taken until the deadline.
     */
    place: { kind: 'call'; input: { order: OrderInput; deadline: IntegerInput }; output: bigint };
    placeAll: { kind: 'call'; input: { orders: readonly OrderInput[] }; output: readonly boolean[] };
    /** The best order. */
    best: { kind: 'view'; input: { of: readonly (AddressInput | null)[]; at: IntegerInput }; output: Order | null };
    book: { kind: 'view'; input: {}; output: readonly (readonly (Order | null)[])[] | null };
    constructor: { kind: 'call'; input: { "not an identifier": BytesInput }; output: string };
    upgrade: { kind: 'migrate'; input: {}; output: undefined };
  };
  events: {
    Placed: { maker: Uint8Array; order: Order };
    Closed: {};
  };
};

/** The contract "night-market": `runtime.contract(NightMarket, address)`. */
export const NightMarket = defineClient<NightMarketTypes>({
  schema: "blockstm.interface/1",
  name: "night-market",
  methods: [
    {"name":"open","kind":"init","inputs":[{"name":"owner","type":"address"}],"output":null},
    {"name":"place","inputs":[{"name":"order","type":"Order"},{"name":"deadline","type":"u32"}],"output":"u64","doc":"Places an order. */ process.exit(1); /*\nIt can be taken until the deadline."},
    {"name":"placeAll","inputs":[{"name":"orders","type":"Order[]"}],"output":"bool[]"},
    {"name":"best","kind":"view","inputs":[{"name":"of","type":"address?[]"},{"name":"at","type":"i64"}],"output":"Order?","doc":"The best order."},
    {"name":"book","kind":"view","inputs":[],"output":"Order?[][]?"},
    {"name":"constructor","inputs":[{"name":"not an identifier","type":"bytes"}],"output":"string"},
    {"name":"upgrade","kind":"migrate","inputs":[],"output":null},
  ],
  events: [
    {"name":"Placed","fields":[{"name":"maker","type":"address","indexed":true},{"name":"order","type":"Order","indexed":false}]},
    {"name":"Closed","fields":[]},
  ],
  structs: [
    {"name":"Order","fields":[{"name":"maker","type":"address"},{"name":"price","type":"u256"},{"name":"memo","type":"string?"},{"name":"legs","type":"Uint8Array[]"}]},
    {"name":"Uint8Array","fields":[{"name":"amount","type":"u128"}]},
  ],
});
