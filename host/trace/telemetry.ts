import type { Tape } from '../engine/tape.js';
import { chromeTrace } from './chrome-trace.js';
import type { WeightedGraph } from './critical-path.js';
import { type CommittedCall, type Dependency, dependenciesOf, type TrueRead, trueReads } from './dependencies.js';
import { type BlockCourse, explain } from './explain.js';
import { type CallHistory, callHistories, committed, rootAborts, type TapedAbort } from './incarnations.js';
import { type ContractBook, LocationNames } from './location-names.js';
import { statisticsOf } from './statistics.js';
import type {
  BlockStatisticsReport,
  BlockTelemetry,
  CallNames,
  ChromeTrace,
  ContractNames,
  DependencyGraph,
  Explanation,
} from './types.js';

/** What all questions about a block begin with. */
interface Analysis {
  readonly histories: readonly CallHistory[];
  /** Where each abort began. */
  readonly roots: ReadonlyMap<TapedAbort, TapedAbort>;
  readonly calls: readonly CommittedCall[];
  readonly reads: readonly (readonly TrueRead[])[];
  readonly edges: readonly Dependency[];
  readonly graph: WeightedGraph;
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

  constructor(tape: Tape, calls: number, workers: number, contracts: ContractBook, course: BlockCourse) {
    this.#tape = tape;
    this.#calls = calls;
    this.#workers = workers;
    this.#contracts = contracts;
    this.#course = course;
  }

  statistics(contracts?: ContractNames): BlockStatisticsReport {
    const { histories, roots, graph } = this.#analysis;
    const names = this.#locations(contracts);
    return statisticsOf({ tape: this.#tape, histories, roots, graph, names, workers: this.#workers });
  }

  dependencies(contracts?: ContractNames): DependencyGraph {
    const { calls, edges } = this.#analysis;
    const names = this.#locations(contracts);
    return {
      schema: 'blockstm.graph/1',
      nodes: calls.map(({ gas }, index) => ({ index, gas })),
      edges: edges.map(({ from, to, location }) => ({ from, to, location: names.of(location) })),
    };
  }

  trace(names: CallNames = plainNames, contracts?: ContractNames): ChromeTrace {
    return chromeTrace(this.#tape, this.#analysis.histories, this.#locations(contracts), names);
  }

  explain(index: number, names: CallNames = plainNames, contracts?: ContractNames): Explanation {
    return explain({ ...this.#analysis, course: this.#course, names: this.#locations(contracts) }, index, names);
  }

  #locations(contracts: ContractNames | undefined): LocationNames {
    return new LocationNames((location) => this.#tape.keyOf(location), this.#contracts, contracts);
  }

  get #analysis(): Analysis {
    this.#known ??= analyse(this.#tape, this.#calls);
    return this.#known;
  }
}

function analyse(tape: Tape, count: number): Analysis {
  const histories = callHistories(tape, count);
  const roots = rootAborts(histories);
  const calls = histories.map(committed);
  const reads = trueReads(calls);
  const edges = dependenciesOf(reads);
  const before = calls.map((): number[] => []);
  for (const { from, to } of edges) before[to]?.push(from);
  return { histories, roots, calls, reads, edges, graph: { gas: calls.map(({ gas }) => gas), before } };
}
