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

/** The incarnation that was committed. */
export function committed({ index, executions }: CallHistory): TapedExecution {
  const last = executions.at(-1);
  if (last === undefined) throw new RangeError(`the tape has no execution of call ${index}`);
  return last;
}
