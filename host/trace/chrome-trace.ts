import type { Tape, TapeEvent, TapeLane } from '../engine/tape.js';
import { type CallHistory, committed, type TapedAbort } from './incarnations.js';
import { type LocationNames, locationText } from './location-names.js';
import type { CallNames, ChromeTrace, TraceEvent } from './types.js';

const PROCESS = 1;
/** Of worker 0. To viewers thread 0 may be a system's idle one, and the one with the process's number is its main thread, which comes first. */
const FIRST_THREAD = PROCESS;
/**
 * Times are whole ticks, a little less than a nanosecond. Some viewers add up begin and length, others cut both off to nanoseconds: where a slice ends when the next one begins, neither must have it end later. Sums of such
 * fractions are exact, and what is cut off from two is never more than from their sum.
 */
const TICKS_IN_MICRO = 1_024;
/** More than a nanosecond. */
const WITHIN = 2 / TICKS_IN_MICRO;

/**
 * A block as Chrome's trace-event format has it: a lane for each worker with what it executed, validated, aborted and waited for, and an arrow from each incarnation whose write had another aborted to
 * where that was found out.
 */
export function chromeTrace(
  tape: Tape,
  histories: readonly CallHistory[],
  locations: LocationNames,
  callName: CallNames,
): ChromeTrace {
  const { lanes } = tape;
  const start = Math.min(...lanes.map(({ begin }) => begin));
  const drawn = new Drawing(start, histories, locations, callName);
  return {
    displayTimeUnit: 'ns',
    traceEvents: [
      { name: 'process_name', ph: 'M', pid: PROCESS, tid: FIRST_THREAD, ts: 0, args: { name: 'block' } },
      ...lanes.flatMap((lane) => drawn.lane(lane)),
    ],
  };
}

class Drawing {
  readonly #start: number;
  readonly #histories: readonly CallHistory[];
  readonly #locations: LocationNames;
  readonly #callName: CallNames;
  #arrows = 0;

  constructor(start: number, histories: readonly CallHistory[], locations: LocationNames, callName: CallNames) {
    this.#start = start;
    this.#histories = histories;
    this.#locations = locations;
    this.#callName = callName;
  }

  /** Microseconds from the start of the block. */
  #ticks(time: number): number {
    return Math.round((time - this.#start) * TICKS_IN_MICRO) / TICKS_IN_MICRO;
  }

  lane({ worker, events }: TapeLane): TraceEvent[] {
    const about = { ph: 'M', pid: PROCESS, tid: threadOf(worker), ts: 0 } as const;
    const name = { ...about, name: 'thread_name', args: { name: `worker ${worker}` } };
    // By their names worker 10 would come before worker 2.
    const place = { ...about, name: 'thread_sort_index', args: { sort_index: worker } };
    // A viewer puts a slice into the one that is open: outer ones come first, and what ends one before what begins then.
    const ordered = [...events].sort((left, right) => beginOf(left) - beginOf(right) || compareLengths(left, right));
    return [name, place, ...ordered.flatMap((event) => this.#slice(worker, event))];
  }

  #slice(worker: number, event: TapeEvent): TraceEvent[] {
    const { kind, begin, end } = event;
    const tid = threadOf(worker);
    const ts = this.#ticks(begin);
    const at = { ph: 'X', pid: PROCESS, tid, ts, dur: this.#ticks(end) - ts, cat: kind } as const;
    switch (kind) {
      case 'execution': {
        const { index, incarnation, gas, outcome } = event;
        const isCommitted = committed(this.#histories[index] as CallHistory).incarnation === incarnation;
        const args = { call: index, incarnation, gas, outcome, isCommitted };
        return [
          { ...at, name: `${this.#callName(index)}${incarnation === 0 ? '' : `, again (${incarnation})`}`, args },
        ];
      }
      case 'validation':
        return [
          { ...at, name: `validate ${event.index}`, args: { call: event.index, incarnation: event.incarnation } },
        ];
      case 'commit':
        if (end === begin) return [];
        return [{ ...at, name: commitName(event.index, event.to), args: { from: event.index, to: event.to } }];
      case 'abort':
        // The arrow ends at what came last.
        return [this.#abort(worker, event), ...this.#arrow({ ...event, worker })];
      case 'idle':
        return [{ ...at, name: 'parked' }];
      case 'resumed':
        return [];
    }
  }

  /** A moment: it is what ends a validation, or an execution. A slice without a length has some viewers take what follows to be within it. */
  #abort(worker: number, event: Extract<TapeEvent, { kind: 'abort' }>): TraceEvent {
    const { index, incarnation, cause, writer, end } = event;
    return {
      name: `abort ${index}: ${cause}`,
      ph: 'i',
      s: 't',
      pid: PROCESS,
      tid: threadOf(worker),
      ts: this.#ticks(end),
      cat: 'abort',
      args: {
        call: index,
        incarnation,
        cause,
        writer: writer ?? null,
        location: locationText(this.#locations.of(event.location)),
      },
    };
  }

  /** From the end of what the writer executed last before: within it, so that it is that slice's. */
  #arrow({ writer, end, worker, index, cause }: TapedAbort): TraceEvent[] {
    const source = this.#histories[writer ?? -1]?.executions.filter((each) => each.end <= end).at(-1);
    if (source === undefined) return [];
    const shared = {
      name: `${writer} aborts ${index}`,
      cat: 'abort',
      pid: PROCESS,
      id: ++this.#arrows,
      args: { cause },
    };
    return [
      {
        ...shared,
        ph: 's',
        tid: threadOf(source.worker),
        ts: Math.max(this.#ticks(source.begin), this.#ticks(source.end) - WITHIN),
      },
      { ...shared, ph: 'f', bp: 'e', tid: threadOf(worker), ts: this.#ticks(end) },
    ];
  }
}

function threadOf(worker: number): number {
  return FIRST_THREAD + worker;
}

/** An abort is where it ends what it ends. */
function beginOf(event: TapeEvent): number {
  return event.kind === 'abort' ? event.end : event.begin;
}

/** Those without a length first, then the longer. */
function compareLengths(left: TapeEvent, right: TapeEvent): number {
  const [one, other] = [left, right].map((event) => event.end - beginOf(event)) as [number, number];
  if (one === other) return 0;
  return one === 0 ? -1 : other === 0 ? 1 : other - one;
}

function commitName(from: number, to: number): string {
  if (to === from) return `validate ${from}`;
  return to === from + 1 ? `commit ${from}` : `commit ${from} to ${to - 1}`;
}
