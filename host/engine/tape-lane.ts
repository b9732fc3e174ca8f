import type { TapedAccess, TapeEvent, TapeLane } from './tape.js';

/** What may share a reading of the clock with others. */
export type SharingEvent = Extract<TapeEvent, { kind: 'execution' | 'commit' }> & { begin: number; end: number };
/** What has times of its own. */
export type TimedEvent = Exclude<TapeEvent, { kind: 'execution' | 'commit' }>;

/** An access whose verdicts come later. */
export type OpenAccess = { -readonly [Name in keyof TapedAccess]: TapedAccess[Name] };

/**
 * A lane on its way. What shares a reading of the clock ended one after another between two known times: each took as long as its share of the gas that
 * they count as (assembly/kernel/tape.ts).
 */
export class OpenLane {
  /** Accesses whose verdicts come next. */
  counted: Iterator<OpenAccess> = [].values();
  readonly #worker: number;
  readonly #begin: number;
  readonly #events: TapeEvent[] = [];
  #end: number;
  /** The last known time. */
  #time: number;
  #pending: { readonly event: SharingEvent; readonly gas: number }[] = [];
  #pendingGas = 0;

  constructor(worker: number, begin: number) {
    this.#worker = worker;
    this.#begin = begin;
    this.#end = begin;
    this.#time = begin;
  }

  /** Its worker comes back, at `time`: until then it had nothing to do. */
  resume(time: number): void {
    this.#settle(this.#time);
    this.#events.push({ kind: 'idle', begin: this.#end, end: time });
    this.#time = time;
  }

  /** It counts as `gas`; `end` is 0 where that was not looked at. */
  share(event: SharingEvent, gas: number, end: number): void {
    this.#events.push(event);
    this.#pending.push({ event, gas });
    this.#pendingGas += gas;
    if (end !== 0) this.#settle(end);
  }

  /** What comes next begins and ends then. */
  pass(begin: number, end: number): void {
    if (begin >= this.#time) this.#settle(begin);
    this.#time = end;
    this.#end = end;
  }

  /** Something with times of its own. */
  add(event: TimedEvent): void {
    this.pass(event.begin, event.end);
    this.#events.push(event);
  }

  /** What its worker did not live to date ended when it was last heard of. */
  get closed(): TapeLane {
    this.#settle(this.#time);
    return { worker: this.#worker, begin: this.#begin, end: this.#end, events: this.#events };
  }

  #settle(time: number): void {
    const from = this.#time;
    const all = this.#pendingGas;
    const timeAfter = (gas: number): number => {
      if (gas === 0) return from;
      return gas === all ? time : from + ((time - from) * gas) / all;
    };
    let before = 0;
    for (const { event, gas } of this.#pending) {
      event.begin = timeAfter(before);
      before += gas;
      event.end = timeAfter(before);
    }
    this.#pending = [];
    this.#pendingGas = 0;
    this.#time = time;
    this.#end = Math.max(this.#end, time);
  }
}
