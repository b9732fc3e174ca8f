import type { TapedAccess, TapedVerdicts } from '../engine/tape.js';
import { CounterWalk } from './counter-walk.js';

/** What a call did that was committed. */
export interface CommittedCall {
  readonly gas: number;
  readonly accesses: readonly TapedAccess[];
}

/** What was added to a location since the last write to it, or since the block began. */
export interface AdderRun {
  readonly location: number;
  /** TxIndex of the call that wrote it last; undefined: the state before the block. */
  readonly writer: number | undefined;
  /** Ascending. */
  readonly adders: readonly number[];
}

/** What a call that reads a location gets to see, in the order of the block. */
export class TrueRead {
  readonly run: AdderRun;
  /** So many of the run's adders come before. */
  readonly added: number;
  /** Nothing was read: an `add` or `subtract` asked whether its bound holds. */
  readonly isBound: boolean;

  constructor(run: AdderRun, added: number, isBound: boolean) {
    this.run = run;
    this.added = added;
    this.isBound = isBound;
  }

  get location(): number {
    return this.run.location;
  }

  /** TxIndex of the call that wrote it last; undefined: the state before the block. */
  get writer(): number | undefined {
    return this.run.writer;
  }

  /** Calls that added to it since, ascending. */
  get adders(): readonly number[] {
    return this.run.adders.slice(0, this.added);
  }
}

/** What counters were before the block, as `Tape.before` has it. */
export type CountersBefore = ReadonlyMap<number, bigint | undefined>;

/**
 * Who reads from whom, if calls are executed in the order of the block. It follows from what each call read and wrote in the end, and not from what the workers saw: a value that
 * was overwritten by the same bytes counts as the later one's. README.md says when a call that only counts depends on others.
 */
export function trueReads(calls: readonly CommittedCall[], before: CountersBefore): TrueRead[][] {
  const runs = new Map<number, OpenRun>();
  const runOf = (location: number): OpenRun => {
    const known = runs.get(location) ?? new OpenRun(location, undefined, before.get(location));
    runs.set(location, known);
    return known;
  };
  return calls.map(({ accesses }, index) => {
    const reads = accesses.flatMap((access) => {
      const { location, isRead, verdicts } = access;
      if (isRead) return [new TrueRead(runOf(location), runOf(location).adders.length, false)];
      if (verdicts === undefined || isToldBefore(verdicts, location, before)) return [];
      return [new TrueRead(runOf(location), runOf(location).firstTold(verdicts), true)];
    });
    for (const { location, isWritten, isAdded, verdicts } of accesses) {
      if (isWritten) runs.set(location, new OpenRun(location, index, undefined));
      else if (isAdded) runOf(location).add(index, verdicts);
    }
    return reads;
  });
}

/** On the state before the block the verdicts are the same. */
function isToldBefore({ guess, least, most }: TapedVerdicts, location: number, before: CountersBefore): boolean {
  const value = before.has(location) ? before.get(location) : guess;
  return value !== undefined && least <= value && value <= most;
}

/** A run on its way. */
class OpenRun implements AdderRun {
  readonly location: number;
  readonly writer: number | undefined;
  readonly adders: number[] = [];
  /** Undefined where it is not known what the run began with. */
  readonly #walk: CounterWalk | undefined;

  constructor(location: number, writer: number | undefined, start: bigint | undefined) {
    this.location = location;
    this.writer = writer;
    this.#walk = start === undefined ? undefined : new CounterWalk(start);
  }

  add(index: number, verdicts: TapedVerdicts | undefined): void {
    this.adders.push(index);
    this.#walk?.add(verdicts?.added ?? 0n);
  }

  /** After how many adders the verdicts are those that were given; all, where the values are not known. */
  firstTold(verdicts: TapedVerdicts): number {
    return this.#walk?.firstTold(verdicts) ?? this.adders.length;
  }
}
