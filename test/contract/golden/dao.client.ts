// The client of the contract "dao", made from its interface: to change it, make it anew.

import { type AddressInput, defineClient, type IntegerInput } from 'blockstm';

export interface Proposal {
  readonly by: Uint8Array;
  readonly to: Uint8Array;
  readonly amount: bigint;
  readonly reason: string;
  readonly end: bigint;
  readonly isExecuted: boolean;
}

/** What Proposal is taken from. */
export interface ProposalInput {
  readonly by: AddressInput;
  readonly to: AddressInput;
  readonly amount: IntegerInput;
  readonly reason: string;
  readonly end: IntegerInput;
  readonly isExecuted: boolean;
}

export interface Tally {
  readonly yes: bigint;
  readonly no: bigint;
}

/** What Tally is taken from. */
export interface TallyInput {
  readonly yes: IntegerInput;
  readonly no: IntegerInput;
}

/** The types of the contract "dao". */
export type DaoTypes = {
  methods: {
    found: { kind: 'init'; input: { token: AddressInput; quorum: IntegerInput; period: IntegerInput }; output: undefined };
    /** Locks `amount`, which has to be allowed, to vote with. */
    join: { kind: 'call'; input: { amount: IntegerInput }; output: undefined };
    /** Takes `amount` of what is locked back. Reverts with "bound by a vote" while one goes on that it counts in. */
    leave: { kind: 'call'; input: { amount: IntegerInput }; output: undefined };
    /** Gives `amount`, which has to be allowed, to the treasury. */
    donate: { kind: 'call'; input: { amount: IntegerInput }; output: undefined };
    /** Proposes a payment from the treasury. For members. Returns the proposal's number, from 1. */
    propose: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput; reason: string }; output: bigint };
    /** Votes, once, with everything that the caller has locked. Calls that vote do not wait for one another. */
    vote: { kind: 'call'; input: { id: IntegerInput; isFor: boolean }; output: undefined };
    /** Makes the payment that was voted for. For anybody, when the vote is over. */
    execute: { kind: 'call'; input: { id: IntegerInput }; output: undefined };
    proposalOf: { kind: 'view'; input: { id: IntegerInput }; output: Proposal };
    tallyOf: { kind: 'view'; input: { id: IntegerInput }; output: Tally };
    powerOf: { kind: 'view'; input: { account: AddressInput }; output: bigint };
    treasuryBalance: { kind: 'view'; input: {}; output: bigint };
  };
  events: {
    Proposed: { id: bigint; by: Uint8Array; to: Uint8Array; amount: bigint };
    Voted: { id: bigint; voter: Uint8Array; isFor: boolean; power: bigint };
    Executed: { id: bigint };
  };
};

/** The contract "dao": `runtime.contract(Dao, address)`. */
export const Dao = defineClient<DaoTypes>({
  schema: "blockstm.interface/1",
  name: "dao",
  methods: [
    {"name":"found","kind":"init","inputs":[{"name":"token","type":"address"},{"name":"quorum","type":"u64"},{"name":"period","type":"u64"}],"output":null},
    {"name":"join","kind":"call","inputs":[{"name":"amount","type":"u64"}],"output":null,"doc":"Locks `amount`, which has to be allowed, to vote with."},
    {"name":"leave","kind":"call","inputs":[{"name":"amount","type":"u64"}],"output":null,"doc":"Takes `amount` of what is locked back. Reverts with \"bound by a vote\" while one goes on that it counts in."},
    {"name":"donate","kind":"call","inputs":[{"name":"amount","type":"u64"}],"output":null,"doc":"Gives `amount`, which has to be allowed, to the treasury."},
    {"name":"propose","kind":"call","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"u64"},{"name":"reason","type":"string"}],"output":"u64","doc":"Proposes a payment from the treasury. For members. Returns the proposal's number, from 1."},
    {"name":"vote","kind":"call","inputs":[{"name":"id","type":"u64"},{"name":"isFor","type":"bool"}],"output":null,"doc":"Votes, once, with everything that the caller has locked. Calls that vote do not wait for one another."},
    {"name":"execute","kind":"call","inputs":[{"name":"id","type":"u64"}],"output":null,"doc":"Makes the payment that was voted for. For anybody, when the vote is over."},
    {"name":"proposalOf","kind":"view","inputs":[{"name":"id","type":"u64"}],"output":"Proposal"},
    {"name":"tallyOf","kind":"view","inputs":[{"name":"id","type":"u64"}],"output":"Tally"},
    {"name":"powerOf","kind":"view","inputs":[{"name":"account","type":"address"}],"output":"u64"},
    {"name":"treasuryBalance","kind":"view","inputs":[],"output":"u64"},
  ],
  events: [
    {"name":"Proposed","fields":[{"name":"id","type":"u64","indexed":true},{"name":"by","type":"address","indexed":true},{"name":"to","type":"address","indexed":false},{"name":"amount","type":"u64","indexed":false}]},
    {"name":"Voted","fields":[{"name":"id","type":"u64","indexed":true},{"name":"voter","type":"address","indexed":true},{"name":"isFor","type":"bool","indexed":false},{"name":"power","type":"u64","indexed":false}]},
    {"name":"Executed","fields":[{"name":"id","type":"u64","indexed":true}]},
  ],
  structs: [
    {"name":"Proposal","fields":[{"name":"by","type":"address"},{"name":"to","type":"address"},{"name":"amount","type":"u64"},{"name":"reason","type":"string"},{"name":"end","type":"u64"},{"name":"isExecuted","type":"bool"}]},
    {"name":"Tally","fields":[{"name":"yes","type":"u64"},{"name":"no","type":"u64"}]},
  ],
});
