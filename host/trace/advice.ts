import type { CommittedCall } from './dependencies.js';
import type { TapedAbort } from './incarnations.js';
import type { LocationNames } from './location-names.js';
import { isChange, type LocationUse, type Remedy, remediesFor } from './remedies.js';
import type { Advice, CallNames } from './types.js';

/** What advice on a block's calls is made of. */
export interface AdviceSource {
  readonly calls: readonly CommittedCall[];
  /** Where each abort began. */
  readonly roots: ReadonlyMap<TapedAbort, TapedAbort>;
  readonly names: LocationNames;
  /** Whether additions to counters are no reads. */
  readonly deltas: boolean;
}

const KINDS: readonly Advice['kind'][] = ['delta', 'shard', 'reorder'];

/** What would have avoided the aborts of a call: what each of them began with, and what it was aborted for itself. What is between the two goes with the first. */
export function adviceFor(aborts: readonly TapedAbort[], source: AdviceSource, callName: CallNames): Advice[] {
  const { calls, names } = source;
  const causes = aborts.map((abort) => new Set([source.roots.get(abort) ?? abort, abort]));
  const uses = usesOf(calls, new Set(causes.flatMap((own) => [...own].map(({ location }) => location))));
  const found = new Map<string, { readonly remedy: Remedy; aborts: number }>();
  for (const own of causes) {
    const counted = new Set<string>();
    for (const cause of own) {
      const { location } = cause;
      const place = { name: names.of(location), meaning: names.meaningOf(location), use: uses.get(location) };
      for (const remedy of remediesFor(cause, place, source, callName)) {
        const key = `${remedy.kind} ${location}`;
        const known = found.get(key);
        if (known === undefined) found.set(key, { remedy, aborts: 1 });
        else if (!counted.has(key)) known.aborts++;
        counted.add(key);
      }
    }
  }
  return [...found.values()]
    .map(({ remedy, aborts: avoided }): Advice => ({ ...remedy, aborts: avoided }))
    .sort((one, other) => KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind) || other.aborts - one.aborts);
}

/** All locations in one go: a block has many accesses. */
function usesOf(calls: readonly CommittedCall[], locations: ReadonlySet<number>): Map<number, LocationUse> {
  const uses = new Map<number, LocationUse>();
  for (const [index, { accesses }] of calls.entries()) {
    for (const access of accesses) {
      if (!locations.has(access.location)) continue;
      const { changers, first } = uses.get(access.location) ?? { changers: 0, first: undefined };
      const isWriter = access.isWritten || access.isAdded;
      uses.set(access.location, {
        changers: changers + (isChange(access) ? 1 : 0),
        first: first ?? (isWriter ? index : undefined),
      });
    }
  }
  return uses;
}
