import type { Block, BlockResult, EncodedBlock } from '../host/index.js';
import { callNames } from './call-names.js';
import type { Contender } from './contender.js';
import { blockDifference, firstDifference } from './difference.js';
import { collectGarbage } from './garbage.js';
import { addCounters, countFailed, emptyMeasurements, type Measurements } from './measurements.js';
import { preparationBlocks } from './preparation.js';
import type { Measured, RunSettings } from './runner.js';
import { type Timed, timedAsync } from './timed.js';
import type { Workload, WorkloadCall } from './workloads/workload.js';
import { Yardsticks, type YardstickTimes, yardstickDifference } from './yardsticks.js';

/**
 * Blocks at most that one of those compared executes in a row before the next has its turn: as on a chain, a block finds in the caches what the one
 * before it left there, and not what somebody else did.
 */
const STRETCH = 5;

/** A block before it is executed. */
interface ReadyBlock {
  readonly index: number;
  readonly calls: readonly WorkloadCall[];
  /** What comes before it; not measured. */
  readonly preparation: readonly WorkloadCall[];
  /** As each runtime is given it. */
  readonly sequential: Block | EncodedBlock;
  readonly contender: Block | EncodedBlock;
}

interface ComparedBlock {
  readonly index: number;
  readonly calls: readonly WorkloadCall[];
  readonly expected: Timed<Executed>;
  readonly actual: Timed<Executed>;
  /** Undefined where the workload is more than transfers. */
  readonly plain: YardstickTimes | undefined;
}

interface Executed {
  readonly result: BlockResult;
  /** The sum of all that was read of the receipts, so that no compiler leaves out reading it. */
  readonly read: number;
}

/** Two runtimes, and the yardsticks where the workload has some, side by side over a sequence of blocks. */
export class Comparison {
  readonly #workload: Workload;
  readonly #sequential: Contender;
  readonly #contender: Contender;
  readonly #measured: Measured;
  readonly #onDifference: RunSettings['onDifference'];
  readonly #yardsticks: Yardsticks | undefined;
  #turn = 0;
  #batches: number;
  readonly measurements: Measurements = emptyMeasurements();

  constructor(
    workload: Workload,
    sequential: Contender,
    contender: Contender,
    { measured = 'execute', onDifference, turn = 0 }: Pick<RunSettings, 'measured' | 'onDifference' | 'turn'>,
  ) {
    this.#workload = workload;
    this.#sequential = sequential;
    this.#contender = contender;
    this.#measured = measured;
    this.#onDifference = onDifference;
    this.#batches = turn;
    this.#yardsticks = workload.plainTransfers ? new Yardsticks(workload.blockSize) : undefined;
  }

  /** Execute a block everywhere and forget the times. */
  async warmUp(index: number): Promise<void> {
    await this.#run([await this.#ready(index)]);
  }

  /** Measure `count` blocks, then compare them. */
  async measure(first: number, count: number): Promise<void> {
    const ready: ReadyBlock[] = [];
    for (let position = 0; position < count; position++) ready.push(await this.#ready(first + position));
    collectGarbage();
    // After the collection now the one is first, now the other; and each of them for half of the blocks.
    this.#turn = this.#batches++;
    const stretch = Math.min(STRETCH, Math.ceil(count / 2));
    const compared: ComparedBlock[] = [];
    for (let from = 0; from < count; from += stretch) {
      compared.push(...(await this.#run(ready.slice(from, from + stretch))));
    }
    for (const [position, one] of compared.entries()) await this.#record(one, position === count - 1);
  }

  async #ready(index: number): Promise<ReadyBlock> {
    const calls = this.#workload.block(index);
    const preparation = this.#workload.preparation(index);
    const block = this.#sequential.transactions(calls);
    if (this.#measured === 'end-to-end') return { index, calls, preparation, sequential: block, contender: block };
    const sequential = await this.#sequential.encodeBlock(block);
    return { index, calls, preparation, sequential, contender: await this.#contender.encodeBlock(block) };
  }

  /** Each takes its turn at going first: whoever comes later finds the machine in another state. */
  async #run(blocks: readonly ReadyBlock[]): Promise<ComparedBlock[]> {
    const turn = this.#turn++;
    const runSequential = () => this.#execute(this.#sequential, blocks, ({ sequential }) => sequential);
    const runContender = () => this.#execute(this.#contender, blocks, ({ contender }) => contender);
    const runPlain = () => blocks.map((block) => this.#executePlain(block, turn % 8 >= 4));
    const plainFirst = turn % 4 >= 2 ? runPlain() : undefined;
    const expectedFirst = turn % 2 === 0 ? await runSequential() : undefined;
    const actual = await runContender();
    const expected = expectedFirst ?? (await runSequential());
    const plain = plainFirst ?? runPlain();
    return blocks.map(({ index, calls }, position) => ({
      index,
      calls,
      expected: expected[position] as Timed<Executed>,
      actual: actual[position] as Timed<Executed>,
      plain: plain[position],
    }));
  }

  async #execute(
    contender: Contender,
    blocks: readonly ReadyBlock[],
    own: (block: ReadyBlock) => Block | EncodedBlock,
  ): Promise<Timed<Executed>[]> {
    const run = this.#measured === 'end-to-end' ? executeAndRead : execute;
    const results: Timed<Executed>[] = [];
    for (const block of blocks) {
      for (const calls of preparationBlocks(block.preparation)) {
        await contender.prepare(contender.transactions(calls));
      }
      results.push(await timedAsync(() => run(contender, own(block))));
    }
    return results;
  }

  #executePlain({ calls, preparation }: ReadyBlock, mapFirst: boolean): YardstickTimes | undefined {
    const yardsticks = this.#yardsticks;
    if (yardsticks === undefined) return undefined;
    yardsticks.mint(preparation);
    yardsticks.load(calls);
    return yardsticks.execute(mapFirst);
  }

  /** The state is compared after the last block of a batch only, while it still is that block's. */
  async #record({ index, calls, expected, actual, plain }: ComparedBlock, isLast: boolean): Promise<void> {
    const { stats } = actual.result.result;
    const failedCalls = countFailed(calls, expected.result.result);
    const measurements = this.measurements;
    measurements.sequentialMs.push(expected.ms);
    measurements.measuredMs.push(actual.ms);
    measurements.engineMs.push(stats.wallMs);
    if (plain !== undefined) {
      measurements.jsMapMs.push(plain.jsMap.ms);
      measurements.ledgerLimitMs.push(plain.ledgerLimit.ms);
    }
    addCounters(measurements, stats, failedCalls);
    const { telemetry } = actual.result.result;
    if (telemetry !== undefined) measurements.statistics.add(telemetry, this.#contender.addressNames);
    const difference =
      (isLast
        ? await firstDifference(actual.result.result, expected.result.result)
        : blockDifference(actual.result.result, expected.result.result)) ??
      readDifference(actual.result, expected.result) ??
      yardstickDifference(failedCalls, plain);
    if (difference === undefined || measurements.difference !== undefined) return;
    measurements.difference = `block ${index}: ${difference}`;
    measurements.differentBlock = index;
    if (telemetry !== undefined) this.#onDifference?.(telemetry.trace(callNames(calls)));
  }
}

async function execute(contender: Contender, block: Block | EncodedBlock): Promise<Executed> {
  return { result: await contender.execute(block), read: 0 };
}

/** Execute, and read every receipt as a program does that passes all of them on. */
async function executeAndRead(contender: Contender, block: Block | EncodedBlock): Promise<Executed> {
  const result = await contender.execute(block);
  return { result, read: readReceipts(result) };
}

function readReceipts({ receipts }: BlockResult): number {
  let sum = 0;
  for (const { status, gasUsed, output, events } of receipts) {
    sum += status.length + gasUsed + output.length;
    for (const { contract, topic, data } of events) sum += contract.length + topic.length + data.length;
  }
  return sum;
}

function readDifference(actual: Executed, expected: Executed): string | undefined {
  if (actual.read === expected.read) return undefined;
  return `what was read of the receipts sums up to ${actual.read}, expected ${expected.read}`;
}
