// The client of the contract "staking", made from its interface: to change it, make it anew.

import { type AddressInput, defineClient, type IntegerInput } from 'blockstm';

/** The types of the contract "staking". */
export type StakingTypes = {
  methods: {
    /** The caller becomes the owner, who pays for the rewards. */
    open: { kind: 'init'; input: { staked: AddressInput; reward: AddressInput }; output: undefined };
    /** Pays rewards in, to be earned evenly in the next `seconds`; what is left of earlier ones is spread with them. For the owner, who has to allow the amount. Reverts with "too short", "nothing to earn", or "slower than before" where stakers would earn less a second than they were promised until the end of what was paid in earlier. */
    fund: { kind: 'call'; input: { amount: IntegerInput; seconds: IntegerInput }; output: undefined };
    /** Deposits `amount`, which has to be allowed. */
    stake: { kind: 'call'; input: { amount: IntegerInput }; output: undefined };
    /** Takes `amount` back; what it has earned stays to be claimed. Reverts with "insufficient stake". */
    unstake: { kind: 'call'; input: { amount: IntegerInput }; output: undefined };
    /** Takes the whole stake back and gives up what it has earned. Nothing is counted: an owner whose reward token lies can make rewards too many to count, and what is staked must not be lost by that. Returns the stake; reverts with "insufficient stake" where there is none. */
    abandon: { kind: 'call'; input: {}; output: bigint };
    /** Pays out what the caller has earned, and returns it. */
    claim: { kind: 'call'; input: {}; output: bigint };
    /** What `staker` could claim now. Reverts with "overflow" as `claim` would. */
    earned: { kind: 'view'; input: { staker: AddressInput }; output: bigint };
    stakeOf: { kind: 'view'; input: { staker: AddressInput }; output: bigint };
    totalStaked: { kind: 'view'; input: {}; output: bigint };
  };
  events: {
    Funded: { amount: bigint; end: bigint };
    Staked: { staker: Uint8Array; amount: bigint };
    Unstaked: { staker: Uint8Array; amount: bigint };
    RewardPaid: { staker: Uint8Array; amount: bigint };
  };
};

/** The contract "staking": `runtime.contract(Staking, address)`. */
export const Staking = defineClient<StakingTypes>({
  schema: "blockstm.interface/1",
  name: "staking",
  methods: [
    {"name":"open","kind":"init","inputs":[{"name":"staked","type":"address"},{"name":"reward","type":"address"}],"output":null,"doc":"The caller becomes the owner, who pays for the rewards."},
    {"name":"fund","kind":"call","inputs":[{"name":"amount","type":"u64"},{"name":"seconds","type":"u64"}],"output":null,"doc":"Pays rewards in, to be earned evenly in the next `seconds`; what is left of earlier ones is spread with them. For the owner, who has to allow the amount. Reverts with \"too short\", \"nothing to earn\", or \"slower than before\" where stakers would earn less a second than they were promised until the end of what was paid in earlier."},
    {"name":"stake","kind":"call","inputs":[{"name":"amount","type":"u64"}],"output":null,"doc":"Deposits `amount`, which has to be allowed."},
    {"name":"unstake","kind":"call","inputs":[{"name":"amount","type":"u64"}],"output":null,"doc":"Takes `amount` back; what it has earned stays to be claimed. Reverts with \"insufficient stake\"."},
    {"name":"abandon","kind":"call","inputs":[],"output":"u64","doc":"Takes the whole stake back and gives up what it has earned. Nothing is counted: an owner whose reward token lies can make rewards too many to count, and what is staked must not be lost by that. Returns the stake; reverts with \"insufficient stake\" where there is none."},
    {"name":"claim","kind":"call","inputs":[],"output":"u64","doc":"Pays out what the caller has earned, and returns it."},
    {"name":"earned","kind":"view","inputs":[{"name":"staker","type":"address"}],"output":"u64","doc":"What `staker` could claim now. Reverts with \"overflow\" as `claim` would."},
    {"name":"stakeOf","kind":"view","inputs":[{"name":"staker","type":"address"}],"output":"u64"},
    {"name":"totalStaked","kind":"view","inputs":[],"output":"u64"},
  ],
  events: [
    {"name":"Funded","fields":[{"name":"amount","type":"u64","indexed":false},{"name":"end","type":"u64","indexed":false}]},
    {"name":"Staked","fields":[{"name":"staker","type":"address","indexed":true},{"name":"amount","type":"u64","indexed":false}]},
    {"name":"Unstaked","fields":[{"name":"staker","type":"address","indexed":true},{"name":"amount","type":"u64","indexed":false}]},
    {"name":"RewardPaid","fields":[{"name":"staker","type":"address","indexed":true},{"name":"amount","type":"u64","indexed":false}]},
  ],
  structs: [],
});
