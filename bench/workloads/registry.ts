import { OptionError } from '../option-error.js';
import { type ParameterValue, type ParameterValues, resolveParameter } from '../parameters.js';
import { suggestion } from '../suggestion.js';
import { abaSameValueDefinition } from './aba-samevalue.js';
import { ammDefinition } from './amm.js';
import { auctionDefinition } from './auction.js';
import { chainDefinition } from './chain.js';
import { computeDefinition } from './compute.js';
import { counterDefinition } from './counter.js';
import { driftDefinition } from './drift.js';
import { erc20ClustersDefinition } from './erc20-clusters.js';
import { hotspotDefinition } from './hotspot.js';
import { hybridDefinition } from './hybrid.js';
import { lendingDefinition } from './lending.js';
import { mainnetDefinition } from './mainnet.js';
import { nftMintDefinition } from './nft-mint.js';
import { p2pDefinition } from './p2p.js';
import { smallbankDefinition } from './smallbank.js';
import type { Workload, WorkloadDefinition } from './workload.js';
import { ycsbDefinition } from './ycsb.js';

/**
 * Every workload that can be asked for by name, in the order in which they are listed. Options, their checks, `--help` and
 * `blockstm bench list` are made from this; parameters of one name have one schema.
 */
export const WORKLOADS: readonly WorkloadDefinition[] = [
  p2pDefinition,
  computeDefinition,
  mainnetDefinition,
  chainDefinition,
  hotspotDefinition,
  counterDefinition,
  abaSameValueDefinition,
  driftDefinition,
  erc20ClustersDefinition,
  ammDefinition,
  nftMintDefinition,
  auctionDefinition,
  lendingDefinition,
  ycsbDefinition,
  smallbankDefinition,
  hybridDefinition,
];

/**
 * A workload by its name, with a default for each parameter that is not given.
 * @throws OptionError for a name or a parameter that there is not, and a value that may not be.
 */
export function buildWorkload(name: string, params: ParameterValues, blockSize: number, seed: number): Workload {
  const definition = WORKLOADS.find((each) => each.name === name);
  if (definition === undefined) {
    const names = WORKLOADS.map((each) => each.name);
    const expected = `expected one of ${names.join(', ')}`;
    throw new OptionError(['workload'], `${expected}${suggestion(name, names)}, found ${name}`);
  }
  const { parameters } = definition;
  const known = Object.keys(parameters);
  for (const parameter of Object.keys(params)) {
    if (Object.hasOwn(parameters, parameter)) continue;
    throw new OptionError([`params.${parameter}`], (spell) => {
      const names = known.map(spell);
      const its = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
      return `the workload ${name} has no such parameter, ${its}${suggestion(spell(parameter), names)}`;
    });
  }
  const resolved: Record<string, ParameterValue> = {};
  for (const [parameter, schema] of Object.entries(parameters)) {
    resolved[parameter] = resolveParameter(`params.${parameter}`, schema, params[parameter]);
  }
  // What is built from them has checked types, each definition others.
  return definition.build({ ...resolved, blockSize } as never, seed);
}
