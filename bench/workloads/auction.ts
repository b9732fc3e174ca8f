import type { NumericSchema } from '../parameters.js';
import { RandomStream } from '../random.js';
import { contractAddress } from './address.js';
import { coins, Payments } from './coins.js';
import { Outbid } from './outbid.js';
import { drawUsers, founder, USERS } from './users.js';
import type { Workload, WorkloadCall, WorkloadContract, WorkloadDefinition } from './workload.js';

export interface AuctionParameters {
  readonly users: number;
  readonly auctions: number;
  readonly coins: number;
  readonly blockSize: number;
}

/** One call in so many fetches what its sender has been outbid with, where there is anything to fetch. */
const WITHDRAWAL_ONE_IN = 8;

/** In seconds; blocks of a benchmark are all at time 0. */
const DURATION = '1000000000';

/** A bid, or where there is no amount a withdrawal. */
interface Move {
  readonly bidder: string;
  readonly coin: number;
  readonly auction: number;
  readonly amount: number | undefined;
}

/**
 * Bids in English auctions that never end: auction and bidder are equally likely, and each bid is higher than all before it, so that it succeeds if the calls run in order. One call in eight is
 * of somebody outbid in the same block who fetches the coins. The auctions are paid in `coins` tokens in turn. Bids of one auction depend on one another, and so do bids in one coin: they
 * change what the auction house has of it.
 */
export function auction(parameters: AuctionParameters, seed: number): Workload {
  const { users, auctions, coins: coinCount, blockSize } = parameters;
  const bidders = drawUsers('auction', users, seed);
  const seller = founder('auction', seed);
  const tokens = coins('coin', coinCount);
  const nft: WorkloadContract = {
    name: 'nft',
    address: contractAddress('nft'),
    wasm: 'nft',
    init: { sender: seller, args: {} },
  };
  const house: WorkloadContract = { name: 'auction', address: contractAddress('auction'), wasm: 'auction' };
  const moves = (index: number): readonly Move[] => {
    const random = new RandomStream(seed, 'auction', 'block', index);
    const outbid = new Outbid();
    return Array.from({ length: blockSize }, (_, position) => {
      if (outbid.count > 0 && random.below(WITHDRAWAL_ONE_IN) === 0) {
        return { ...outbid.take(random.below(outbid.count)), auction: 0, amount: undefined };
      }
      const number = random.below(auctions);
      const bid = { bidder: bidders[random.below(users)] as string, coin: number % coinCount };
      outbid.bid(number, bid);
      return { ...bid, auction: number, amount: index * blockSize + position + 1 };
    });
  };
  const open = (): readonly WorkloadCall[] => [
    setApproval(nft, seller, house),
    ...Array.from({ length: auctions }, (_, number) => {
      const coin = tokens[number % coinCount] as WorkloadContract;
      return putUp(nft, house, seller, number, coin);
    }).flat(),
  ];
  return {
    name: 'auction',
    params: { users, auctions, coins: coinCount },
    blockSize,
    // Each bidder has a balance, an allowance and what is to be fetched, in each coin that he bids in; an auction has the token that it is of.
    locations: (blocks) => 3 * Math.min(blocks * blockSize, users * coinCount) + 4 * auctions + 2 * coinCount + 16,
    contracts: [nft, house, ...tokens],
    preparation: (index) => {
      const payments = new Payments();
      for (const { coin, bidder, amount } of moves(index)) {
        if (amount !== undefined) payments.add(tokens[coin] as WorkloadContract, bidder, house, amount);
      }
      return [...(index === 0 ? open() : []), ...payments.calls()];
    },
    block: (index) =>
      moves(index).map(({ bidder, auction: number, coin, amount }) => {
        if (amount !== undefined) return bidIn(house, bidder, number, amount);
        const args = { coin: (tokens[coin] as WorkloadContract).address };
        return { sender: bidder, contract: house.name, method: 'withdraw', args };
      }),
    plainTransfers: false,
  };
}

/** The contract counts auctions from 1. */
function bidIn(house: WorkloadContract, bidder: string, number: number, amount: number): WorkloadCall {
  const args = { auction: String(number + 1), amount: String(amount) };
  return { sender: bidder, contract: house.name, method: 'bid', args };
}

function setApproval(nft: WorkloadContract, owner: string, operator: WorkloadContract): WorkloadCall {
  const args = { operator: operator.address, approved: true };
  return { sender: owner, contract: nft.name, method: 'setApprovalForAll', args };
}

/** The contract `nft` counts its tokens from 1 too. */
function putUp(
  nft: WorkloadContract,
  house: WorkloadContract,
  seller: string,
  number: number,
  coin: WorkloadContract,
): readonly WorkloadCall[] {
  const id = String(number + 1);
  const args = { nft: nft.address, id, coin: coin.address, reserve: '1', seconds: DURATION };
  return [
    { sender: seller, contract: nft.name, method: 'mint', args: { to: seller, uri: `lot ${id}` } },
    { sender: seller, contract: house.name, method: 'open', args },
  ];
}

const AUCTIONS: NumericSchema = {
  type: 'integer',
  minimum: 1,
  maximum: 10_000,
  default: 100,
  description: 'auctions that are bid in',
};

const COINS: NumericSchema = {
  type: 'integer',
  minimum: 1,
  maximum: 1_000,
  default: 10,
  description: 'coins that bids are paid in; each auction has one of them',
};

export const auctionDefinition: WorkloadDefinition<AuctionParameters> = {
  name: 'auction',
  description: 'bids in auctions, and withdrawals by those who were outbid',
  parameters: { users: USERS, auctions: AUCTIONS, coins: COINS },
  build: auction,
};
