// The client of the contract "dao", made from its interface: to change it, make it anew.

import { type AddressInput, defineClient, type IntegerInput } from 'blockstm';

export interface Proposal {
  readonly by: Uint8Array;
  readonly to: Uint8Array;
  readonly amount: bigint;
  readonly reason: string;
  readonly end: bigint;
  readonly deadline: bigint;
  readonly isExecuted: boolean;
}

/** What Proposal is taken from. */
export interface ProposalInput {
  readonly by: AddressInput;
  readonly to: AddressInput;
  readonly amount: IntegerInput;
  readonly reason: string;
  readonly end: IntegerInput;
  readonly deadline: IntegerInput;
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
    /** A vote lasts `period` seconds and takes `quorum` votes; in the `grace` seconds after it, the payment can be made. */
    found: { kind: 'init'; input: { token: AddressInput; quorum: IntegerInput; period: IntegerInput; grace: IntegerInput }; output: undefined };
    /** Locks `amount`, which has to be allowed, to vote with, on what is proposed from now on: whoever adds to what is locked has no vote any more on what was proposed before. Reverts with "nothing to lock". */
    join: { kind: 'call'; input: { amount: IntegerInput }; output: undefined };
    /** Takes `amount` of what is locked back. Reverts with "nothing to unlock", "insufficient power", or "bound by a vote" while one goes on that it counts in. */
    leave: { kind: 'call'; input: { amount: IntegerInput }; output: undefined };
    /** Gives `amount`, which has to be allowed, to the treasury. What is sent without this, by a transfer of the token, is nobody's. Reverts with "nothing to give". */
    donate: { kind: 'call'; input: { amount: IntegerInput }; output: undefined };
    /** Proposes a payment from the treasury. For members. Returns the proposal's number, from 1. Reverts with "not a member" or, for nobody and the DAO itself, "nobody to pay". */
    propose: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput; reason: string }; output: bigint };
    /** Votes, once, with everything that the caller has locked. Calls that vote do not wait for one another. Reverts with "no such proposal", "the vote is over", "not a member", "locked too late" or "voted already". */
    vote: { kind: 'call'; input: { id: IntegerInput; isFor: boolean }; output: undefined };
    /** Makes the payment that was voted for. For anybody, when the vote is over, until the deadline. Reverts with "no such proposal", "executed already", "the vote goes on", "it has lapsed", "too few votes", "voted down" or "the treasury has too little". */
    execute: { kind: 'call'; input: { id: IntegerInput }; output: undefined };
    proposalOf: { kind: 'view'; input: { id: IntegerInput }; output: Proposal };
    tallyOf: { kind: 'view'; input: { id: IntegerInput }; output: Tally };
    powerOf: { kind: 'view'; input: { account: AddressInput }; output: bigint };
    treasuryBalance: { kind: 'view'; input: {}; output: bigint };
  };
  events: {
    Joined: { member: Uint8Array; amount: bigint };
    Left: { member: Uint8Array; amount: bigint };
    Donated: { donor: Uint8Array; amount: bigint };
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
    {"name":"found","kind":"init","inputs":[{"name":"token","type":"address"},{"name":"quorum","type":"u64"},{"name":"period","type":"u64"},{"name":"grace","type":"u64"}],"output":null,"doc":"A vote lasts `period` seconds and takes `quorum` votes; in the `grace` seconds after it, the payment can be made."},
    {"name":"join","kind":"call","inputs":[{"name":"amount","type":"u64"}],"output":null,"doc":"Locks `amount`, which has to be allowed, to vote with, on what is proposed from now on: whoever adds to what is locked has no vote any more on what was proposed before. Reverts with \"nothing to lock\"."},
    {"name":"leave","kind":"call","inputs":[{"name":"amount","type":"u64"}],"output":null,"doc":"Takes `amount` of what is locked back. Reverts with \"nothing to unlock\", \"insufficient power\", or \"bound by a vote\" while one goes on that it counts in."},
    {"name":"donate","kind":"call","inputs":[{"name":"amount","type":"u64"}],"output":null,"doc":"Gives `amount`, which has to be allowed, to the treasury. What is sent without this, by a transfer of the token, is nobody's. Reverts with \"nothing to give\"."},
    {"name":"propose","kind":"call","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"u64"},{"name":"reason","type":"string"}],"output":"u64","doc":"Proposes a payment from the treasury. For members. Returns the proposal's number, from 1. Reverts with \"not a member\" or, for nobody and the DAO itself, \"nobody to pay\"."},
    {"name":"vote","kind":"call","inputs":[{"name":"id","type":"u64"},{"name":"isFor","type":"bool"}],"output":null,"doc":"Votes, once, with everything that the caller has locked. Calls that vote do not wait for one another. Reverts with \"no such proposal\", \"the vote is over\", \"not a member\", \"locked too late\" or \"voted already\"."},
    {"name":"execute","kind":"call","inputs":[{"name":"id","type":"u64"}],"output":null,"doc":"Makes the payment that was voted for. For anybody, when the vote is over, until the deadline. Reverts with \"no such proposal\", \"executed already\", \"the vote goes on\", \"it has lapsed\", \"too few votes\", \"voted down\" or \"the treasury has too little\"."},
    {"name":"proposalOf","kind":"view","inputs":[{"name":"id","type":"u64"}],"output":"Proposal"},
    {"name":"tallyOf","kind":"view","inputs":[{"name":"id","type":"u64"}],"output":"Tally"},
    {"name":"powerOf","kind":"view","inputs":[{"name":"account","type":"address"}],"output":"u64"},
    {"name":"treasuryBalance","kind":"view","inputs":[],"output":"u64"},
  ],
  events: [
    {"name":"Joined","fields":[{"name":"member","type":"address","indexed":true},{"name":"amount","type":"u64","indexed":false}]},
    {"name":"Left","fields":[{"name":"member","type":"address","indexed":true},{"name":"amount","type":"u64","indexed":false}]},
    {"name":"Donated","fields":[{"name":"donor","type":"address","indexed":true},{"name":"amount","type":"u64","indexed":false}]},
    {"name":"Proposed","fields":[{"name":"id","type":"u64","indexed":true},{"name":"by","type":"address","indexed":true},{"name":"to","type":"address","indexed":false},{"name":"amount","type":"u64","indexed":false}]},
    {"name":"Voted","fields":[{"name":"id","type":"u64","indexed":true},{"name":"voter","type":"address","indexed":true},{"name":"isFor","type":"bool","indexed":false},{"name":"power","type":"u64","indexed":false}]},
    {"name":"Executed","fields":[{"name":"id","type":"u64","indexed":true}]},
  ],
  structs: [
    {"name":"Proposal","fields":[{"name":"by","type":"address"},{"name":"to","type":"address"},{"name":"amount","type":"u64"},{"name":"reason","type":"string"},{"name":"end","type":"u64"},{"name":"deadline","type":"u64"},{"name":"isExecuted","type":"bool"}]},
    {"name":"Tally","fields":[{"name":"yes","type":"u64"},{"name":"no","type":"u64"}]},
  ],
});
