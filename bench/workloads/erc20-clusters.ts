import { OptionError } from '../option-error.js';
import { formatValue, type NumericSchema } from '../parameters.js';
import { RandomStream } from '../random.js';
import { coins, mint } from './coins.js';
import type { Workload, WorkloadCall, WorkloadContract, WorkloadDefinition } from './workload.js';

export interface Erc20ClustersParameters {
  readonly clusters: number;
  readonly families: number;
  readonly people: number;
  readonly blockSize: number;
}

/** Transfers move 1 to this much; everybody starts with enough for thousands of them. */
const AMOUNT_MAX = 100;
const FUNDS = 1_000_000;

/** Of clusters, families and people together. */
const ACCOUNTS_MAX = 1_000_000;

/**
 * Payments in tokens: each cluster has a token contract of its own, whose holders are families, and people pay others of their family. All clusters, families and pairs are equally
 * likely. So calls of two families never conflict: a block has as many groups that can run at the same time as it has families that were drawn, `clusters` times `families` at most.
 *
 * @throws OptionError for more than 1,000,000 accounts in all.
 */
export function erc20Clusters(parameters: Erc20ClustersParameters, seed: number): Workload {
  const { clusters, families, people, blockSize } = parameters;
  const accounts = clusters * families * people;
  const conflict = tooManyAccounts(parameters);
  if (conflict !== undefined) throw new OptionError(['params.clusters', 'params.families', 'params.people'], conflict);
  const tokens = coins('token', clusters);
  const addresses = drawAddresses(accounts, seed);
  const pay = (random: RandomStream): WorkloadCall => {
    const cluster = random.below(clusters);
    const family = (cluster * families + random.below(families)) * people;
    const from = random.below(people);
    const to = (from + 1 + random.below(people - 1)) % people;
    const args = { to: addresses[family + to] as string, amount: String(1 + random.below(AMOUNT_MAX)) };
    const { name } = tokens[cluster] as WorkloadContract;
    return { sender: addresses[family + from] as string, contract: name, method: 'transfer', args };
  };
  const fund = (address: string, index: number): WorkloadCall =>
    mint(tokens[Math.floor(index / (families * people))] as WorkloadContract, address, FUNDS);
  return {
    name: 'erc20-clusters',
    params: { clusters, families, people },
    blockSize,
    // A balance an account, and a supply a token.
    locations: () => accounts + clusters + 16,
    contracts: tokens,
    preparation: (index) => (index === 0 ? addresses.map(fund) : []),
    block: (index) => {
      const random = new RandomStream(seed, 'erc20-clusters', 'block', index);
      return Array.from({ length: blockSize }, () => pay(random));
    },
    plainTransfers: false,
  };
}

type People = Omit<Erc20ClustersParameters, 'blockSize'>;

function tooManyAccounts({ clusters, families, people }: People): string | undefined {
  const accounts = clusters * families * people;
  if (accounts <= ACCOUNTS_MAX) return undefined;
  const found = `${clusters} clusters x ${families} families x ${people} people = ${formatValue(accounts)}`;
  return `expected at most ${formatValue(ACCOUNTS_MAX)} accounts in all, found ${found}`;
}

function drawAddresses(accounts: number, seed: number): readonly string[] {
  const random = new RandomStream(seed, 'erc20-clusters', 'addresses');
  return Array.from({ length: accounts }, () => random.hex(32));
}

const CLUSTERS: NumericSchema = {
  type: 'integer',
  minimum: 1,
  maximum: 1_000,
  default: 10,
  description: 'tokens, each with holders of its own',
};

const FAMILIES: NumericSchema = {
  type: 'integer',
  minimum: 1,
  maximum: 100_000,
  default: 15,
  description: 'families that hold one token',
};

const PEOPLE: NumericSchema = {
  type: 'integer',
  minimum: 2,
  maximum: 100_000,
  default: 15,
  description: 'people in a family, who pay one another',
};

export const erc20ClustersDefinition: WorkloadDefinition<Erc20ClustersParameters> = {
  name: 'erc20-clusters',
  description: 'payments in many tokens, within the families that hold them',
  parameters: { clusters: CLUSTERS, families: FAMILIES, people: PEOPLE },
  conflict: tooManyAccounts,
  build: erc20Clusters,
};
