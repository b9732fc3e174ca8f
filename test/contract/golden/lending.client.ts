// The client of the contract "lending", made from its interface: to change it, make it anew.

import { type AddressInput, defineClient, type IntegerInput } from 'blockstm';

export interface Position {
  readonly deposited: bigint;
  readonly collateral: bigint;
  readonly owed: bigint;
  readonly covered: bigint;
}

/** What Position is taken from. */
export interface PositionInput {
  readonly deposited: IntegerInput;
  readonly collateral: IntegerInput;
  readonly owed: IntegerInput;
  readonly covered: IntegerInput;
}

export interface Market {
  readonly cash: bigint;
  readonly depositShares: bigint;
  readonly debtShares: bigint;
  readonly index: bigint;
  readonly counted: bigint;
  readonly price: bigint;
}

/** What Market is taken from. */
export interface MarketInput {
  readonly cash: IntegerInput;
  readonly depositShares: IntegerInput;
  readonly debtShares: IntegerInput;
  readonly index: IntegerInput;
  readonly counted: IntegerInput;
  readonly price: IntegerInput;
}

/** The types of the contract "lending". */
export type LendingTypes = {
  methods: {
    /** The caller becomes the owner, and the oracle. */
    open: { kind: 'init'; input: { lent: AddressInput; collateral: AddressInput; price: IntegerInput }; output: undefined };
    /** Says whether `account` may set the price. For the owner. */
    setOracle: { kind: 'call'; input: { account: AddressInput; allowed: boolean }; output: undefined };
    /** Says what a unit of collateral is worth, in millionths of a unit of the lent token. It holds until it is set again. For oracles. */
    setPrice: { kind: 'call'; input: { price: IntegerInput }; output: undefined };
    /** Lends `amount`, which has to be allowed, to the pool. Reverts with "too little" where that is not worth a share, and with "too many shares" where there would be 2^64 of them: so large a deposit, or so great losses before it that a share is worth next to nothing. */
    deposit: { kind: 'call'; input: { amount: IntegerInput }; output: undefined };
    /** Takes `amount` back, with the interest earned. Reverts with "insufficient deposit", or "insufficient cash" where too much is lent out. */
    withdraw: { kind: 'call'; input: { amount: IntegerInput }; output: undefined };
    /** Adds collateral, which has to be allowed. Reverts with "too little". */
    addCollateral: { kind: 'call'; input: { amount: IntegerInput }; output: undefined };
    /** Takes collateral back that the loan does not need. Reverts with "too little" or "insufficient collateral". */
    removeCollateral: { kind: 'call'; input: { amount: IntegerInput }; output: undefined };
    /** Borrows `amount` against the caller's collateral. Reverts with "insufficient collateral" or "insufficient cash". */
    borrow: { kind: 'call'; input: { amount: IntegerInput }; output: undefined };
    /** Pays back up to `amount` of the caller's loan, which has to be allowed. Returns what was paid. Reverts with "nothing is owed" or "too little". */
    repay: { kind: 'call'; input: { amount: IntegerInput }; output: bigint };
    /** Pays up to `amount` of another's loan that is not covered any more, half of it at most, and takes collateral of that worth and a twentieth more. Where all the collateral is worth less than the loan and a twentieth more, pays up to what all of it is sold for at that price; what is still owed when none is left is lost, and the loan is over. Returns the collateral. Reverts with "the loan is covered" or "too little". */
    liquidate: { kind: 'call'; input: { account: AddressInput; amount: IntegerInput }; output: bigint };
    /** What `account` has lent and borrowed, with interest up to now. */
    positionOf: { kind: 'view'; input: { account: AddressInput }; output: Position };
    /** The market, with interest up to now. */
    marketState: { kind: 'view'; input: {}; output: Market };
  };
  events: {
    Deposited: { account: Uint8Array; amount: bigint };
    Withdrawn: { account: Uint8Array; amount: bigint };
    CollateralAdded: { account: Uint8Array; amount: bigint };
    CollateralRemoved: { account: Uint8Array; amount: bigint };
    Borrowed: { account: Uint8Array; amount: bigint };
    Repaid: { account: Uint8Array; amount: bigint };
    Liquidated: { account: Uint8Array; liquidator: Uint8Array; paid: bigint; collateral: bigint };
    Lost: { account: Uint8Array; amount: bigint };
    OracleSet: { account: Uint8Array; allowed: boolean };
    PriceSet: { price: bigint };
  };
};

/** The contract "lending": `runtime.contract(Lending, address)`. */
export const Lending = defineClient<LendingTypes>({
  schema: "blockstm.interface/1",
  name: "lending",
  methods: [
    {"name":"open","kind":"init","inputs":[{"name":"lent","type":"address"},{"name":"collateral","type":"address"},{"name":"price","type":"u64"}],"output":null,"doc":"The caller becomes the owner, and the oracle."},
    {"name":"setOracle","kind":"call","inputs":[{"name":"account","type":"address"},{"name":"allowed","type":"bool"}],"output":null,"doc":"Says whether `account` may set the price. For the owner."},
    {"name":"setPrice","kind":"call","inputs":[{"name":"price","type":"u64"}],"output":null,"doc":"Says what a unit of collateral is worth, in millionths of a unit of the lent token. It holds until it is set again. For oracles."},
    {"name":"deposit","kind":"call","inputs":[{"name":"amount","type":"u64"}],"output":null,"doc":"Lends `amount`, which has to be allowed, to the pool. Reverts with \"too little\" where that is not worth a share, and with \"too many shares\" where there would be 2^64 of them: so large a deposit, or so great losses before it that a share is worth next to nothing."},
    {"name":"withdraw","kind":"call","inputs":[{"name":"amount","type":"u64"}],"output":null,"doc":"Takes `amount` back, with the interest earned. Reverts with \"insufficient deposit\", or \"insufficient cash\" where too much is lent out."},
    {"name":"addCollateral","kind":"call","inputs":[{"name":"amount","type":"u64"}],"output":null,"doc":"Adds collateral, which has to be allowed. Reverts with \"too little\"."},
    {"name":"removeCollateral","kind":"call","inputs":[{"name":"amount","type":"u64"}],"output":null,"doc":"Takes collateral back that the loan does not need. Reverts with \"too little\" or \"insufficient collateral\"."},
    {"name":"borrow","kind":"call","inputs":[{"name":"amount","type":"u64"}],"output":null,"doc":"Borrows `amount` against the caller's collateral. Reverts with \"insufficient collateral\" or \"insufficient cash\"."},
    {"name":"repay","kind":"call","inputs":[{"name":"amount","type":"u64"}],"output":"u64","doc":"Pays back up to `amount` of the caller's loan, which has to be allowed. Returns what was paid. Reverts with \"nothing is owed\" or \"too little\"."},
    {"name":"liquidate","kind":"call","inputs":[{"name":"account","type":"address"},{"name":"amount","type":"u64"}],"output":"u64","doc":"Pays up to `amount` of another's loan that is not covered any more, half of it at most, and takes collateral of that worth and a twentieth more. Where all the collateral is worth less than the loan and a twentieth more, pays up to what all of it is sold for at that price; what is still owed when none is left is lost, and the loan is over. Returns the collateral. Reverts with \"the loan is covered\" or \"too little\"."},
    {"name":"positionOf","kind":"view","inputs":[{"name":"account","type":"address"}],"output":"Position","doc":"What `account` has lent and borrowed, with interest up to now."},
    {"name":"marketState","kind":"view","inputs":[],"output":"Market","doc":"The market, with interest up to now."},
  ],
  events: [
    {"name":"Deposited","fields":[{"name":"account","type":"address","indexed":true},{"name":"amount","type":"u64","indexed":false}]},
    {"name":"Withdrawn","fields":[{"name":"account","type":"address","indexed":true},{"name":"amount","type":"u64","indexed":false}]},
    {"name":"CollateralAdded","fields":[{"name":"account","type":"address","indexed":true},{"name":"amount","type":"u64","indexed":false}]},
    {"name":"CollateralRemoved","fields":[{"name":"account","type":"address","indexed":true},{"name":"amount","type":"u64","indexed":false}]},
    {"name":"Borrowed","fields":[{"name":"account","type":"address","indexed":true},{"name":"amount","type":"u64","indexed":false}]},
    {"name":"Repaid","fields":[{"name":"account","type":"address","indexed":true},{"name":"amount","type":"u64","indexed":false}]},
    {"name":"Liquidated","fields":[{"name":"account","type":"address","indexed":true},{"name":"liquidator","type":"address","indexed":true},{"name":"paid","type":"u64","indexed":false},{"name":"collateral","type":"u64","indexed":false}]},
    {"name":"Lost","fields":[{"name":"account","type":"address","indexed":true},{"name":"amount","type":"u64","indexed":false}]},
    {"name":"OracleSet","fields":[{"name":"account","type":"address","indexed":true},{"name":"allowed","type":"bool","indexed":false}]},
    {"name":"PriceSet","fields":[{"name":"price","type":"u64","indexed":false}]},
  ],
  structs: [
    {"name":"Position","fields":[{"name":"deposited","type":"u64"},{"name":"collateral","type":"u64"},{"name":"owed","type":"u64"},{"name":"covered","type":"u64"}]},
    {"name":"Market","fields":[{"name":"cash","type":"u64"},{"name":"depositShares","type":"u64"},{"name":"debtShares","type":"u64"},{"name":"index","type":"u128"},{"name":"counted","type":"u64"},{"name":"price","type":"u64"}]},
  ],
});
