import type { NumericSchema } from '../parameters.js';
import { RandomStream } from '../random.js';
import { contractAddress } from './address.js';
import { approve, coins, mint } from './coins.js';
import { drawMix, type Mix } from './mix.js';
import { pair, provide, swap } from './pair.js';
import { drawUsers, founder, USERS } from './users.js';
import type { Workload, WorkloadCall, WorkloadContract, WorkloadDefinition } from './workload.js';

export interface HybridParameters {
  readonly users: number;
  readonly hotAccess: number;
  readonly blockSize: number;
}

type Kind = 'transfer' | 'token' | 'swap';

const MIX: Mix<Kind> = [
  ['transfer', 60],
  ['token', 20],
  ['swap', 20],
];

const TOKENS = 3;

/** Calls move 100 to this much; users start with enough of everything for thousands of calls. */
const AMOUNT_MIN = 100;
const AMOUNT_MAX = 1_000;
const FUNDS = 1_000_000_000;

/** One user in so many is hot. */
const HOT_ONE_IN = 10;

/**
 * What a chain does: 60 in 100 calls are transfers of a native coin, 20 are transfers of one of three tokens, 20 are swaps in one of two pairs of them. Swaps of one pair
 * depend on one another. A user is one of the hot tenth with probability `hotAccess`, otherwise any; a transfer is between two different ones.
 */
export function hybrid(parameters: HybridParameters, seed: number): Workload {
  const { users, hotAccess, blockSize } = parameters;
  const addresses = drawUsers('hybrid', users, seed);
  const provider = founder('hybrid', seed);
  const ledger: WorkloadContract = { name: 'ledger', address: contractAddress('ledger'), wasm: 'ledger' };
  const tokens = coins('token', TOKENS);
  const [first, second, third] = tokens as [WorkloadContract, WorkloadContract, WorkloadContract];
  const pairs = [pair('exchange-0', [first, second], provider), pair('exchange-1', [second, third], provider)] as const;
  const hot = Math.ceil(users / HOT_ONE_IN);
  const user = (random: RandomStream): number =>
    random.fraction() < hotAccess ? random.below(hot) : random.below(users);
  const pay = (contract: WorkloadContract, from: number, random: RandomStream): WorkloadCall => {
    let to = user(random);
    // Where that is the payer, or where there is one hot user only, the next one.
    if (to === from) to = (from + 1) % users;
    const args = { to: addresses[to] as string, amount: String(amount(random)) };
    return { sender: addresses[from] as string, contract: contract.name, method: 'transfer', args };
  };
  const draw = (random: RandomStream): WorkloadCall => {
    const kind = drawMix(MIX, random);
    const from = user(random);
    if (kind === 'transfer') return pay(ledger, from, random);
    if (kind === 'token') return pay(tokens[random.below(TOKENS)] as WorkloadContract, from, random);
    const traded = pairs[random.below(2) as 0 | 1];
    return swap(traded, addresses[from] as string, random.below(2) as 0 | 1, amount(random));
  };
  const fund = (address: string): readonly WorkloadCall[] => [
    ...[ledger, ...tokens].map((contract) => mint(contract, address, FUNDS)),
    ...pairs.flatMap(({ exchange, coins }) => coins.map((coin) => approve(coin, address, exchange))),
  ];
  return {
    name: 'hybrid',
    params: { users, hotAccess },
    blockSize,
    // An account of the ledger, three balances, four allowances.
    locations: () => 8 * users + 64,
    contracts: [ledger, ...tokens, ...pairs.map(({ exchange }) => exchange)],
    preparation: (index) =>
      index === 0 ? [...pairs.flatMap((each) => provide(each, provider)), ...addresses.flatMap(fund)] : [],
    block: (index) => {
      const random = new RandomStream(seed, 'hybrid', 'block', index);
      return Array.from({ length: blockSize }, () => draw(random));
    },
    plainTransfers: false,
  };
}

function amount(random: RandomStream): number {
  return AMOUNT_MIN + random.below(AMOUNT_MAX - AMOUNT_MIN + 1);
}

const HOT_ACCESS: NumericSchema = {
  type: 'number',
  minimum: 0,
  maximum: 1,
  default: 0,
  description: 'how probably a user is one of a tenth of them; otherwise any',
};

export const hybridDefinition: WorkloadDefinition<HybridParameters> = {
  name: 'hybrid',
  description: 'what a chain does: transfers of a coin, transfers of tokens and swaps',
  parameters: { users: USERS, hotAccess: HOT_ACCESS },
  build: hybrid,
};
