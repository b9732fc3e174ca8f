// The client of the contract "supply-chain", made from its interface: to change it, make it anew.

import { type AddressInput, defineClient, type IntegerInput } from 'blockstm';

export interface Item {
  readonly producer: Uint8Array;
  readonly holder: Uint8Array;
  readonly receiver: Uint8Array | null;
  readonly description: string;
  readonly steps: number;
  readonly recalled: boolean;
}

/** What Item is taken from. */
export interface ItemInput {
  readonly producer: AddressInput;
  readonly holder: AddressInput;
  readonly receiver: AddressInput | null;
  readonly description: string;
  readonly steps: IntegerInput;
  readonly recalled: boolean;
}

export interface Checkpoint {
  readonly step: number;
  readonly by: Uint8Array;
  readonly place: string;
  readonly time: bigint;
}

/** What Checkpoint is taken from. */
export interface CheckpointInput {
  readonly step: IntegerInput;
  readonly by: AddressInput;
  readonly place: string;
  readonly time: IntegerInput;
}

export interface Certificate {
  readonly by: Uint8Array;
  readonly time: bigint;
}

/** What Certificate is taken from. */
export interface CertificateInput {
  readonly by: AddressInput;
  readonly time: IntegerInput;
}

/** The types of the contract "supply-chain". */
export type SupplyChainTypes = {
  methods: {
    /** Makes the caller the contract's owner, who says who produces and who certifies. */
    create: { kind: 'init'; input: {}; output: undefined };
    /** Gives or takes a role: "producer" or "certifier". Only the contract's owner may; reverts with "no such role". */
    setRole: { kind: 'call'; input: { account: AddressInput; role: string; given: boolean }; output: undefined };
    /** Registers a new item, which the caller holds. Only a producer may; reverts with "already registered". */
    register: { kind: 'call'; input: { item: IntegerInput; description: string; place: string }; output: undefined };
    /** Offers an item to `to`, who becomes its holder by `receive`; instead of whoever it was offered to before. Only the holder may. A recalled item goes nowhere but to its producer: else this reverts with "recalled". Reverts with "no such item", "only the holder may do this" or "to the holder". */
    handOver: { kind: 'call'; input: { item: IntegerInput; to: AddressInput }; output: undefined };
    /** Takes the offer back. Only the holder may; reverts with "no such item", "only the holder may do this" or "not offered". */
    keep: { kind: 'call'; input: { item: IntegerInput }; output: undefined };
    /** Confirms that the caller has the item, which was offered to it. Reverts with "no such item", "not offered" or "recalled". */
    receive: { kind: 'call'; input: { item: IntegerInput; place: string }; output: undefined };
    /** Notes where the item is now. Only the holder may; reverts with "no such item" or "only the holder may do this". */
    move: { kind: 'call'; input: { item: IntegerInput; place: string }; output: undefined };
    /** Vouches that the item meets a standard. Only a certifier may; reverts with "no such item", "recalled" or "already certified". */
    certify: { kind: 'call'; input: { item: IntegerInput; standard: string }; output: undefined };
    /** Takes a certificate back. Only who gave it may: else, and where there is none, this reverts with "not certified by you". */
    withdrawCertificate: { kind: 'call'; input: { item: IntegerInput; standard: string }; output: undefined };
    /** Calls the item back, for good. Only its producer may; reverts with "no such item", "only the producer may do this" or "recalled". */
    recall: { kind: 'call'; input: { item: IntegerInput; reason: string }; output: undefined };
    /** Reverts with "no such item". */
    itemOf: { kind: 'view'; input: { item: IntegerInput }; output: Item };
    /** Checkpoints from the one of index `first` on, the oldest first: `count` of them, at most 50. Reverts with "no such item". */
    historyOf: { kind: 'view'; input: { item: IntegerInput; first: IntegerInput; count: IntegerInput }; output: readonly Checkpoint[] };
    /** The certificate that the item meets a standard; null where there is none, or the item was recalled. Reverts with "no such item". */
    certificateOf: { kind: 'view'; input: { item: IntegerInput; standard: string }; output: Certificate | null };
  };
  events: {
    Registered: { item: bigint; producer: Uint8Array; description: string };
    Offered: { item: bigint; from: Uint8Array; to: Uint8Array };
    Kept: { item: bigint };
    Received: { item: bigint; from: Uint8Array; to: Uint8Array; place: string };
    Moved: { item: bigint; place: string };
    Certified: { item: bigint; by: Uint8Array; standard: string; valid: boolean };
    Recalled: { item: bigint; reason: string };
    RoleSet: { account: Uint8Array; role: string; given: boolean };
  };
};

/** The contract "supply-chain": `runtime.contract(SupplyChain, address)`. */
export const SupplyChain = defineClient<SupplyChainTypes>({
  schema: "blockstm.interface/1",
  name: "supply-chain",
  methods: [
    {"name":"create","kind":"init","inputs":[],"output":null,"doc":"Makes the caller the contract's owner, who says who produces and who certifies."},
    {"name":"setRole","kind":"call","inputs":[{"name":"account","type":"address"},{"name":"role","type":"string"},{"name":"given","type":"bool"}],"output":null,"doc":"Gives or takes a role: \"producer\" or \"certifier\". Only the contract's owner may; reverts with \"no such role\"."},
    {"name":"register","kind":"call","inputs":[{"name":"item","type":"u64"},{"name":"description","type":"string"},{"name":"place","type":"string"}],"output":null,"doc":"Registers a new item, which the caller holds. Only a producer may; reverts with \"already registered\"."},
    {"name":"handOver","kind":"call","inputs":[{"name":"item","type":"u64"},{"name":"to","type":"address"}],"output":null,"doc":"Offers an item to `to`, who becomes its holder by `receive`; instead of whoever it was offered to before. Only the holder may. A recalled item goes nowhere but to its producer: else this reverts with \"recalled\". Reverts with \"no such item\", \"only the holder may do this\" or \"to the holder\"."},
    {"name":"keep","kind":"call","inputs":[{"name":"item","type":"u64"}],"output":null,"doc":"Takes the offer back. Only the holder may; reverts with \"no such item\", \"only the holder may do this\" or \"not offered\"."},
    {"name":"receive","kind":"call","inputs":[{"name":"item","type":"u64"},{"name":"place","type":"string"}],"output":null,"doc":"Confirms that the caller has the item, which was offered to it. Reverts with \"no such item\", \"not offered\" or \"recalled\"."},
    {"name":"move","kind":"call","inputs":[{"name":"item","type":"u64"},{"name":"place","type":"string"}],"output":null,"doc":"Notes where the item is now. Only the holder may; reverts with \"no such item\" or \"only the holder may do this\"."},
    {"name":"certify","kind":"call","inputs":[{"name":"item","type":"u64"},{"name":"standard","type":"string"}],"output":null,"doc":"Vouches that the item meets a standard. Only a certifier may; reverts with \"no such item\", \"recalled\" or \"already certified\"."},
    {"name":"withdrawCertificate","kind":"call","inputs":[{"name":"item","type":"u64"},{"name":"standard","type":"string"}],"output":null,"doc":"Takes a certificate back. Only who gave it may: else, and where there is none, this reverts with \"not certified by you\"."},
    {"name":"recall","kind":"call","inputs":[{"name":"item","type":"u64"},{"name":"reason","type":"string"}],"output":null,"doc":"Calls the item back, for good. Only its producer may; reverts with \"no such item\", \"only the producer may do this\" or \"recalled\"."},
    {"name":"itemOf","kind":"view","inputs":[{"name":"item","type":"u64"}],"output":"Item","doc":"Reverts with \"no such item\"."},
    {"name":"historyOf","kind":"view","inputs":[{"name":"item","type":"u64"},{"name":"first","type":"u32"},{"name":"count","type":"u32"}],"output":"Checkpoint[]","doc":"Checkpoints from the one of index `first` on, the oldest first: `count` of them, at most 50. Reverts with \"no such item\"."},
    {"name":"certificateOf","kind":"view","inputs":[{"name":"item","type":"u64"},{"name":"standard","type":"string"}],"output":"Certificate?","doc":"The certificate that the item meets a standard; null where there is none, or the item was recalled. Reverts with \"no such item\"."},
  ],
  events: [
    {"name":"Registered","fields":[{"name":"item","type":"u64","indexed":true},{"name":"producer","type":"address","indexed":true},{"name":"description","type":"string","indexed":false}]},
    {"name":"Offered","fields":[{"name":"item","type":"u64","indexed":true},{"name":"from","type":"address","indexed":false},{"name":"to","type":"address","indexed":true}]},
    {"name":"Kept","fields":[{"name":"item","type":"u64","indexed":true}]},
    {"name":"Received","fields":[{"name":"item","type":"u64","indexed":true},{"name":"from","type":"address","indexed":false},{"name":"to","type":"address","indexed":true},{"name":"place","type":"string","indexed":false}]},
    {"name":"Moved","fields":[{"name":"item","type":"u64","indexed":true},{"name":"place","type":"string","indexed":false}]},
    {"name":"Certified","fields":[{"name":"item","type":"u64","indexed":true},{"name":"by","type":"address","indexed":true},{"name":"standard","type":"string","indexed":false},{"name":"valid","type":"bool","indexed":false}]},
    {"name":"Recalled","fields":[{"name":"item","type":"u64","indexed":true},{"name":"reason","type":"string","indexed":false}]},
    {"name":"RoleSet","fields":[{"name":"account","type":"address","indexed":true},{"name":"role","type":"string","indexed":false},{"name":"given","type":"bool","indexed":false}]},
  ],
  structs: [
    {"name":"Item","fields":[{"name":"producer","type":"address"},{"name":"holder","type":"address"},{"name":"receiver","type":"address?"},{"name":"description","type":"string"},{"name":"steps","type":"u32"},{"name":"recalled","type":"bool"}]},
    {"name":"Checkpoint","fields":[{"name":"step","type":"u8"},{"name":"by","type":"address"},{"name":"place","type":"string"},{"name":"time","type":"u64"}]},
    {"name":"Certificate","fields":[{"name":"by","type":"address"},{"name":"time","type":"u64"}]},
  ],
});
