import type { KernelExports } from './kernel.js';
import type { LogSnapshot } from './snapshot.js';
import type { TapedCause, TapedVerdicts, TapeEvent, TapeLane } from './tape.js';
import { type OpenAccess, OpenLane, type SharingEvent, type TimedEvent } from './tape-lane.js';

const ACCESS = 8;
const NOBODY = 0xffff_ffff;

/** What is in the workers' tapes. */
export interface TapeContent {
  readonly lanes: readonly TapeLane[];
  /** Of locations: what a counter that was counted on and changed was before the block; undefined where it was none. */
  readonly before: ReadonlyMap<number, bigint | undefined>;
}

type Outcome = Extract<TapeEvent, { kind: 'execution' }>['outcome'];

/** Read the tapes, as assembly/kernel/tape.ts lays them out. */
export function readTape(log: LogSnapshot, kernel: KernelExports): TapeContent {
  const lanes = new Map<number, OpenLane>();
  const before = new Map<number, bigint | undefined>();
  const reader = new RecordReader(log.view, kernel);
  let lane: OpenLane | undefined;
  // A worker's newest chunk comes first.
  for (const { start, end } of [...log.entries()].reverse()) {
    for (let at = start; at < end; ) {
      const worker = reader.entered(at);
      if (worker !== undefined) {
        const begin = reader.time(at);
        const known = lanes.get(worker);
        // A block that goes on sequentially.
        known?.resume(begin);
        lane = known ?? new OpenLane(worker, begin);
        lanes.set(worker, lane);
        at += reader.size(at);
        continue;
      }
      if (lane === undefined) throw new RangeError('the tape does not begin with a worker');
      if (!reader.readBefore(at, before)) reader.read(at, lane);
      at += reader.size(at);
    }
  }
  const closed = [...lanes.values()].map((each) => each.closed);
  return { lanes: closed.sort((left, right) => left.worker - right.worker), before };
}

/** The numbers of all locations that the tapes name, a chunk at a time: to find them nothing is decoded. */
export function* locationsIn(log: LogSnapshot, kernel: KernelExports): Generator<ReadonlySet<number>> {
  const reader = new RecordReader(log.view, kernel);
  for (const { start, end } of log.entries()) {
    const found = new Set<number>();
    for (let at = start; at < end; at += reader.size(at)) reader.addLocations(at, found);
    yield found;
  }
}

class RecordReader {
  readonly #view: DataView;
  readonly #kinds: ReadonlyMap<number, TapeEvent['kind'] | 'arrived'>;
  readonly #outcomes: ReadonlyMap<number, Outcome>;
  readonly #causes: ReadonlyMap<number, TapedCause>;
  readonly #entered: number;
  readonly #verdicts: number;
  readonly #before: number;
  readonly #record: number;
  readonly #verdictsSize: number;
  readonly #flags: {
    readonly read: number;
    readonly written: number;
    readonly added: number;
    readonly counted: number;
  };

  constructor(view: DataView, kernel: KernelExports) {
    this.#view = view;
    this.#outcomes = new Map([
      [kernel.TAPE_FINAL.value, 'final'],
      [kernel.TAPE_SPECULATIVE.value, 'speculative'],
      [kernel.TAPE_UNWOUND.value, 'unwound'],
    ]);
    this.#kinds = new Map([
      [kernel.TAPE_ABORT.value, 'abort'],
      [kernel.TAPE_RESUMED.value, 'resumed'],
      [kernel.TAPE_VALIDATION.value, 'validation'],
      [kernel.TAPE_COMMIT.value, 'commit'],
      [kernel.TAPE_IDLE.value, 'idle'],
      [kernel.TAPE_ARRIVED.value, 'arrived'],
      ...[...this.#outcomes.keys()].map((kind) => [kind, 'execution'] as const),
    ]);
    this.#causes = new Map([
      [kernel.CAUSE_VALIDATION.value, 'validation'],
      [kernel.CAUSE_ESTIMATE.value, 'estimate'],
      [kernel.CAUSE_CASCADE.value, 'cascade'],
    ]);
    this.#entered = kernel.TAPE_ENTERED.value;
    this.#verdicts = kernel.TAPE_VERDICTS.value;
    this.#before = kernel.TAPE_BEFORE.value;
    this.#record = kernel.TAPE_RECORD.value;
    this.#verdictsSize = kernel.TAPE_VERDICTS_SIZE.value;
    this.#flags = {
      read: kernel.TAPE_READ.value,
      written: kernel.TAPE_WRITTEN.value,
      added: kernel.TAPE_ADDED.value,
      counted: kernel.TAPE_COUNTED.value,
    };
  }

  /** The worker whose coming the record at `at` tells of; undefined where it is another record. */
  entered(at: number): number | undefined {
    return this.#view.getUint8(at) === this.#entered ? this.#view.getUint32(at + 4, true) : undefined;
  }

  size(at: number): number {
    const kind = this.#view.getUint8(at);
    if (kind === this.#verdicts) return this.#verdictsSize;
    return this.#record + (this.#outcomes.has(kind) ? this.#view.getUint32(at + 24, true) * ACCESS : 0);
  }

  /** Put the locations that an execution or an abort names to `found`. */
  addLocations(at: number, found: Set<number>): void {
    const view = this.#view;
    const kind = this.#kinds.get(view.getUint8(at));
    if (kind === 'abort') found.add(view.getUint32(at + 24, true));
    if (kind !== 'execution') return;
    const end = at + this.size(at);
    for (let from = at + this.#record; from < end; from += ACCESS) found.add(view.getUint32(from, true) >>> 8);
  }

  /** If the record at `at` says what a counter was before the block, put that to `before`. */
  readBefore(at: number, before: Map<number, bigint | undefined>): boolean {
    if (this.#view.getUint8(at) !== this.#before) return false;
    const isCounter = this.#view.getUint8(at + 1) !== 0;
    before.set(this.#view.getUint32(at + 4, true), isCounter ? this.#view.getBigUint64(at + 8, true) : undefined);
    return true;
  }

  /** When it ended; 0 where that was not looked at. */
  time(at: number): number {
    return this.#view.getFloat64(at + 8, true);
  }

  /** Put what the record at `at` says to the lane. */
  read(at: number, lane: OpenLane): void {
    if (this.#view.getUint8(at) === this.#verdicts) {
      const { value: access } = lane.counted.next();
      if (access === undefined) throw new RangeError('the tape has verdicts on nothing');
      access.verdicts = this.#verdictsAt(at);
      return;
    }
    const kind = this.#kinds.get(this.#view.getUint8(at));
    if (kind === undefined) throw new RangeError(`the tape has a record of kind ${this.#view.getUint8(at)}`);
    const end = this.time(at);
    switch (kind) {
      case 'execution': {
        const counted: OpenAccess[] = [];
        const execution = this.#execution(at, counted);
        lane.counted = counted.values();
        lane.share(execution, Math.max(1, execution.gas), end);
        return;
      }
      case 'commit':
        lane.share(this.#commit(at), Number(this.#view.getBigUint64(at + 16, true)), end);
        return;
      case 'arrived':
        lane.pass(end, end);
        return;
      default:
        lane.add(this.#timed(at, kind, end));
    }
  }

  /** Accesses that are counted are put to `counted`, too. */
  #execution(at: number, counted: OpenAccess[]): Extract<SharingEvent, { kind: 'execution' }> {
    const view = this.#view;
    const accesses: OpenAccess[] = [];
    const end = at + this.size(at);
    for (let from = at + this.#record; from < end; from += ACCESS) {
      const word = view.getUint32(from, true);
      const writer = view.getUint32(from + 4, true);
      if ((word & 0xff) === 0) continue;
      const access: OpenAccess = {
        location: word >>> 8,
        isRead: (word & this.#flags.read) !== 0,
        isWritten: (word & this.#flags.written) !== 0,
        isAdded: (word & this.#flags.added) !== 0,
        verdicts: undefined,
        writer: writer === NOBODY ? undefined : writer,
      };
      accesses.push(access);
      if ((word & this.#flags.counted) !== 0) counted.push(access);
    }
    return {
      kind: 'execution',
      index: view.getUint32(at + 4, true),
      incarnation: view.getUint8(at + 1),
      outcome: this.#outcomes.get(view.getUint8(at)) as Outcome,
      begin: 0,
      end: 0,
      gas: Number(view.getBigUint64(at + 16, true)),
      accesses,
    };
  }

  #verdictsAt(at: number): TapedVerdicts {
    const word = (offset: number): bigint => this.#view.getBigUint64(at + offset, true);
    return { guess: word(8), least: word(16), most: word(24), added: word(32) };
  }

  #commit(at: number): SharingEvent {
    const view = this.#view;
    const [index, to] = [view.getUint32(at + 4, true), view.getUint32(at + 24, true)];
    return { kind: 'commit', index, to, begin: 0, end: 0 };
  }

  #timed(at: number, kind: TimedEvent['kind'], end: number): TimedEvent {
    const view = this.#view;
    const begin = kind === 'resumed' ? end : view.getFloat64(at + 16, true);
    const index = view.getUint32(at + 4, true);
    const incarnation = view.getUint8(at + 1);
    switch (kind) {
      case 'abort': {
        const writer = view.getUint32(at + 28, true);
        const cause = this.#causes.get(view.getUint8(at + 2)) as TapedCause;
        const location = view.getUint32(at + 24, true);
        return {
          kind,
          index,
          incarnation,
          cause,
          location,
          isBound: view.getUint8(at + 3) !== 0,
          writer: writer === NOBODY ? undefined : writer,
          begin,
          end,
        };
      }
      case 'validation':
        return { kind, index, incarnation, begin, end };
      case 'resumed':
        return { kind, index, begin, end };
      case 'idle':
        return { kind, begin, end };
    }
  }
}
