import type { Block, BlockResult, EncodedBlock } from '../host/index.js';
import type { Contender } from './contender.js';
import { blockDifference, firstDifference } from './difference.js';
import { emptyMeasurements, type Measurements } from './result.js';
import type { Measured } from './runner.js';
import { type Timed, timedAsync } from './timed.js';
import type { Workload, WorkloadCall } from './workloads/workload.js';
import { Yardsticks, type YardstickTimes, yardstickDifference } from './yardsticks.js';

/** Preparations are executed in blocks of at most this many calls. */
const PREPARATION_BLOCK_SIZE = 50_000;

/** A block before it is measured. */
interface PreparedBlock {
  readonly index: number;
  readonly calls: readonly WorkloadCall[];
  /** As each runtime is given it. */
  readonly sequential: Block | EncodedBlock;
  readonly contender: Block | EncodedBlock;
}

interface ComparedBlock {
  readonly index: number;
  readonly calls: readonly WorkloadCall[];
  readonly expected: Timed<BlockResult>;
  readonly actual: Timed<BlockResult>;
  /** Undefined where the workload is more than transfers. */
  readonly plain: YardstickTimes | undefined;
}

/** Two runtimes, and the yardsticks where the workload has some, side by side over a sequence of blocks. */
export class Comparison {
  readonly #workload: Workload;
  readonly #sequential: Contender;
  readonly #contender: Contender;
  readonly #measured: Measured;
  readonly #yardsticks: Yardsticks | undefined;
  readonly measurements: Measurements = emptyMeasurements();

  constructor(workload: Workload, sequential: Contender, contender: Contender, measured: Measured) {
    this.#workload = workload;
    this.#sequential = sequential;
    this.#contender = contender;
    this.#measured = measured;
    this.#yardsticks = workload.plainTransfers ? new Yardsticks(workload.blockSize) : undefined;
  }

  /** Execute a block everywhere and forget the times. */
  async warmUp(index: number): Promise<void> {
    await this.#run(await this.#ready(index));
  }

  /** Measure `count` blocks back to back, then compare them. */
  async measure(first: number, count: number): Promise<void> {
    const ready: PreparedBlock[] = [];
    for (let position = 0; position < count; position++) ready.push(await this.#ready(first + position));
    const compared: ComparedBlock[] = [];
    for (const one of ready) compared.push(await this.#run(one));
    for (const [position, one] of compared.entries()) await this.#record(one, position === count - 1);
  }

  async #ready(index: number): Promise<PreparedBlock> {
    const calls = this.#workload.block(index);
    const block = this.#sequential.transactions(calls);
    if (this.#measured === 'end-to-end') return { index, calls, sequential: block, contender: block };
    const sequential = await this.#sequential.encodeBlock(block);
    return { index, calls, sequential, contender: await this.#contender.encodeBlock(block) };
  }

  async #run(prepared: PreparedBlock): Promise<ComparedBlock> {
    const { index, calls } = prepared;
    await this.#prepare(this.#workload.preparation(index));
    const yardsticks = this.#yardsticks;
    yardsticks?.load(calls);
    // Each takes its turn at going first: whoever runs second finds the machine in another state.
    const yardsticksFirst = index % 4 >= 2;
    const mapFirst = index % 8 >= 4;
    let plain = yardsticksFirst ? yardsticks?.execute(mapFirst) : undefined;
    const [expected, actual] = await this.#executePair(prepared, index % 2 === 0);
    plain ??= yardsticks?.execute(mapFirst);
    return { index, calls, expected, actual, plain };
  }

  async #prepare(calls: readonly WorkloadCall[]): Promise<void> {
    for (let start = 0; start < calls.length; start += PREPARATION_BLOCK_SIZE) {
      const chunk = calls.slice(start, start + PREPARATION_BLOCK_SIZE);
      const block = this.#sequential.transactions(chunk);
      await this.#sequential.prepare(block);
      await this.#contender.prepare(block);
      this.#yardsticks?.mint(chunk);
    }
  }

  async #executePair(
    prepared: PreparedBlock,
    sequentialFirst: boolean,
  ): Promise<[Timed<BlockResult>, Timed<BlockResult>]> {
    const run = this.#measured === 'end-to-end' ? executeAndRead : execute;
    const runSequential = () => timedAsync(() => run(this.#sequential, prepared.sequential));
    const runContender = () => timedAsync(() => run(this.#contender, prepared.contender));
    if (sequentialFirst) {
      const expected = await runSequential();
      return [expected, await runContender()];
    }
    const actual = await runContender();
    return [await runSequential(), actual];
  }

  /** The state is compared after the last block of a batch only, while it still is that block's. */
  async #record({ index, calls, expected, actual, plain }: ComparedBlock, isLast: boolean): Promise<void> {
    const { stats } = actual.result;
    const failedCalls = countFailed(calls, expected.result);
    const measurements = this.measurements;
    measurements.sequentialMs.push(expected.ms);
    measurements.measuredMs.push(actual.ms);
    measurements.engineMs.push(stats.wallMs);
    if (plain !== undefined) {
      measurements.jsMapMs.push(plain.jsMap.ms);
      measurements.ledgerLimitMs.push(plain.ledgerLimit.ms);
    }
    measurements.failedCalls += failedCalls;
    measurements.executions += stats.executions;
    measurements.aborts += stats.aborts;
    measurements.validations += stats.validations;
    measurements.dependencyWaits += stats.dependencyWaits;
    measurements.blockBytesMax = Math.max(measurements.blockBytesMax, stats.blockBytes);
    const difference =
      (isLast
        ? await firstDifference(actual.result, expected.result)
        : blockDifference(actual.result, expected.result)) ?? yardstickDifference(failedCalls, plain);
    if (difference !== undefined) measurements.difference ??= `block ${index}: ${difference}`;
  }
}

function execute(contender: Contender, block: Block | EncodedBlock): Promise<BlockResult> {
  return contender.execute(block);
}

/** Execute, and read every receipt as a program does that passes all of them on. */
async function executeAndRead(contender: Contender, block: Block | EncodedBlock): Promise<BlockResult> {
  const result = await contender.execute(block);
  readReceipts(result);
  return result;
}

/** @returns the sum of all that was read, so that no compiler may leave out reading it. */
function readReceipts({ receipts }: BlockResult): number {
  let sum = 0;
  for (const { status, gasUsed, output, events } of receipts) {
    sum += status.length + gasUsed + output.length;
    for (const { contract, topic, data } of events) sum += contract.length + topic.length + data.length;
  }
  return sum;
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
