import { BlockStmError } from '../../../host/index.js';

/**
 * What was measured, if it can be: everything takes time.
 * @param path its place in the table: `steps.execute`.
 * @throws BlockStmError `ERR_MEASUREMENT` for what takes none or less: other programs took more of the machine than what was measured.
 */
export function measuredCost(path: string, nanos: number): number {
  if (nanos > 0) return nanos;
  const found = `${path}: measured ${nanos.toPrecision(3)} ns, which cannot be`;
  throw new BlockStmError('ERR_MEASUREMENT', `${found}: the machine was too busy, measure again when it is idle`);
}

/** All numbers of a part of the table. @throws as `measuredCost` does. */
export function measuredCosts<Costs extends object>(part: string, costs: Costs): Costs {
  for (const [name, nanos] of Object.entries(costs)) measuredCost(`${part}.${name}`, nanos);
  return costs;
}
