import type { Tape } from '../engine/tape.js';
import { type BlockGraph, blockGraph, weightedGraph } from './block-graph.js';
import { chromeTrace } from './chrome-trace.js';
import { type CommittedCall, type TrueRead, trueReads } from './dependencies.js';
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
}

const plainNames: CallNames = (index) => `call ${index}`;

/** What the tape of a block says. */
export class TapedTelemetry implements BlockTelemetry {
  readonly #tape: Tape;
  readonly #calls: number;
  readonly #workers: number;
  readonly #names: LocationNames;
  #known: Analysis | undefined;
  #graph: BlockGraph | undefined;

  constructor(tape: Tape, calls: number, workers: number, contracts: ContractBook) {
    this.#tape = tape;
    this.#calls = calls;
    this.#workers = workers;
    this.#names = new LocationNames((location) => tape.keyOf(location), contracts);
  }

  statistics(): BlockStatisticsReport {
    const { histories, calls } = this.#analysis;
    const graph = weightedGraph(calls, this.#blockGraph);
    return statisticsOf({ tape: this.#tape, histories, graph, names: this.#names, workers: this.#workers });
  }

  dependencies(): DependencyGraph {
    const { junctions, edges } = this.#blockGraph;
    return {
      schema: 'blockstm.graph/1',
      nodes: this.#analysis.calls.map(({ gas }, index) => ({ index, gas })),
      junctions: junctions.map(({ node, location, after, adders }) => ({
        index: node,
        location: this.#names.of(location),
        after: after ?? null,
        adders,
      })),
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

  get #blockGraph(): BlockGraph {
    this.#graph ??= blockGraph(this.#analysis.reads);
    return this.#graph;
  }
}

function analyse(tape: Tape, count: number): Analysis {
  const histories = callHistories(tape, count);
  const calls = histories.map(committed);
  return { histories, calls, reads: trueReads(calls, tape.before) };
}
