import type { NumericSchema } from '../parameters.js';
import { RandomStream } from '../random.js';
import { contractAddress } from './address.js';
import { approve, coin, mint } from './coins.js';
import { drawMix, type Mix } from './mix.js';
import { drawUsers, founder, USERS } from './users.js';
import type { Workload, WorkloadCall, WorkloadContract, WorkloadDefinition } from './workload.js';

export interface LendingParameters {
  readonly users: number;
  readonly markets: number;
  readonly blockSize: number;
}

/** What is asked of a market, how often of 100. */
const MIX: Mix<string> = [
  ['deposit', 25],
  ['withdraw', 15],
  ['borrow', 20],
  ['repay', 20],
  ['addCollateral', 10],
  ['removeCollateral', 10],
];

/** Calls move 1 to this much; users start with enough of everything for thousands of calls. */
const AMOUNT_MAX = 100;
const FUNDS = 1_000_000_000;
const DEPOSIT = 10_000_000;
const COLLATERAL = 10_000_000;
const DEBT = 1_000_000;

/** A unit of collateral is worth one of the lent coin. */
const PRICE = '1000000';

/**
 * Deposits, loans and collateral in lending markets of the `lending` contract. Each user has a deposit and a loan in one market, the users in turn, and all users are equally likely. All calls but
 * those that add collateral read and write what a market has in all, so that those of one market depend on one another.
 */
export function lending(parameters: LendingParameters, seed: number): Workload {
  const { users, markets: marketCount, blockSize } = parameters;
  const addresses = drawUsers('lending', users, seed);
  const [lent, collateral] = [coin('cash'), coin('gold')];
  const oracle = founder('lending', seed);
  const markets = Array.from({ length: marketCount }, (_, index): WorkloadContract => {
    const name = `market-${index}`;
    const args = { lent: lent.address, collateral: collateral.address, price: PRICE };
    return { name, address: contractAddress(name), wasm: 'lending', init: { sender: oracle, args } };
  });
  const marketOf = (user: number) => markets[user % marketCount] as WorkloadContract;
  const ask = (user: number, method: string, amount: number): WorkloadCall => {
    const args = { amount: String(amount) };
    return { sender: addresses[user] as string, contract: marketOf(user).name, method, args };
  };
  const join = (sender: string, user: number): readonly WorkloadCall[] => [
    mint(lent, sender, FUNDS),
    mint(collateral, sender, FUNDS),
    approve(lent, sender, marketOf(user)),
    approve(collateral, sender, marketOf(user)),
    ask(user, 'deposit', DEPOSIT),
    ask(user, 'addCollateral', COLLATERAL),
    ask(user, 'borrow', DEBT),
  ];
  return {
    name: 'lending',
    params: { users, markets: marketCount },
    blockSize,
    // Two balances, two allowances, a deposit and a loan a user.
    locations: () => 6 * users + 8 * marketCount + 16,
    contracts: [lent, collateral, ...markets],
    preparation: (index) => (index === 0 ? addresses.flatMap(join) : []),
    block: (index) => {
      const random = new RandomStream(seed, 'lending', 'block', index);
      return Array.from({ length: blockSize }, () => {
        const user = random.below(users);
        return ask(user, drawMix(MIX, random), 1 + random.below(AMOUNT_MAX));
      });
    },
    plainTransfers: false,
  };
}

const MARKETS: NumericSchema = {
  type: 'integer',
  minimum: 1,
  maximum: 1_000,
  default: 10,
  description: 'lending markets, each with users of its own',
};

export const lendingDefinition: WorkloadDefinition<LendingParameters> = {
  name: 'lending',
  description: 'deposits, loans and collateral in lending markets',
  parameters: { users: USERS, markets: MARKETS },
  build: lending,
};
