import type { KernelExports } from './kernel.js';
import type { LogSnapshot } from './snapshot.js';
import type { TapedAccess, TapedCause, TapedVerdicts, TapeEvent, TapeLane } from './tape.js';

const ACCESS = 8;
const NOBODY = 0xffff_ffff;

/** What is in the workers' tapes. */
export interface TapeContent {
  readonly lanes: readonly TapeLane[];
  /** Of locations: what a counter that was counted on and changed was before the block; undefined where it was none. */
  readonly before: ReadonlyMap<number, bigint | undefined>;
}

/** A lane on its way. */
interface OpenLane {
  readonly worker: number;
  readonly begin: number;
  end: number;
  readonly events: TapeEvent[];
  /** When what was read last ended. */
  time: number;
  /** Executions whose end was not looked at, and their gas. */
  pending: Execution[];
  pendingGas: number;
  /** Accesses whose verdicts come next. */
  counted: Iterator<OpenAccess>;
}

/** An access whose verdicts come later. */
type OpenAccess = { -readonly [Name in keyof TapedAccess]: TapedAccess[Name] };

interface Execution {
  readonly kind: 'execution';
  readonly index: number;
  readonly incarnation: number;
  readonly outcome: 'final' | 'speculative' | 'unwound';
  begin: number;
  end: number;
  readonly gas: number;
  readonly accesses: readonly TapedAccess[];
}

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
        lane = lanes.get(worker) ?? openLane(worker, begin);
        // A block that goes on sequentially: until then its worker had nothing to do.
        if (lanes.has(worker)) lane.events.push({ kind: 'idle', begin: lane.end, end: begin });
        lane.time = begin;
        lanes.set(worker, lane);
        at += reader.size(at);
        continue;
      }
      if (lane === undefined) throw new RangeError('the tape does not begin with a worker');
      if (!reader.readBefore(at, before)) reader.read(at, lane);
      at += reader.size(at);
    }
  }
  const sorted = [...lanes.values()].sort((left, right) => left.worker - right.worker);
  return { lanes: sorted.map(({ worker, begin, end, events }) => ({ worker, begin, end, events })), before };
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

function openLane(worker: number, begin: number): OpenLane {
  return { worker, begin, end: begin, events: [], time: begin, pending: [], pendingGas: 0, counted: [].values() };
}

class RecordReader {
  readonly #view: DataView;
  readonly #kinds: ReadonlyMap<number, TapeEvent['kind'] | 'arrived'>;
  readonly #outcomes: ReadonlyMap<number, Execution['outcome']>;
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
    if (kind === 'execution') {
      const counted: OpenAccess[] = [];
      const execution = this.#execution(at, counted);
      lane.counted = counted.values();
      lane.events.push(execution);
      lane.pending.push(execution);
      lane.pendingGas += Math.max(1, execution.gas);
      if (end !== 0) settle(lane, end);
      return;
    }
    const hasBegin = kind !== 'arrived' && kind !== 'resumed';
    const begin = hasBegin ? this.#view.getFloat64(at + 16, true) : end;
    if (begin >= lane.time) settle(lane, begin);
    lane.time = end;
    lane.end = end;
    if (kind !== 'arrived') lane.events.push(this.#event(at, kind, begin, end));
  }

  /** Accesses that are counted are put to `counted`, too. */
  #execution(at: number, counted: OpenAccess[]): Execution {
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
      outcome: this.#outcomes.get(view.getUint8(at)) as Execution['outcome'],
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

  #event(at: number, kind: Exclude<TapeEvent['kind'], 'execution'>, begin: number, end: number): TapeEvent {
    const view = this.#view;
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
      case 'commit':
        return { kind, index, to: view.getUint32(at + 24, true), begin, end };
      case 'resumed':
        return { kind, index, begin, end };
      case 'idle':
        return { kind, begin, end };
    }
  }
}

/** The executions since the last known time ended one after another until `time`: each took as long as its share of the gas. */
function settle(lane: OpenLane, time: number): void {
  const { pending, pendingGas } = lane;
  const from = lane.time;
  let gas = 0;
  for (const execution of pending) {
    execution.begin = from + ((time - from) * gas) / pendingGas;
    gas += Math.max(1, execution.gas);
    execution.end = from + ((time - from) * gas) / pendingGas;
  }
  lane.pending = [];
  lane.pendingGas = 0;
  lane.time = time;
  lane.end = Math.max(lane.end, time);
}
