import type { CallHistory } from './incarnations.js';
import type { LocationNames } from './location-names.js';
import type { AbortedCall } from './types.js';

/** Those of which an incarnation was aborted: the ones with the most first, and of as many in the order of the block. */
export function abortedCalls(histories: readonly CallHistory[], names: LocationNames): AbortedCall[] {
  return histories
    .filter(({ executions }) => executions.length > 1)
    .sort((one, other) => other.executions.length - one.executions.length || one.index - other.index)
    .map((history) => {
      const [location, aborts] = mostFrequent(history);
      return { index: history.index, incarnations: history.executions.length, location: names.of(location), aborts };
    });
}

/** The location that most incarnations were aborted for, of several the first, and how many. */
function mostFrequent({ aborts }: CallHistory): [location: number, aborts: number] {
  const counts = new Map<number, number>();
  for (const abort of aborts) {
    if (abort !== undefined) counts.set(abort.location, (counts.get(abort.location) ?? 0) + 1);
  }
  return [...counts].reduce((most, each) => (each[1] > most[1] ? each : most));
}
