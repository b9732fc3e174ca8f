import type { Tape, TapeEvent } from '../engine/tape.js';
import { type CallHistory, committed } from './incarnations.js';

/** Where a block's time went, in microseconds. */
export interface Timing {
  readonly parkedMicros: number;
  readonly suspendedMicros: number;
  readonly validationMicros: number;
  readonly spanMicros: number;
}

/** Of all workers together, but for the span. */
export function timingOf({ lanes }: Tape): Timing {
  const begin = Math.min(...lanes.map((lane) => lane.begin));
  const end = Math.max(...lanes.map((lane) => lane.end));
  // Who comes late, and who has left, has nothing to do either.
  let parkedMicros = lanes.reduce((sum, lane) => sum + (lane.begin - begin) + (end - lane.end), 0);
  let validationMicros = 0;
  for (const { events } of lanes) {
    for (const event of events) {
      if (event.kind === 'idle') parkedMicros += event.end - event.begin;
      else if (event.kind === 'validation' || event.kind === 'commit') validationMicros += event.end - event.begin;
    }
  }
  const spanMicros = lanes.length === 0 ? 0 : end - begin;
  return { parkedMicros, suspendedMicros: suspendedMicros(lanes), validationMicros, spanMicros };
}

/** A call that meets an estimate is resumed before it meets another, by whichever worker. */
function suspendedMicros(lanes: Tape['lanes']): number {
  const ofCalls = new Map<number, { suspended: number[]; resumed: number[] }>();
  const of = (index: number) => {
    const known = ofCalls.get(index) ?? { suspended: [], resumed: [] };
    ofCalls.set(index, known);
    return known;
  };
  for (const { events } of lanes) {
    for (const event of events) {
      if (isEstimate(event)) of(event.index).suspended.push(event.end);
      else if (event.kind === 'resumed') of(event.index).resumed.push(event.end);
    }
  }
  let sum = 0;
  for (const { suspended, resumed } of ofCalls.values()) {
    suspended.sort(ascending);
    resumed.sort(ascending);
    for (const [position, from] of suspended.entries()) sum += Math.max(0, (resumed[position] ?? from) - from);
  }
  return sum;
}

function isEstimate(event: TapeEvent): event is Extract<TapeEvent, { kind: 'abort' }> {
  return event.kind === 'abort' && event.cause === 'estimate';
}

/** Of each call, from the start of its first incarnation until it was committed, in microseconds, ascending. */
export function commitLatencies({ lanes }: Tape, histories: readonly CallHistory[]): number[] {
  // Sequentially a call is committed when it has ended, which nobody writes down.
  const committedAt = histories.map((history) => committed(history).end);
  for (const { events } of lanes) {
    for (const event of events) {
      if (event.kind !== 'commit') continue;
      for (let index = event.index; index < event.to; index++) committedAt[index] = event.end;
    }
  }
  return histories
    .map(({ executions, index }) => {
      const begin = Math.min(...executions.map((each) => each.begin));
      return Math.max(0, (committedAt[index] as number) - begin);
    })
    .sort(ascending);
}

/** The value that the share `fraction` of `sorted` does not exceed; 0 where there is none. */
export function percentile(sorted: readonly number[], fraction: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * fraction) - 1)] ?? 0;
}

function ascending(left: number, right: number): number {
  return left - right;
}
