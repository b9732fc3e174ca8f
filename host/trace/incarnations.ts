import type { Tape, TapeEvent } from '../engine/tape.js';

export type TapedExecution = Extract<TapeEvent, { kind: 'execution' }> & { readonly worker: number };
export type TapedAbort = Extract<TapeEvent, { kind: 'abort' }> & { readonly worker: number };

/** The incarnations of a call, and how those ended that were for nothing. */
export interface CallHistory {
  readonly index: number;
  /** Ascending; the last one was committed. */
  readonly executions: readonly TapedExecution[];
  /** The same place as in `executions`, but for the last. */
  readonly aborts: readonly (TapedAbort | undefined)[];
}

/** What became of each call of a block, in block order. */
export function callHistories(tape: Tape, calls: number): CallHistory[] {
  const executions = Array.from({ length: calls }, (): TapedExecution[] => []);
  const aborts = Array.from({ length: calls }, (): TapedAbort[] => []);
  for (const { worker, events } of tape.lanes) {
    for (const event of events) {
      if (event.kind === 'execution') executions[event.index]?.push({ ...event, worker });
      else if (event.kind === 'abort') aborts[event.index]?.push({ ...event, worker });
    }
  }
  return executions.map((own, index) => {
    own.sort((left, right) => left.incarnation - right.incarnation);
    return {
      index,
      executions: own,
      aborts: own.map(({ incarnation }) => aborts[index]?.find((each) => each.incarnation === incarnation)),
    };
  });
}

/**
 * Where each abort of a block began. One that is not for a write that came too late comes of the last abort by then of its writer, a lower call, and began where that did.
 */
export function rootAborts(histories: readonly CallHistory[]): ReadonlyMap<TapedAbort, TapedAbort> {
  const roots = new Map<TapedAbort, TapedAbort>();
  for (const { aborts } of histories) {
    for (const abort of aborts) {
      if (abort === undefined) continue;
      const before = abort.cause === 'validation' ? undefined : lastAbort(histories[abort.writer ?? -1], abort.end);
      roots.set(abort, before === undefined ? abort : (roots.get(before) ?? before));
    }
  }
  return roots;
}

/** Of those that had happened at `time`. */
function lastAbort(history: CallHistory | undefined, time: number): TapedAbort | undefined {
  return history?.aborts.filter((each) => each !== undefined && each.end <= time).at(-1);
}

/** The incarnation that was committed. */
export function committed({ index, executions }: CallHistory): TapedExecution {
  const last = executions.at(-1);
  if (last === undefined) throw new RangeError(`the tape has no execution of call ${index}`);
  return last;
}
