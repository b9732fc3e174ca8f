// The client of the contract "nft", made from its interface: to change it, make it anew.

import { type AddressInput, defineClient, type IntegerInput } from 'blockstm';

/** The types of the contract "nft". */
export type NftTypes = {
  methods: {
    /** Makes the caller the contract's owner, and a minter. */
    create: { kind: 'init'; input: {}; output: undefined };
    /** Says whether `account` may mint. Only the contract's owner may. */
    setMinter: { kind: 'call'; input: { account: AddressInput; allowed: boolean }; output: undefined };
    /** Creates a token for `to` and returns its number: 1, 2, 3, ... Such calls wait for one another. Only a minter may; reverts with "to nobody". */
    mint: { kind: 'call'; input: { to: AddressInput; uri: string }; output: bigint };
    /** Creates the token `id`, 2^63 or more, for `to`. Such calls do not wait for one another. Only a minter may; reverts with "id out of range", "already minted" or "to nobody". */
    mintId: { kind: 'call'; input: { to: AddressInput; id: IntegerInput; uri: string }; output: undefined };
    /** Destroys a token. Reverts with "no such token" or "not allowed". */
    burn: { kind: 'call'; input: { id: IntegerInput }; output: undefined };
    /** Lets `spender` move a token until it has moved; the zero address lets nobody. Only its owner and operators may; reverts with "no such token" or "not allowed". */
    approve: { kind: 'call'; input: { spender: AddressInput; id: IntegerInput }; output: undefined };
    /** Says whether `operator` may move all of the caller's tokens, those of the future too. */
    setApprovalForAll: { kind: 'call'; input: { operator: AddressInput; approved: boolean }; output: undefined };
    /** Moves a token from its owner `from` to `to`: by the owner, an operator or who was approved. Reverts with "no such token", "wrong owner", "not allowed" or "to nobody". */
    transferFrom: { kind: 'call'; input: { from: AddressInput; to: AddressInput; id: IntegerInput }; output: undefined };
    /** Reverts with "no such token". */
    ownerOf: { kind: 'view'; input: { id: IntegerInput }; output: Uint8Array };
    balanceOf: { kind: 'view'; input: { owner: AddressInput }; output: bigint };
    /** What the token is: mostly the address of a document. Reverts with "no such token". */
    tokenUri: { kind: 'view'; input: { id: IntegerInput }; output: string };
    /** Who may move the token besides its owner; null where nobody. Reverts with "no such token". */
    approvedFor: { kind: 'view'; input: { id: IntegerInput }; output: Uint8Array | null };
    isApprovedForAll: { kind: 'view'; input: { owner: AddressInput; operator: AddressInput }; output: boolean };
    isMinter: { kind: 'view'; input: { account: AddressInput }; output: boolean };
    totalSupply: { kind: 'view'; input: {}; output: bigint };
  };
  events: {
    Approval: { owner: Uint8Array; spender: Uint8Array; id: bigint };
    ApprovalForAll: { owner: Uint8Array; operator: Uint8Array; approved: boolean };
    MinterSet: { account: Uint8Array; allowed: boolean };
    Transfer: { from: Uint8Array; to: Uint8Array; id: bigint };
  };
};

/** The contract "nft": `runtime.contract(Nft, address)`. */
export const Nft = defineClient<NftTypes>({
  schema: "blockstm.interface/1",
  name: "nft",
  methods: [
    {"name":"create","kind":"init","inputs":[],"output":null,"doc":"Makes the caller the contract's owner, and a minter."},
    {"name":"setMinter","kind":"call","inputs":[{"name":"account","type":"address"},{"name":"allowed","type":"bool"}],"output":null,"doc":"Says whether `account` may mint. Only the contract's owner may."},
    {"name":"mint","kind":"call","inputs":[{"name":"to","type":"address"},{"name":"uri","type":"string"}],"output":"u64","doc":"Creates a token for `to` and returns its number: 1, 2, 3, ... Such calls wait for one another. Only a minter may; reverts with \"to nobody\"."},
    {"name":"mintId","kind":"call","inputs":[{"name":"to","type":"address"},{"name":"id","type":"u64"},{"name":"uri","type":"string"}],"output":null,"doc":"Creates the token `id`, 2^63 or more, for `to`. Such calls do not wait for one another. Only a minter may; reverts with \"id out of range\", \"already minted\" or \"to nobody\"."},
    {"name":"burn","kind":"call","inputs":[{"name":"id","type":"u64"}],"output":null,"doc":"Destroys a token. Reverts with \"no such token\" or \"not allowed\"."},
    {"name":"approve","kind":"call","inputs":[{"name":"spender","type":"address"},{"name":"id","type":"u64"}],"output":null,"doc":"Lets `spender` move a token until it has moved; the zero address lets nobody. Only its owner and operators may; reverts with \"no such token\" or \"not allowed\"."},
    {"name":"setApprovalForAll","kind":"call","inputs":[{"name":"operator","type":"address"},{"name":"approved","type":"bool"}],"output":null,"doc":"Says whether `operator` may move all of the caller's tokens, those of the future too."},
    {"name":"transferFrom","kind":"call","inputs":[{"name":"from","type":"address"},{"name":"to","type":"address"},{"name":"id","type":"u64"}],"output":null,"doc":"Moves a token from its owner `from` to `to`: by the owner, an operator or who was approved. Reverts with \"no such token\", \"wrong owner\", \"not allowed\" or \"to nobody\"."},
    {"name":"ownerOf","kind":"view","inputs":[{"name":"id","type":"u64"}],"output":"address","doc":"Reverts with \"no such token\"."},
    {"name":"balanceOf","kind":"view","inputs":[{"name":"owner","type":"address"}],"output":"u64"},
    {"name":"tokenUri","kind":"view","inputs":[{"name":"id","type":"u64"}],"output":"string","doc":"What the token is: mostly the address of a document. Reverts with \"no such token\"."},
    {"name":"approvedFor","kind":"view","inputs":[{"name":"id","type":"u64"}],"output":"address?","doc":"Who may move the token besides its owner; null where nobody. Reverts with \"no such token\"."},
    {"name":"isApprovedForAll","kind":"view","inputs":[{"name":"owner","type":"address"},{"name":"operator","type":"address"}],"output":"bool"},
    {"name":"isMinter","kind":"view","inputs":[{"name":"account","type":"address"}],"output":"bool"},
    {"name":"totalSupply","kind":"view","inputs":[],"output":"u64"},
  ],
  events: [
    {"name":"Approval","fields":[{"name":"owner","type":"address","indexed":true},{"name":"spender","type":"address","indexed":true},{"name":"id","type":"u64","indexed":true}]},
    {"name":"ApprovalForAll","fields":[{"name":"owner","type":"address","indexed":true},{"name":"operator","type":"address","indexed":true},{"name":"approved","type":"bool","indexed":false}]},
    {"name":"MinterSet","fields":[{"name":"account","type":"address","indexed":true},{"name":"allowed","type":"bool","indexed":false}]},
    {"name":"Transfer","fields":[{"name":"from","type":"address","indexed":true},{"name":"to","type":"address","indexed":true},{"name":"id","type":"u64","indexed":true}]},
  ],
  structs: [],
});
