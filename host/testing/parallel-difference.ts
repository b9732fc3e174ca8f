import type { ContractCall } from './contract-call.js';
import type { CounterExampleFiles } from './counter-example.js';
import { describeSetting, type ParallelSetting } from './parallel-setting.js';

/** More are only counted. */
const CALLS_SHOWN_MAX = 20;

/** A block that parallel execution gave another result for. */
export interface Difference {
  readonly seed: number;
  readonly setting: ParallelSetting;
  /** The shrunk block. */
  readonly calls: readonly ContractCall[];
  /** Calls of the block as it was generated. */
  readonly generated: number;
  /** What differs first: a receipt, a location, the state hash. */
  readonly what: string;
  /** Executions of ten in which the generated block differed again. */
  readonly repeats: number;
  /** Files that `blockstm run` takes; undefined where none could be written. */
  readonly files: CounterExampleFiles | undefined;
}

/** Parallel and sequential execution differ: a bug of the engine, or a module that is no function of its input. */
export class ParallelDifference extends Error implements Difference {
  readonly seed: number;
  readonly setting: ParallelSetting;
  readonly calls: readonly ContractCall[];
  readonly generated: number;
  readonly what: string;
  readonly repeats: number;
  readonly files: Difference['files'];

  constructor(difference: Difference) {
    super(describe(difference));
    this.name = 'ParallelDifference';
    this.seed = difference.seed;
    this.setting = difference.setting;
    this.calls = difference.calls;
    this.generated = difference.generated;
    this.what = difference.what;
    this.repeats = difference.repeats;
    this.files = difference.files;
  }
}

function describe({ seed, setting, calls, generated, what, repeats, files }: Difference): string {
  const rest = calls.length - CALLS_SHOWN_MAX;
  const shrunk = repeats === 0 ? 'did not differ again, so that it could not be shrunk' : `shrunk to ${calls.length}`;
  return [
    `parallel and sequential execution differ: ${what}`,
    `  with ${describeSetting(setting)}; seed ${seed} (SEED=${seed} repeats it)`,
    `  a block of ${generated} calls, ${shrunk}; it differed in ${repeats} of 10 executions more:`,
    ...calls.slice(0, CALLS_SHOWN_MAX).map((call, index) => `    ${index} ${call}`),
    ...(rest > 0 ? [`    and ${rest} more`] : []),
    ...(files === undefined ? [] : [`  ${again(files, setting)}`]),
  ].join('\n');
}

function again({ genesis, block, isRunnable }: CounterExampleFiles, { workers }: ParallelSetting): string {
  if (!isRunnable) return `saved: ${block}, on the state after ${genesis} and the upgrades`;
  return `again: blockstm run ${block} --genesis ${genesis} --workers ${workers} --verify`;
}
