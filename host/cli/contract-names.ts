import type { ContractNames } from '../index.js';
import type { NamedContract } from './call-reader.js';
import { hex } from './hex.js';

/** What contracts are called whose names are known: as in the names of calls. No name begins with "0x": that is an address in the place of one. */
export function contractNames(contracts: readonly NamedContract[]): ContractNames {
  const known = contracts.filter(({ name }) => !name.startsWith('0x'));
  const names = new Map(known.map(({ name, contract }) => [hex(contract.address), name]));
  return (address) => names.get(hex(address));
}
