// The client of the contract "multisig", made from its interface: to change it, make it anew.

import { type AddressInput, type BytesInput, defineClient, type IntegerInput } from 'blockstm';

export interface Attempt {
  readonly ok: boolean;
  readonly status: number;
  readonly message: string;
}

/** What Attempt is taken from. */
export interface AttemptInput {
  readonly ok: boolean;
  readonly status: IntegerInput;
  readonly message: string;
}

export interface Council {
  readonly owners: readonly Uint8Array[];
  readonly threshold: number;
}

/** What Council is taken from. */
export interface CouncilInput {
  readonly owners: readonly AddressInput[];
  readonly threshold: IntegerInput;
}

export interface Proposal {
  readonly proposer: Uint8Array;
  readonly target: Uint8Array;
  readonly method: string;
  readonly input: Uint8Array;
  readonly council: Council | null;
  readonly term: bigint;
  readonly executed: boolean;
}

/** What Proposal is taken from. */
export interface ProposalInput {
  readonly proposer: AddressInput;
  readonly target: AddressInput;
  readonly method: string;
  readonly input: BytesInput;
  readonly council: CouncilInput | null;
  readonly term: IntegerInput;
  readonly executed: boolean;
}

/** The types of the contract "multisig". */
export type MultisigTypes = {
  methods: {
    /** The first owners. Reverts with "too many owners" (32), "bad threshold", "bad owner" (the zero address, or the wallet itself) or "owner twice". */
    create: { kind: 'init'; input: { owners: readonly AddressInput[]; threshold: IntegerInput }; output: undefined };
    /** Proposes a call and confirms it; returns the proposal's number. `input` are the encoded arguments. Only an owner may; reverts with "proposeOwners changes the wallet" where the target is the wallet. */
    propose: { kind: 'call'; input: { target: AddressInput; method: string; input: BytesInput }; output: bigint };
    /** Proposes other owners, or another threshold, and confirms it; returns the proposal's number. It lapses where another change comes first. Only an owner may; reverts as `create` does. */
    proposeOwners: { kind: 'call'; input: { owners: readonly AddressInput[]; threshold: IntegerInput }; output: bigint };
    /** Only an owner may. Reverts with "no such proposal", "already executed" or "already confirmed". */
    confirm: { kind: 'call'; input: { proposal: IntegerInput }; output: undefined };
    /** Takes the caller's confirmation back. Only an owner may; reverts with "no such proposal", "already executed" or "not confirmed". */
    revoke: { kind: 'call'; input: { proposal: IntegerInput }; output: undefined };
    /** Makes the call, once. Where it fails, this fails in the same way and the proposal stays open. Only an owner may; reverts with "no such proposal", "already executed", "not enough confirmations" or, where it is one to change them, "the owners have changed since". */
    execute: { kind: 'call'; input: { proposal: IntegerInput }; output: undefined };
    /** The same, but where the call fails, this tells how and succeeds; what the call did is undone and the proposal stays open, so that nobody can spoil it, with too little gas say. */
    tryExecute: { kind: 'call'; input: { proposal: IntegerInput }; output: Attempt };
    /** The owners, and how many of them have to confirm. */
    currentCouncil: { kind: 'view'; input: {}; output: Council };
    /** Reverts with "no such proposal". */
    proposalOf: { kind: 'view'; input: { proposal: IntegerInput }; output: Proposal };
    /** Owners who confirm it now: whoever is no owner any more does not count, nor what he confirmed before he became one again. */
    confirmationsOf: { kind: 'view'; input: { proposal: IntegerInput }; output: readonly Uint8Array[] };
  };
  events: {
    Proposed: { proposal: bigint; target: Uint8Array; method: string; proposer: Uint8Array };
    Confirmed: { proposal: bigint; owner: Uint8Array };
    Revoked: { proposal: bigint; owner: Uint8Array };
    Executed: { proposal: bigint };
    ExecutionFailed: { proposal: bigint; status: number; message: string };
  };
};

/** The contract "multisig": `runtime.contract(Multisig, address)`. */
export const Multisig = defineClient<MultisigTypes>({
  schema: "blockstm.interface/1",
  name: "multisig",
  methods: [
    {"name":"create","kind":"init","inputs":[{"name":"owners","type":"address[]"},{"name":"threshold","type":"u32"}],"output":null,"doc":"The first owners. Reverts with \"too many owners\" (32), \"bad threshold\", \"bad owner\" (the zero address, or the wallet itself) or \"owner twice\"."},
    {"name":"propose","kind":"call","inputs":[{"name":"target","type":"address"},{"name":"method","type":"string"},{"name":"input","type":"bytes"}],"output":"u64","doc":"Proposes a call and confirms it; returns the proposal's number. `input` are the encoded arguments. Only an owner may; reverts with \"proposeOwners changes the wallet\" where the target is the wallet."},
    {"name":"proposeOwners","kind":"call","inputs":[{"name":"owners","type":"address[]"},{"name":"threshold","type":"u32"}],"output":"u64","doc":"Proposes other owners, or another threshold, and confirms it; returns the proposal's number. It lapses where another change comes first. Only an owner may; reverts as `create` does."},
    {"name":"confirm","kind":"call","inputs":[{"name":"proposal","type":"u64"}],"output":null,"doc":"Only an owner may. Reverts with \"no such proposal\", \"already executed\" or \"already confirmed\"."},
    {"name":"revoke","kind":"call","inputs":[{"name":"proposal","type":"u64"}],"output":null,"doc":"Takes the caller's confirmation back. Only an owner may; reverts with \"no such proposal\", \"already executed\" or \"not confirmed\"."},
    {"name":"execute","kind":"call","inputs":[{"name":"proposal","type":"u64"}],"output":null,"doc":"Makes the call, once. Where it fails, this fails in the same way and the proposal stays open. Only an owner may; reverts with \"no such proposal\", \"already executed\", \"not enough confirmations\" or, where it is one to change them, \"the owners have changed since\"."},
    {"name":"tryExecute","kind":"call","inputs":[{"name":"proposal","type":"u64"}],"output":"Attempt","doc":"The same, but where the call fails, this tells how and succeeds; what the call did is undone and the proposal stays open, so that nobody can spoil it, with too little gas say."},
    {"name":"currentCouncil","kind":"view","inputs":[],"output":"Council","doc":"The owners, and how many of them have to confirm."},
    {"name":"proposalOf","kind":"view","inputs":[{"name":"proposal","type":"u64"}],"output":"Proposal","doc":"Reverts with \"no such proposal\"."},
    {"name":"confirmationsOf","kind":"view","inputs":[{"name":"proposal","type":"u64"}],"output":"address[]","doc":"Owners who confirm it now: whoever is no owner any more does not count, nor what he confirmed before he became one again."},
  ],
  events: [
    {"name":"Proposed","fields":[{"name":"proposal","type":"u64","indexed":true},{"name":"target","type":"address","indexed":true},{"name":"method","type":"string","indexed":false},{"name":"proposer","type":"address","indexed":false}]},
    {"name":"Confirmed","fields":[{"name":"proposal","type":"u64","indexed":true},{"name":"owner","type":"address","indexed":true}]},
    {"name":"Revoked","fields":[{"name":"proposal","type":"u64","indexed":true},{"name":"owner","type":"address","indexed":true}]},
    {"name":"Executed","fields":[{"name":"proposal","type":"u64","indexed":true}]},
    {"name":"ExecutionFailed","fields":[{"name":"proposal","type":"u64","indexed":true},{"name":"status","type":"u8","indexed":false},{"name":"message","type":"string","indexed":false}]},
  ],
  structs: [
    {"name":"Attempt","fields":[{"name":"ok","type":"bool"},{"name":"status","type":"u8"},{"name":"message","type":"string"}]},
    {"name":"Council","fields":[{"name":"owners","type":"address[]"},{"name":"threshold","type":"u32"}]},
    {"name":"Proposal","fields":[{"name":"proposer","type":"address"},{"name":"target","type":"address"},{"name":"method","type":"string"},{"name":"input","type":"bytes"},{"name":"council","type":"Council?"},{"name":"term","type":"u64"},{"name":"executed","type":"bool"}]},
  ],
});
