import type { TapedAccess } from '../engine/tape.js';

/** What a call did that was committed. */
export interface CommittedCall {
  readonly gas: number;
  readonly accesses: readonly TapedAccess[];
}

/** What a call that reads a location gets to see, in the order of the block. */
export interface TrueRead {
  readonly location: number;
  /** TxIndex of the call that wrote it last; undefined: the state before the block. */
  readonly writer: number | undefined;
  /** Calls that added to it since, ascending. */
  readonly adders: readonly number[];
}

/** `to` reads what `from` left at `location`. */
export interface Dependency {
  readonly from: number;
  readonly to: number;
  readonly location: number;
}

/** The last write to a location, and what was added since. */
interface LastWrite {
  readonly writer: number | undefined;
  readonly adders: number[];
}

/**
 * Who reads from whom, if calls are executed in the order of the block. It follows from what each call read and wrote in the end, and not from what the workers saw: a value that
 * was overwritten by the same bytes counts as the later one's.
 */
export function trueReads(calls: readonly CommittedCall[]): TrueRead[][] {
  const last = new Map<number, LastWrite>();
  return calls.map(({ accesses }, index) => {
    const reads = accesses
      .filter(({ isRead }) => isRead)
      .map(({ location }) => {
        const before = last.get(location);
        return { location, writer: before?.writer, adders: before?.adders.slice() ?? [] };
      });
    for (const { location, isWritten, isAdded } of accesses) {
      if (isWritten) last.set(location, { writer: index, adders: [] });
      else if (isAdded) {
        const before = last.get(location);
        if (before === undefined) last.set(location, { writer: undefined, adders: [index] });
        else before.adders.push(index);
      }
    }
    return reads;
  });
}

/** The same as edges, by the reader and then as it read. */
export function dependenciesOf(reads: readonly (readonly TrueRead[])[]): Dependency[] {
  return reads.flatMap((own, to) =>
    own.flatMap(({ location, writer, adders }) =>
      [...(writer === undefined ? [] : [writer]), ...adders].map((from) => ({ from, to, location })),
    ),
  );
}
