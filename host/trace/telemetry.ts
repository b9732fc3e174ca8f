import type { Tape } from '../engine/tape.js';
import { abortedCalls } from './aborted-calls.js';
import { type BlockGraph, blockGraph, weightedGraph } from './block-graph.js';
import { chromeTrace } from './chrome-trace.js';
import { type CommittedCall, type TrueRead, trueReads } from './dependencies.js';
import { dependencyGraph } from './dependency-graph.js';
import { type BlockCourse, explain } from './explain.js';
import { type CallHistory, callHistories, committed, rootAborts, type TapedAbort } from './incarnations.js';
import { type ContractBook, LocationNames } from './location-names.js';
import { statisticsOf } from './statistics.js';
import type {
  AbortedCall,
  AddressNames,
  BlockStatisticsReport,
  BlockTelemetry,
  CallNames,
  ChromeTrace,
  DependencyGraph,
  Explanation,
  StatisticsOptions,
} from './types.js';

/** What all questions about a block begin with. */
interface Analysis {
  readonly histories: readonly CallHistory[];
  /** Where each abort began. */
  readonly roots: ReadonlyMap<TapedAbort, TapedAbort>;
  readonly calls: readonly CommittedCall[];
  readonly reads: readonly (readonly TrueRead[])[];
}

const plainNames: CallNames = (index) => `call ${index}`;

/** What the tape of a block says. */
export class TapedTelemetry implements BlockTelemetry {
  readonly #tape: Tape;
  readonly #calls: number;
  readonly #workers: number;
  readonly #contracts: ContractBook;
  readonly #course: BlockCourse;
  #known: Analysis | undefined;
  #graph: BlockGraph | undefined;

  /** @param workers that could have taken part. */
  constructor(tape: Tape, calls: number, workers: number, contracts: ContractBook, course: BlockCourse) {
    this.#tape = tape;
    this.#calls = calls;
    this.#workers = workers;
    this.#contracts = contracts;
    this.#course = course;
  }

  statistics(addresses?: AddressNames, options?: StatisticsOptions): BlockStatisticsReport {
    const { histories, roots, calls } = this.#analysis;
    const graph = weightedGraph(calls, this.#blockGraph);
    const names = this.#locations(addresses);
    const source = { tape: this.#tape, histories, roots, graph, names, workers: this.#workers };
    return statisticsOf(source, options);
  }

  dependencies(addresses?: AddressNames): DependencyGraph {
    return dependencyGraph(this.#analysis.calls, this.#blockGraph, this.#locations(addresses));
  }

  trace(names: CallNames = plainNames, addresses?: AddressNames): ChromeTrace {
    return chromeTrace(this.#tape, this.#analysis.histories, this.#locations(addresses), names);
  }

  abortedCalls(addresses?: AddressNames): AbortedCall[] {
    return abortedCalls(this.#analysis.histories, this.#locations(addresses));
  }

  explain(index: number, names: CallNames = plainNames, addresses?: AddressNames): Explanation {
    return explain({ ...this.#analysis, course: this.#course, names: this.#locations(addresses) }, index, names);
  }

  #locations(addresses: AddressNames | undefined): LocationNames {
    return new LocationNames((location) => this.#tape.keyOf(location), this.#contracts, addresses);
  }

  get #analysis(): Analysis {
    this.#known ??= analyse(this.#tape, this.#calls);
    return this.#known;
  }

  get #blockGraph(): BlockGraph {
    this.#graph ??= blockGraph(this.#analysis.reads);
    return this.#graph;
  }
}

function analyse(tape: Tape, count: number): Analysis {
  const histories = callHistories(tape, count);
  const roots = rootAborts(histories);
  const calls = histories.map(committed);
  return { histories, roots, calls, reads: trueReads(calls, tape.before) };
}
