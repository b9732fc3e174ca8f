import { expect } from 'vitest';
import type { TraceEvent } from '../../dist/host/index.js';

/** An arrow of a trace, and the slices that it goes from and to; undefined where it finds none. */
export interface ViewedArrow {
  readonly name: string;
  readonly from: TraceEvent | undefined;
  readonly to: TraceEvent | undefined;
}

/** What a viewer makes of a trace. */
export interface ViewedTrace {
  /** Slices that begin within another one of their lane and end after it: they have no place, and are not shown. */
  readonly misplaced: readonly TraceEvent[];
  readonly arrows: readonly ViewedArrow[];
}

/**
 * Read a trace as Perfetto does. Times are whole nanoseconds, the rest is cut off. Events come by their time, and by their place in the file where that is the same. On each lane there is a stack of open slices: a
 * new one closes those that have ended; a moment stays open for what happens at it. An arrow's ends belong to the slice that is on top of their lane then, and an end without a beginning is
 * dropped.
 */
export function viewTrace(events: readonly TraceEvent[]): ViewedTrace {
  const misplaced: TraceEvent[] = [];
  const arrows: ViewedArrow[] = [];
  const lanes = new Map<number, TraceEvent[]>();
  const begun = new Map<number, TraceEvent | undefined>();
  for (const event of [...events].sort((left, right) => nanos(left.ts) - nanos(right.ts))) {
    const open = lanes.get(event.tid) ?? [];
    lanes.set(event.tid, open);
    if (event.ph === 'X' || event.ph === 'i') {
      while (open.length > 0 && isOver(open.at(-1) as TraceEvent, event)) open.pop();
      const outer = open.at(-1);
      if (outer !== undefined && endOf(event) > endOf(outer)) misplaced.push(event);
      else open.push(event);
    } else if (event.ph === 's') {
      begun.set(event.id as number, open.at(-1));
    } else if (event.ph === 'f') {
      arrows.push({ name: event.name, from: begun.get(event.id as number), to: open.at(-1) });
    }
  }
  return { misplaced, arrows };
}

/** Its name says who aborts whom: it goes from an execution of the one to an abort of the other. */
export function expectEnds({ name, from, to }: ViewedArrow): void {
  const [writer, aborted] = name.split(' aborts ').map(Number);
  expect(from, name).toMatchObject({ cat: 'execution', args: { call: writer } });
  expect(to, name).toMatchObject({ cat: 'abort', args: { call: aborted } });
}

function isOver(slice: TraceEvent, next: TraceEvent): boolean {
  const now = nanos(next.ts);
  const isMoment = nanos(slice.dur ?? 0) === 0 && nanos(next.dur ?? 0) === 0;
  return endOf(slice) < now || (endOf(slice) === now && !isMoment);
}

function endOf({ ts, dur = 0 }: TraceEvent): number {
  return nanos(ts) + nanos(dur);
}

function nanos(micros: number): number {
  return Math.trunc(micros * 1_000);
}
