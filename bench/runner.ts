import type { ChromeTrace, ExecutorName, Policy } from '../host/index.js';
import { Comparison } from './comparison.js';
import { Contender } from './contender.js';
import { plural } from './report.js';
import { type BenchmarkReport, buildReport } from './result.js';
import type { Workload } from './workloads/workload.js';

/**
 * Which time is measured, of both runtimes: that of `runtime.execute` of an encoded block to its result; or from an array of transaction
 * objects until status, gas, output and events of every receipt have been read.
 */
export type Measured = 'execute' | 'end-to-end';

/** How a workload is measured. */
export interface RunSettings {
  /** What is compared with `sequential`. */
  readonly executor: ExecutorName;
  readonly workers: number;
  /** Measured pairs. */
  readonly repeats: number;
  /** Calls executed before anything is measured, in whole blocks, from 3 to 1,000 of them unless it is 0. */
  readonly warmUp: number;
  /** The seed the workload was built with; also of the bootstrap. */
  readonly seed: number;
  /** Of the executor that is compared; `sequential` has no use of one. Default: the runtime's. */
  readonly policy?: Partial<Policy>;
  /** Default `execute`. */
  readonly measured?: Measured;
  /** See `BenchmarkOptions.stats`. */
  readonly stats?: boolean;
  /** The Wasm of the workload's contracts, by name. Default: what is built in dist/contracts. */
  readonly wasm?: ReadonlyMap<string, Uint8Array>;
  /** Who is first after the first collection of garbage: sequential where it is even, then in turns. Default 0. */
  readonly turn?: number;
  /** Told what the workers did in the first measured block that differs from `sequential`, while it is known: with `stats`, and of threads. */
  readonly onDifference?: (schedule: ChromeTrace) => void;
}

/** Called with a line about what is being done. */
export type Progress = (text: string) => void;

const WARM_UP_BLOCKS_MIN = 3;
const WARM_UP_BLOCKS_MAX = 1_000;

/**
 * Blocks are measured back to back in batches of so many calls, and compared afterwards: decoding and hashing in between
 * would leave the caches empty for the next block.
 */
const BATCH_CALLS = 100_000;

/**
 * Measure an executor against `sequential`, block by block, both in this process.
 *
 * Two runtimes execute the same sequence of blocks, some in a row on the one and then on the other, the order
 * alternating. Outside of the time that is measured, after every batch, the two results of each block are compared, receipts
 * and write sets, and the state hashes after the last.
 *
 * @throws BlockStmError as `createRuntime`, `deploy` and `execute` do.
 */
export async function runBenchmark(
  workload: Workload,
  settings: RunSettings,
  progress: Progress = () => {},
): Promise<BenchmarkReport> {
  const { executor, workers, repeats, warmUp, policy = {}, stats = false, wasm } = settings;
  const ahead = warmUpBlocks(warmUp, workload.blockSize);
  const blocks = ahead + repeats;
  progress(`starting two runtimes, ${plural(workload.contracts.length, 'contract')} each`);
  const shared = { blocks, ...(wasm !== undefined && { wasm }) };
  await using sequential = await Contender.start(workload, { ...shared, executor: 'sequential', workers: 1 });
  await using contender = await Contender.start(workload, { ...shared, executor, workers, policy, telemetry: stats });
  const comparison = new Comparison(workload, sequential, contender, settings);
  for (let index = 0; index < ahead; index++) {
    progress(`${workload.name}: warming up, block ${index + 1} of ${ahead}`);
    await comparison.warmUp(index);
  }
  const batchSize = Math.max(1, Math.floor(BATCH_CALLS / workload.blockSize));
  for (let repeat = 0; repeat < repeats; repeat += batchSize) {
    progress(`${workload.name}: measuring, repeat ${repeat + 1} of ${repeats}`);
    await comparison.measure(ahead + repeat, Math.min(batchSize, repeats - repeat));
  }
  return buildReport(workload, settings, comparison.measurements, await contender.stateHash());
}

/** The blocks that are executed before the first measured one, which has this index; see `RunSettings.warmUp`. */
export function warmUpBlocks(warmUp: number, blockSize: number): number {
  if (warmUp === 0) return 0;
  const blocks = Math.ceil(warmUp / blockSize);
  return Math.min(Math.max(blocks, WARM_UP_BLOCKS_MIN), WARM_UP_BLOCKS_MAX);
}
