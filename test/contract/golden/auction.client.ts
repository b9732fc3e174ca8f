// The client of the contract "auction", made from its interface: to change it, make it anew.

import { type AddressInput, defineClient, type IntegerInput } from 'blockstm';

export interface Auction {
  readonly seller: Uint8Array;
  readonly nft: Uint8Array;
  readonly id: bigint;
  readonly coin: Uint8Array;
  readonly reserve: bigint;
  readonly end: bigint;
  readonly bidder: Uint8Array | null;
  readonly bid: bigint;
  readonly settled: boolean;
}

/** What Auction is taken from. */
export interface AuctionInput {
  readonly seller: AddressInput;
  readonly nft: AddressInput;
  readonly id: IntegerInput;
  readonly coin: AddressInput;
  readonly reserve: IntegerInput;
  readonly end: IntegerInput;
  readonly bidder: AddressInput | null;
  readonly bid: IntegerInput;
  readonly settled: boolean;
}

/** The types of the contract "auction". */
export type AuctionTypes = {
  methods: {
    /** Puts the caller's token `id` of the contract `nft` up for `seconds` seconds, and takes it into custody: it must be approved for this contract. Returns the auction's number. Reverts with "no time to bid", "overflow", or as `transferFrom` of `nft` does. */
    open: { kind: 'call'; input: { nft: AddressInput; id: IntegerInput; coin: AddressInput; reserve: IntegerInput; seconds: IntegerInput }; output: bigint };
    /** Bids `amount`, which is paid at once: it must be allowed to this contract. Who is outbid has the coins back by `withdraw`. Reverts with "no such auction", "the auction is over", "the seller cannot bid", "the zero address cannot bid", "below the reserve", "below the highest bid", "the token was not paid", or as `transferFrom` of the coin does. */
    bid: { kind: 'call'; input: { auction: IntegerInput; amount: IntegerInput }; output: undefined };
    /** Ends an auction that nobody has bid in, at any time. Only its seller may. Reverts with "no such auction", "only the seller may do this", "already settled", "there is a bid", or as `transferFrom` of the `nft` does. */
    cancel: { kind: 'call'; input: { auction: IntegerInput }; output: undefined };
    /** After the deadline, gives the highest bidder what was for sale, and the seller the bid to fetch; without a bid, the seller what was for sale. Anybody may. Reverts with "no such auction", "already settled", "the auction is still open", or as `transferFrom` of the `nft` does. */
    settle: { kind: 'call'; input: { auction: IntegerInput }; output: undefined };
    /** Gives the highest bidder the bid back, a day after the deadline, where nobody has settled the sale: what was for sale may be such that it cannot be. Only the bidder may. Reverts with "no such auction", "already settled", "not the highest bidder" or "it can still be settled". */
    callOff: { kind: 'call'; input: { auction: IntegerInput }; output: undefined };
    /** Pays out what the caller has to fetch of a coin, and returns how much. Reverts with "nothing to withdraw" or "the token was not paid". */
    withdraw: { kind: 'call'; input: { coin: AddressInput }; output: bigint };
    /** Reverts with "no such auction". */
    auctionOf: { kind: 'view'; input: { auction: IntegerInput }; output: Auction };
    /** What `owner` has to fetch of a coin. */
    creditOf: { kind: 'view'; input: { coin: AddressInput; owner: AddressInput }; output: bigint };
  };
  events: {
    Opened: { auction: bigint; seller: Uint8Array; nft: Uint8Array; id: bigint; coin: Uint8Array; reserve: bigint; end: bigint };
    BidPlaced: { auction: bigint; bidder: Uint8Array; amount: bigint };
    CalledOff: { auction: bigint; bidder: Uint8Array; amount: bigint };
    Settled: { auction: bigint; winner: Uint8Array | null; amount: bigint };
    Withdrawn: { coin: Uint8Array; owner: Uint8Array; amount: bigint };
  };
};

/** The contract "auction": `runtime.contract(Auction, address)`. */
export const Auction = defineClient<AuctionTypes>({
  schema: "blockstm.interface/1",
  name: "auction",
  methods: [
    {"name":"open","kind":"call","inputs":[{"name":"nft","type":"address"},{"name":"id","type":"u64"},{"name":"coin","type":"address"},{"name":"reserve","type":"u64"},{"name":"seconds","type":"u64"}],"output":"u64","doc":"Puts the caller's token `id` of the contract `nft` up for `seconds` seconds, and takes it into custody: it must be approved for this contract. Returns the auction's number. Reverts with \"no time to bid\", \"overflow\", or as `transferFrom` of `nft` does."},
    {"name":"bid","kind":"call","inputs":[{"name":"auction","type":"u64"},{"name":"amount","type":"u64"}],"output":null,"doc":"Bids `amount`, which is paid at once: it must be allowed to this contract. Who is outbid has the coins back by `withdraw`. Reverts with \"no such auction\", \"the auction is over\", \"the seller cannot bid\", \"the zero address cannot bid\", \"below the reserve\", \"below the highest bid\", \"the token was not paid\", or as `transferFrom` of the coin does."},
    {"name":"cancel","kind":"call","inputs":[{"name":"auction","type":"u64"}],"output":null,"doc":"Ends an auction that nobody has bid in, at any time. Only its seller may. Reverts with \"no such auction\", \"only the seller may do this\", \"already settled\", \"there is a bid\", or as `transferFrom` of the `nft` does."},
    {"name":"settle","kind":"call","inputs":[{"name":"auction","type":"u64"}],"output":null,"doc":"After the deadline, gives the highest bidder what was for sale, and the seller the bid to fetch; without a bid, the seller what was for sale. Anybody may. Reverts with \"no such auction\", \"already settled\", \"the auction is still open\", or as `transferFrom` of the `nft` does."},
    {"name":"callOff","kind":"call","inputs":[{"name":"auction","type":"u64"}],"output":null,"doc":"Gives the highest bidder the bid back, a day after the deadline, where nobody has settled the sale: what was for sale may be such that it cannot be. Only the bidder may. Reverts with \"no such auction\", \"already settled\", \"not the highest bidder\" or \"it can still be settled\"."},
    {"name":"withdraw","kind":"call","inputs":[{"name":"coin","type":"address"}],"output":"u64","doc":"Pays out what the caller has to fetch of a coin, and returns how much. Reverts with \"nothing to withdraw\" or \"the token was not paid\"."},
    {"name":"auctionOf","kind":"view","inputs":[{"name":"auction","type":"u64"}],"output":"Auction","doc":"Reverts with \"no such auction\"."},
    {"name":"creditOf","kind":"view","inputs":[{"name":"coin","type":"address"},{"name":"owner","type":"address"}],"output":"u64","doc":"What `owner` has to fetch of a coin."},
  ],
  events: [
    {"name":"Opened","fields":[{"name":"auction","type":"u64","indexed":true},{"name":"seller","type":"address","indexed":true},{"name":"nft","type":"address","indexed":false},{"name":"id","type":"u64","indexed":false},{"name":"coin","type":"address","indexed":false},{"name":"reserve","type":"u64","indexed":false},{"name":"end","type":"u64","indexed":false}]},
    {"name":"BidPlaced","fields":[{"name":"auction","type":"u64","indexed":true},{"name":"bidder","type":"address","indexed":true},{"name":"amount","type":"u64","indexed":false}]},
    {"name":"CalledOff","fields":[{"name":"auction","type":"u64","indexed":true},{"name":"bidder","type":"address","indexed":true},{"name":"amount","type":"u64","indexed":false}]},
    {"name":"Settled","fields":[{"name":"auction","type":"u64","indexed":true},{"name":"winner","type":"address?","indexed":false},{"name":"amount","type":"u64","indexed":false}]},
    {"name":"Withdrawn","fields":[{"name":"coin","type":"address","indexed":true},{"name":"owner","type":"address","indexed":true},{"name":"amount","type":"u64","indexed":false}]},
  ],
  structs: [
    {"name":"Auction","fields":[{"name":"seller","type":"address"},{"name":"nft","type":"address"},{"name":"id","type":"u64"},{"name":"coin","type":"address"},{"name":"reserve","type":"u64"},{"name":"end","type":"u64"},{"name":"bidder","type":"address?"},{"name":"bid","type":"u64"},{"name":"settled","type":"bool"}]},
  ],
});
