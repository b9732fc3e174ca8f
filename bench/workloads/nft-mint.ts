import type { NumericSchema } from '../parameters.js';
import { RandomStream } from '../random.js';
import { contractAddress } from './address.js';
import { drawUsers, USERS } from './users.js';
import type { Workload, WorkloadCall, WorkloadDefinition } from './workload.js';

export interface NftMintParameters {
  readonly users: number;
  readonly shards: number;
  readonly blockSize: number;
}

/**
 * Everybody mints from one collection: the `drop` contract numbers the tokens by one counter, or by `shards` of them, of which each call takes one, all equally likely. Calls of one shard
 * depend on one another, and with one shard that is every call on the one before.
 */
export function nftMint(parameters: NftMintParameters, seed: number): Workload {
  const { users, shards, blockSize } = parameters;
  const minters = drawUsers('nft-mint', users, seed);
  const mint = (random: RandomStream): WorkloadCall => ({
    sender: minters[random.below(users)] as string,
    contract: 'drop',
    method: 'mint',
    args: { shard: String(random.below(shards)) },
  });
  return {
    name: 'nft-mint',
    params: { users, shards },
    blockSize,
    // An owner a token, a balance a user, a counter a shard.
    locations: (blocks) => blocks * blockSize + users + shards + 16,
    contracts: [{ name: 'drop', address: contractAddress('drop'), wasm: 'drop' }],
    preparation: () => [],
    block: (index) => {
      const random = new RandomStream(seed, 'nft-mint', 'block', index);
      return Array.from({ length: blockSize }, () => mint(random));
    },
    plainTransfers: false,
  };
}

const SHARDS: NumericSchema = {
  type: 'integer',
  minimum: 1,
  maximum: 100_000,
  default: 1,
  description: 'counters that number the tokens: one, or one for each shard',
};

export const nftMintDefinition: WorkloadDefinition<NftMintParameters> = {
  name: 'nft-mint',
  description: 'tokens minted from one collection, numbered by one counter or by sharded ones',
  parameters: { users: USERS, shards: SHARDS },
  build: nftMint,
};
