import type { TapedAccess } from '../../dist/host/engine/tape.js';
import type { CallHistory, TapedAbort, TapedExecution } from '../../dist/host/trace/incarnations.js';
import { LocationNames } from '../../dist/host/trace/location-names.js';

// Histories as no worker would have to live through them. Location n has the key n; nothing is known of the contract.

/** How an incarnation ended that was for nothing. */
export type Ended = Pick<TapedAbort, 'cause' | 'location' | 'writer'>;

const CHANGE = { isRead: true, isWritten: true, isAdded: false, writer: undefined, verdicts: undefined } as const;
export const unknownNames = new LocationNames((location) => ({ contract: 0, key: new Uint8Array([location]) }), {
  addressOf: () => new Uint8Array(32),
  layoutOf: () => undefined,
  layouts: () => [],
});
export const plainNames = (index: number): string => `call ${index}`;

/** Of a call that was aborted so, one after the other, at the times 10, 20, ..., and changed `locations` in the end. */
export function history(index: number, ends: readonly Ended[], locations: readonly number[]): CallHistory {
  const accesses = locations.map((location): TapedAccess => ({ ...CHANGE, location }));
  const at = (incarnation: number) => ({
    index,
    incarnation,
    worker: 0,
    begin: incarnation * 10,
    end: incarnation * 10 + 10,
  });
  const executions = [...ends, undefined].map(
    (_, incarnation): TapedExecution => ({
      ...at(incarnation),
      kind: 'execution',
      outcome: 'speculative',
      gas: 1,
      accesses,
    }),
  );
  const aborts = ends.map(
    (end, incarnation): TapedAbort => ({ ...at(incarnation), kind: 'abort', isBound: false, ...end }),
  );
  return { index, executions, aborts: [...aborts, undefined] };
}

/** For `location`, which call `writer` wrote too late. */
export const validation = (location: number, writer: number): Ended => ({ cause: 'validation', location, writer });
/** For `location`, as an incarnation of `writer` wrote it that was aborted. */
export const cascade = (location: number, writer: number): Ended => ({ cause: 'cascade', location, writer });
