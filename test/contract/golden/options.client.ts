// The client of the contract "options", made from its interface: to change it, make it anew.

import { type AddressInput, defineClient, type IntegerInput } from 'blockstm';

export interface Option {
  readonly writer: Uint8Array;
  readonly holder: Uint8Array;
  readonly asset: Uint8Array;
  readonly amount: bigint;
  readonly currency: Uint8Array;
  readonly premium: bigint;
  readonly strike: bigint;
  readonly expiry: bigint;
  readonly state: number;
}

/** What Option is taken from. */
export interface OptionInput {
  readonly writer: AddressInput;
  readonly holder: AddressInput;
  readonly asset: AddressInput;
  readonly amount: IntegerInput;
  readonly currency: AddressInput;
  readonly premium: IntegerInput;
  readonly strike: IntegerInput;
  readonly expiry: IntegerInput;
  readonly state: IntegerInput;
}

/** The types of the contract "options". */
export type OptionsTypes = {
  methods: {
    /** Locks `amount` of `asset`, which has to be allowed, and offers the right to buy it. Returns the option's number, from 1. */
    write: { kind: 'call'; input: { asset: AddressInput; amount: IntegerInput; currency: AddressInput; premium: IntegerInput; strike: IntegerInput; expiry: IntegerInput }; output: bigint };
    /** Buys the option for its premium, which has to be allowed. */
    buy: { kind: 'call'; input: { id: IntegerInput }; output: undefined };
    /** Buys the asset for the strike price, which has to be allowed. For the holder. */
    exercise: { kind: 'call'; input: { id: IntegerInput }; output: undefined };
    /** Hands the option to somebody else. For the holder. */
    assign: { kind: 'call'; input: { id: IntegerInput; to: AddressInput }; output: undefined };
    /** Gives the asset back to the writer, who asks for it: as long as nobody has bought the option, or when it has expired. */
    reclaim: { kind: 'call'; input: { id: IntegerInput }; output: undefined };
    optionOf: { kind: 'view'; input: { id: IntegerInput }; output: Option };
    count: { kind: 'view'; input: {}; output: bigint };
  };
  events: {
    Written: { id: bigint; writer: Uint8Array };
    Bought: { id: bigint; holder: Uint8Array };
    Assigned: { id: bigint; holder: Uint8Array };
    Exercised: { id: bigint };
    Ended: { id: bigint };
  };
};

/** The contract "options": `runtime.contract(Options, address)`. */
export const Options = defineClient<OptionsTypes>({
  schema: "blockstm.interface/1",
  name: "options",
  methods: [
    {"name":"write","kind":"call","inputs":[{"name":"asset","type":"address"},{"name":"amount","type":"u64"},{"name":"currency","type":"address"},{"name":"premium","type":"u64"},{"name":"strike","type":"u64"},{"name":"expiry","type":"u64"}],"output":"u64","doc":"Locks `amount` of `asset`, which has to be allowed, and offers the right to buy it. Returns the option's number, from 1."},
    {"name":"buy","kind":"call","inputs":[{"name":"id","type":"u64"}],"output":null,"doc":"Buys the option for its premium, which has to be allowed."},
    {"name":"exercise","kind":"call","inputs":[{"name":"id","type":"u64"}],"output":null,"doc":"Buys the asset for the strike price, which has to be allowed. For the holder."},
    {"name":"assign","kind":"call","inputs":[{"name":"id","type":"u64"},{"name":"to","type":"address"}],"output":null,"doc":"Hands the option to somebody else. For the holder."},
    {"name":"reclaim","kind":"call","inputs":[{"name":"id","type":"u64"}],"output":null,"doc":"Gives the asset back to the writer, who asks for it: as long as nobody has bought the option, or when it has expired."},
    {"name":"optionOf","kind":"view","inputs":[{"name":"id","type":"u64"}],"output":"Option"},
    {"name":"count","kind":"view","inputs":[],"output":"u64"},
  ],
  events: [
    {"name":"Written","fields":[{"name":"id","type":"u64","indexed":true},{"name":"writer","type":"address","indexed":true}]},
    {"name":"Bought","fields":[{"name":"id","type":"u64","indexed":true},{"name":"holder","type":"address","indexed":true}]},
    {"name":"Assigned","fields":[{"name":"id","type":"u64","indexed":true},{"name":"holder","type":"address","indexed":true}]},
    {"name":"Exercised","fields":[{"name":"id","type":"u64","indexed":true}]},
    {"name":"Ended","fields":[{"name":"id","type":"u64","indexed":true}]},
  ],
  structs: [
    {"name":"Option","fields":[{"name":"writer","type":"address"},{"name":"holder","type":"address"},{"name":"asset","type":"address"},{"name":"amount","type":"u64"},{"name":"currency","type":"address"},{"name":"premium","type":"u64"},{"name":"strike","type":"u64"},{"name":"expiry","type":"u64"},{"name":"state","type":"u8"}]},
  ],
});
