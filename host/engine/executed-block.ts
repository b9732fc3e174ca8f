import type { BlockStatistics } from '../runtime/types.js';
import type { Progress } from './progress.js';
import type { ResultLayout } from './result-layout.js';
import type { LogSnapshot, Reports } from './snapshot.js';
import type { Tape } from './tape.js';
import type { Traces } from './traces.js';

/** A block that was executed and committed, as it was left in shared memory, copied. */
export interface ExecutedBlock extends Omit<BlockStatistics, 'executor'> {
  readonly layout: ResultLayout;
  readonly transactions: DataView;
  readonly reports: LogSnapshot;
  readonly writes: LogSnapshot;
  /** Those that could have taken part, see `BlockStatisticsReport`. */
  readonly availableWorkers: number;
  /** Undefined where the workers keep none. */
  readonly traces: Traces | undefined;
  /** What the workers wrote down; undefined where they do not. */
  readonly tape: Tape | undefined;
}

/** What a call left, where it was executed. */
export interface CallResults {
  readonly layout: ResultLayout;
  readonly transactions: DataView;
  readonly reports: Reports;
  /** Undefined where none are kept, or the block still runs. */
  readonly traces?: Traces | undefined;
}

/** A block that is being executed: its reports in shared memory, of which those of the first `progress.committed` calls are final. */
export interface RunningBlock extends CallResults {
  readonly progress: Progress;
}
