import type { Block, BlockResult, ExecutorName } from '../host/index.js';
import { MapLedger, type PlainTransfer, plainTransfers } from './baseline.js';
import { Contender } from './contender.js';
import { blockDifference, firstDifference } from './difference.js';
import { type BenchmarkReport, buildReport, type Measurements } from './result.js';
import type { Workload, WorkloadCall } from './workloads/workload.js';

/** How a workload is measured. */
export interface RunSettings {
  /** What is compared with `sequential`. */
  readonly executor: ExecutorName;
  readonly workers: number;
  /** Measured pairs. */
  readonly repeats: number;
  /** The seed the workload was built with; also of the bootstrap. */
  readonly seed: number;
  /** The Wasm of the workload's contracts, by name. Default: what is built in dist/contracts. */
  readonly wasm?: ReadonlyMap<string, Uint8Array>;
}

/** Called with a line about what is being done. */
export type Progress = (text: string) => void;

/** Calls executed before anything is measured, in whole blocks: V8 has compiled everything hot by then. */
const WARM_UP_CALLS = 200_000;
const WARM_UP_BLOCKS_MIN = 3;
const WARM_UP_BLOCKS_MAX = 1_000;

/**
 * Blocks are measured back to back in batches of so many calls, and compared afterwards: decoding and hashing in between
 * would leave the caches empty for the next block.
 */
const BATCH_CALLS = 100_000;

/** Preparations are executed in blocks of at most this many calls. */
const PREPARATION_BLOCK_SIZE = 50_000;

/**
 * Measure an executor against `sequential`, block by block, both in this process.
 *
 * Two runtimes execute the same sequence of blocks, each block first on the one and then on the other, the order
 * alternating. Measured is the time from calling `execute` to its result. Outside of that time, after every batch, the two
 * results of each block are compared, receipts and write sets, and the state hashes after the last.
 *
 * @throws BlockStmError as `createRuntime`, `deploy` and `execute` do.
 */
export async function runBenchmark(
  workload: Workload,
  settings: RunSettings,
  progress: Progress = () => {},
): Promise<BenchmarkReport> {
  const { executor, workers, repeats, wasm } = settings;
  const warmUpBlocks = warmUpBlocksFor(workload.blockSize);
  const blocks = warmUpBlocks + repeats;
  progress(`starting two runtimes, ${workload.contracts.length} contracts each`);
  const shared = { blocks, ...(wasm !== undefined && { wasm }) };
  await using sequential = await Contender.start(workload, { ...shared, executor: 'sequential', workers: 1 });
  await using measured = await Contender.start(workload, { ...shared, executor, workers });
  const comparison = new Comparison(workload, sequential, measured);
  for (let index = 0; index < warmUpBlocks; index++) {
    progress(`${workload.name}: warming up, block ${index + 1} of ${warmUpBlocks}`);
    await comparison.warmUp(index);
  }
  const batchSize = Math.max(1, Math.floor(BATCH_CALLS / workload.blockSize));
  for (let repeat = 0; repeat < repeats; repeat += batchSize) {
    progress(`${workload.name}: measuring, repeat ${repeat + 1} of ${repeats}`);
    await comparison.measure(warmUpBlocks + repeat, Math.min(batchSize, repeats - repeat));
  }
  return buildReport(workload, settings, comparison.measurements, await measured.stateHash());
}

function warmUpBlocksFor(blockSize: number): number {
  const blocks = Math.ceil(WARM_UP_CALLS / blockSize);
  return Math.min(Math.max(blocks, WARM_UP_BLOCKS_MIN), WARM_UP_BLOCKS_MAX);
}

interface Timed<Result> {
  readonly result: Result;
  readonly ms: number;
}

interface EncodedBlock {
  readonly index: number;
  readonly calls: readonly WorkloadCall[];
  readonly block: Block;
}

interface ComparedBlock {
  readonly index: number;
  readonly calls: readonly WorkloadCall[];
  readonly expected: Timed<BlockResult>;
  readonly actual: Timed<BlockResult>;
  /** How many transfers the plain ledger refused, where there is one. */
  readonly plain: Timed<number> | undefined;
}

/** Two runtimes, and a plain ledger where the workload has one, side by side over a sequence of blocks. */
class Comparison {
  readonly #workload: Workload;
  readonly #sequential: Contender;
  readonly #measured: Contender;
  readonly #ledger: MapLedger | undefined;
  readonly measurements: Measurements = emptyMeasurements();

  constructor(workload: Workload, sequential: Contender, measured: Contender) {
    this.#workload = workload;
    this.#sequential = sequential;
    this.#measured = measured;
    this.#ledger = workload.plainTransfers ? new MapLedger() : undefined;
  }

  /** Execute a block everywhere and forget the times. */
  async warmUp(index: number): Promise<void> {
    await this.#run(this.#encode(index));
  }

  /** Measure `count` blocks back to back, then compare them. */
  async measure(first: number, count: number): Promise<void> {
    const encoded = Array.from({ length: count }, (_, position) => this.#encode(first + position));
    const compared: ComparedBlock[] = [];
    for (const one of encoded) compared.push(await this.#run(one));
    for (const [position, one] of compared.entries()) await this.#record(one, position === count - 1);
  }

  #encode(index: number): EncodedBlock {
    const calls = this.#workload.block(index);
    return { index, calls, block: this.#sequential.encode(calls) };
  }

  async #run({ index, calls, block }: EncodedBlock): Promise<ComparedBlock> {
    await this.#prepare(this.#workload.preparation(index));
    const ledger = this.#ledger === undefined ? undefined : { book: this.#ledger, transfers: plainTransfers(calls) };
    // Each takes its turn at going first: whoever runs second finds the machine in another state.
    const ledgerFirst = index % 4 >= 2;
    let plain = ledgerFirst ? timedPlain(ledger) : undefined;
    const [expected, actual] = await this.#executePair(block, index % 2 === 0);
    plain ??= timedPlain(ledger);
    return { index, calls, expected, actual, plain };
  }

  async #prepare(calls: readonly WorkloadCall[]): Promise<void> {
    for (let start = 0; start < calls.length; start += PREPARATION_BLOCK_SIZE) {
      const chunk = calls.slice(start, start + PREPARATION_BLOCK_SIZE);
      const block = this.#sequential.encode(chunk);
      await this.#sequential.prepare(block);
      await this.#measured.prepare(block);
      for (const { to, amount } of this.#ledger === undefined ? [] : plainTransfers(chunk))
        this.#ledger?.mint(to, amount);
    }
  }

  async #executePair(block: Block, sequentialFirst: boolean): Promise<[Timed<BlockResult>, Timed<BlockResult>]> {
    if (sequentialFirst) {
      const expected = await timedExecution(this.#sequential, block);
      return [expected, await timedExecution(this.#measured, block)];
    }
    const actual = await timedExecution(this.#measured, block);
    return [await timedExecution(this.#sequential, block), actual];
  }

  /** The state is compared after the last block of a batch only, while it still is that block's. */
  async #record({ index, calls, expected, actual, plain }: ComparedBlock, isLast: boolean): Promise<void> {
    const { stats } = actual.result;
    const failedCalls = countFailed(calls, expected.result);
    const measurements = this.measurements;
    measurements.sequentialMs.push(expected.ms);
    measurements.measuredMs.push(actual.ms);
    measurements.engineMs.push(stats.wallMs);
    if (plain !== undefined) measurements.ledgerMs.push(plain.ms);
    measurements.failedCalls += failedCalls;
    measurements.executions += stats.executions;
    measurements.aborts += stats.aborts;
    measurements.validations += stats.validations;
    measurements.dependencyWaits += stats.dependencyWaits;
    const difference =
      (isLast
        ? await firstDifference(actual.result, expected.result)
        : blockDifference(actual.result, expected.result)) ?? ledgerDifference(failedCalls, plain?.result);
    if (difference !== undefined) measurements.difference ??= `block ${index}: ${difference}`;
  }
}

function emptyMeasurements(): Measurements {
  return {
    sequentialMs: [],
    measuredMs: [],
    engineMs: [],
    ledgerMs: [],
    failedCalls: 0,
    executions: 0,
    aborts: 0,
    validations: 0,
    dependencyWaits: 0,
    difference: undefined,
  };
}

async function timedExecution(contender: Contender, block: Block): Promise<Timed<BlockResult>> {
  const start = performance.now();
  const result = await contender.execute(block);
  return { result, ms: performance.now() - start };
}

function timedPlain(
  ledger: { book: MapLedger; transfers: readonly PlainTransfer[] } | undefined,
): Timed<number> | undefined {
  if (ledger === undefined) return undefined;
  const start = performance.now();
  const result = ledger.book.execute(ledger.transfers);
  return { result, ms: performance.now() - start };
}

/** Calls that did not do what they were made for: those with another status than `ok`, and transfers that returned false. */
function countFailed(calls: readonly WorkloadCall[], { receipts }: BlockResult): number {
  let failed = 0;
  for (const { index, status, output } of receipts) {
    const refused = calls[index]?.method === 'transfer' && output[0] === 0;
    if (status !== 'ok' || refused) failed++;
  }
  return failed;
}

function ledgerDifference(failedCalls: number, expected: number | undefined): string | undefined {
  if (expected === undefined || failedCalls === expected) return undefined;
  return `${failedCalls} calls failed, expected ${expected} as in a plain ledger`;
}
