// What a block's telemetry says. TxIndexes are positions of calls in the block. Times are in microseconds.

import type { Decision, ExecutorName, ReceiptStatus } from '../runtime/types.js';

/** Why an incarnation was for nothing. */
export interface AbortCauses {
  /** A lower call wrote a location after this one had read it. */
  readonly validation: number;
  /** It met the mark that an aborted call had left, and waited for that call. */
  readonly estimate: number;
  /** What it had read was written by an incarnation that was aborted itself, also where the next one of that call wrote there again, something else. */
  readonly cascade: number;
}

/** A storage key in the words of its contract's layout. */
export interface LocationName {
  /** What it is called: see `AddressNames`; null where it is called nothing and carries no layout. */
  readonly contract: string | null;
  /** The contract's address, "0x" and 64 hexadecimal digits. */
  readonly address: string;
  /** The storage field; null where the layout does not describe the key. */
  readonly field: string | null;
  /**
   * The decoded key in the field: of a map, of a set; the index in a vector; `size`, or `place of` a key, of what can be listed. Addresses in it are what they are called, see `AddressNames`. Null where the field
   * has one value. Without a field: "0x" and the whole key's digits.
   */
  readonly key: string | null;
}

/** A location, and how many incarnations were aborted for it. */
export interface ContendedKey extends LocationName {
  readonly aborts: number;
}

/** Statistics of one block; JSON as schemas/statistics.schema.json describes it. */
export interface BlockStatisticsReport {
  readonly schema: 'blockstm.statistics/1';
  readonly calls: number;
  /** Workers that took part. */
  readonly workers: number;
  /** Workers that could have: those of the runtime, but no more than calls; 1 with the executor `sequential`. More than took part where `auto` took `sequential`, or a limit was met. */
  readonly availableWorkers: number;
  /** Incarnations that ended, those that met an estimate included. */
  readonly executions: number;
  readonly aborts: { readonly total: number; readonly byCause: AbortCauses };
  /** At position n: how many calls had n + 1 incarnations. */
  readonly incarnations: readonly number[];
  /** Gas of all incarnations that were committed: that of the receipts. */
  readonly usedGas: number;
  /** Gas and time of all others. */
  readonly wastedGas: number;
  readonly wastedMicros: number;
  /** Time of the incarnations that were committed. */
  readonly usedMicros: number;
  /** Time in which workers had nothing to do, of all together. */
  readonly parkedMicros: number;
  /** Time from meeting an estimate until its writer had finished, of all calls together. */
  readonly suspendedMicros: number;
  /** Time in which read sets were validated and writes committed, of all workers together. Between cheap calls it is not measured but a share of the time, by gas. */
  readonly validationMicros: number;
  /** From the first worker's start to the last one's end. */
  readonly spanMicros: number;
  /** From the start of a call's first incarnation until it was committed. */
  readonly commitLatencyMicros: {
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly p999: number;
  };
  /** The locations that most incarnations were aborted for, the most contended first: 20, unless others are asked for. */
  readonly contendedKeys: readonly ContendedKey[];
  /** The same, by where it began: an abort that comes of another call's counts for that one's location, and where that comes of a third's, for that. */
  readonly rootKeys: readonly ContendedKey[];
  /** At position n: how many calls there are before which n others have to be executed, one after another. */
  readonly chainLengths: readonly number[];
  /** Calls of the longest chain. */
  readonly longestChain: number;
  /** Of all chains of dependencies, the one that uses most gas: its calls, ascending. */
  readonly criticalPath: { readonly gas: number; readonly calls: readonly number[] };
  /** The speed-up over sequential execution that the dependencies allow, where time goes by gas: with as many workers as one likes, and with `availableWorkers`. */
  readonly attainable: { readonly unlimited: number; readonly workers: number };
  /** usedMicros / spanMicros: how many workers were at what was committed, on average. No speed-up: what such a call takes here is more than it takes sequentially. */
  readonly busyWorkers: number;
}

/** What a report is to have. */
export interface StatisticsOptions {
  /** How many of `contendedKeys`, and of `rootKeys`, at most. Default 20. */
  readonly contendedKeysMax?: number;
}

/** What some calls have added to a counter, one after another. All that read it afterwards depend on the junction, and so on each of those calls. */
export interface GraphJunction {
  /** Numbered on from the last call. */
  readonly index: number;
  /** Its place in the graph's `locations`. */
  readonly location: number;
  /** Index of the junction of what had been added before; null: nothing since the last write, or since the block began. */
  readonly after: number | null;
  /** Indexes of the calls that have added since, ascending. */
  readonly adders: readonly number[];
}

/**
 * A call depends on a lower one where it reads what that wrote: with any executor, in the order of the block. Where it reads what several calls have added, it depends on a junction: so the graph is no
 * larger than what the calls of the block read and write.
 */
export interface DependencyGraph {
  readonly schema: 'blockstm.graph/1';
  /** What is read, once each, in the order of junctions and then of edges: these name a location by its place here, from 0. */
  readonly locations: readonly LocationName[];
  readonly nodes: readonly { readonly index: number; readonly gas: number }[];
  readonly junctions: readonly GraphJunction[];
  /** `from`: a call, or a junction. `location`: its place in `locations`. */
  readonly edges: readonly { readonly from: number; readonly to: number; readonly location: number }[];
}

/** An event of Chrome's trace-event format. */
export interface TraceEvent {
  readonly name: string;
  readonly ph: 'X' | 'i' | 'M' | 's' | 'f';
  readonly pid: number;
  readonly tid: number;
  /** Microseconds from the start of the block. */
  readonly ts: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly id?: number;
  readonly bp?: 'e';
  /** Of a moment: its thread. */
  readonly s?: 't';
  readonly args?: Readonly<Record<string, unknown>>;
}

/** A timeline that Perfetto and chrome://tracing open. */
export interface ChromeTrace {
  readonly displayTimeUnit: 'ns';
  readonly traceEvents: readonly TraceEvent[];
}

/** What a call read: whose value that is, in the order of the block. */
export interface ExplainedRead {
  readonly location: LocationName;
  /** The call that wrote it last; null: the state before the block. */
  readonly writer: number | null;
  /** Calls that added to it since. */
  readonly adders: readonly number[];
  /** Nothing was read: an `add` or `subtract` asked whether its bound holds, and these calls decide it. */
  readonly isBound: boolean;
}

/** How one incarnation of a call ended. */
export interface ExplainedIncarnation {
  readonly incarnation: number;
  readonly worker: number;
  readonly outcome: 'committed' | keyof AbortCauses;
  readonly gas: number;
  /** For which location, and by whose write; null for the one that was committed, and where it is not known. */
  readonly location: LocationName | null;
  readonly writer: number | null;
}

/**
 * What would have avoided an abort. `delta`: a counter that is added to without being read, far from its bound. `shard`: several values in place of the one that everybody changes. `reorder`: another
 * order of the calls.
 */
export interface Advice {
  readonly kind: 'delta' | 'shard' | 'reorder';
  readonly location: LocationName;
  /** How many of the call's aborts. */
  readonly aborts: number;
  readonly text: string;
}

/** Why a call was executed as often as it was. */
export interface Explanation {
  readonly schema: 'blockstm.explanation/1';
  readonly index: number;
  /** The receipt's. */
  readonly status: ReceiptStatus;
  /** The code of the receipt's error; null where it is `ok`. */
  readonly code: string | null;
  /** Of the block. */
  readonly executor: ExecutorName;
  readonly decision: Decision;
  readonly reads: readonly ExplainedRead[];
  readonly writes: readonly LocationName[];
  /** In their order; the last one was committed. */
  readonly incarnations: readonly ExplainedIncarnation[];
  /** By kind, as `Advice` has them, and of a kind that first which would have avoided most aborts; none where nothing was aborted. */
  readonly advice: readonly Advice[];
  /** All of it in words, a sentence a line. */
  readonly text: string;
}

/** A call of which incarnations were aborted, or left at an ESTIMATE. */
export interface AbortedCall {
  readonly index: number;
  /** How many it had, the one that was committed included. */
  readonly incarnations: number;
  /** The location that this was most often for, and how many times. */
  readonly location: LocationName;
  readonly aborts: number;
}

/** What the calls of a block are called in traces and words. Default: "call 12". */
export type CallNames = (index: number) => string;

/**
 * What contracts and accounts are called in traces, graphs and words, by their addresses of 32 bytes. Different addresses have to have different names, and none of them one that is
 * something else in a key: `size`, `key at 0`, `place of alice`, `null`. Default, and where it gives undefined: a contract as its layout says, with the address where other contracts have layouts of that name,
 * "exchange@0x" and 64 digits; an account "0x" and 64 digits.
 */
export type AddressNames = (address: Uint8Array) => string | undefined;

/**
 * What the workers wrote down while they executed a block, with the option `telemetry`. Everything is worked out when it is asked for, and stays valid while later blocks run. Dependencies follow from
 * the calls alone: they are the same under every executor, worker count and run, as long as the policy's `deltas` is.
 *
 * Each question is answered at once, and holds up the event loop meanwhile, in proportion to the block: by 0.6 to 2 seconds of processor time where it has 100,000 calls (README.md of this folder: what each takes). The first question reads
 * the tape, for all others too.
 */
export interface BlockTelemetry {
  statistics(addresses?: AddressNames, options?: StatisticsOptions): BlockStatisticsReport;
  dependencies(addresses?: AddressNames): DependencyGraph;
  trace(names?: CallNames, addresses?: AddressNames): ChromeTrace;
  /** The calls that were executed more than once, those with the most incarnations first. */
  abortedCalls(addresses?: AddressNames): AbortedCall[];
  /** @throws RangeError where the block has no such call. */
  explain(index: number, names?: CallNames, addresses?: AddressNames): Explanation;
}
