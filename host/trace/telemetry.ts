import type { Tape } from '../engine/tape.js';
import { chromeTrace } from './chrome-trace.js';
import type { WeightedGraph } from './critical-path.js';
import { type CommittedCall, type Dependency, dependenciesOf, type TrueRead, trueReads } from './dependencies.js';
import { explain } from './explain.js';
import { type CallHistory, callHistories, committed } from './incarnations.js';
import { type ContractBook, LocationNames } from './location-names.js';
import { statisticsOf } from './statistics.js';
import type {
  BlockStatisticsReport,
  BlockTelemetry,
  CallNames,
  ChromeTrace,
  DependencyGraph,
  Explanation,
} from './types.js';

/** What all questions about a block begin with. */
interface Analysis {
  readonly histories: readonly CallHistory[];
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
  readonly #names: LocationNames;
  #known: Analysis | undefined;

  constructor(tape: Tape, calls: number, workers: number, contracts: ContractBook) {
    this.#tape = tape;
    this.#calls = calls;
    this.#workers = workers;
    this.#names = new LocationNames((location) => tape.keyOf(location), contracts);
  }

  statistics(): BlockStatisticsReport {
    const { histories, graph } = this.#analysis;
    return statisticsOf({ tape: this.#tape, histories, graph, names: this.#names, workers: this.#workers });
  }

  dependencies(): DependencyGraph {
    const { calls, edges } = this.#analysis;
    return {
      schema: 'blockstm.graph/1',
      nodes: calls.map(({ gas }, index) => ({ index, gas })),
      edges: edges.map(({ from, to, location }) => ({ from, to, location: this.#names.of(location) })),
    };
  }

  trace(names: CallNames = plainNames): ChromeTrace {
    return chromeTrace(this.#tape, this.#analysis.histories, this.#names, names);
  }

  explain(index: number, names: CallNames = plainNames): Explanation {
    return explain({ ...this.#analysis, names: this.#names }, index, names);
  }

  get #analysis(): Analysis {
    this.#known ??= analyse(this.#tape, this.#calls);
    return this.#known;
  }
}

function analyse(tape: Tape, count: number): Analysis {
  const histories = callHistories(tape, count);
  const calls = histories.map(committed);
  const reads = trueReads(calls);
  const edges = dependenciesOf(reads);
  const before = calls.map((): number[] => []);
  for (const { from, to } of edges) before[to]?.push(from);
  return { histories, calls, reads, edges, graph: { gas: calls.map(({ gas }) => gas), before } };
}
