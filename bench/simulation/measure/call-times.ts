import type { BlockResult } from '../../../host/index.js';
import { Contender } from '../../contender.js';
import { timed, timedAsync } from '../../timed.js';
import type { Workload } from '../../workloads/workload.js';
import type { HostCosts } from '../cost-table.js';
import { eachBlock, WARM_UP } from './blocks.js';
import { measuredCost, measuredCosts } from './measured-cost.js';

const NANOS = 1e6;

/** What sequential blocks take beyond their calls, in nanoseconds. */
export interface BlockTimes {
  /** From the start of the worker until the host goes on, of a block of one call. */
  readonly worker: number;
  readonly host: HostCosts;
}

/** The least over blocks of the workload, and as many of one call: whatever else the machine does only adds to them. @throws BlockStmError `ERR_MEASUREMENT`, see `measuredCost`. */
export async function timeBlocks(workload: Workload, repeats: number): Promise<BlockTimes> {
  const blocks = 2 * (WARM_UP + repeats);
  await using contender = await Contender.start(workload, { executor: 'sequential', workers: 1, blocks });
  const calls = workload.blockSize;
  const [worker, one, whole, encode, read]: number[][] = [[], [], [], [], []];
  await eachBlock(workload, [contender], repeats, async (block, index) => {
    const encoded = await timedAsync(() => contender.encodeBlock(block));
    const executed = await timedAsync(() => contender.execute(encoded.result));
    const receipts = timed(() => [...executed.result.receipts].length);
    const single = await contender.encodeBlock({ transactions: block.transactions.slice(0, 1) });
    const alone = await timedAsync(() => contender.execute(single));
    if (index < WARM_UP) return;
    worker?.push(alone.result.stats.wallMs);
    one?.push(alone.ms - alone.result.stats.wallMs);
    whole?.push(executed.ms - executed.result.stats.wallMs);
    encode?.push(encoded.ms);
    read?.push(receipts.ms);
  });
  const nanos = (samples: readonly number[] = []): number => Math.min(...samples) * NANOS;
  return {
    worker: measuredCost('threads.start', nanos(worker)),
    host: measuredCosts('host', {
      block: nanos(one),
      call: (nanos(whole) - nanos(one)) / calls,
      encode: nanos(encode) / calls,
      read: nanos(read) / calls,
    }),
  };
}

/** What the calls of a workload take. */
export interface CallTimes {
  /** `token.transfer`: by the names of the Wasm. */
  readonly methods: readonly string[];
  readonly nanosPerGas: number;
}

/**
 * Sequential blocks of a workload: what each gas takes, of all its methods alike; the least over the blocks.
 * @param worker what a block takes beyond its calls, see `BlockTimes`. @param unwind what a call takes that ends in a trap, beyond its gas. @throws BlockStmError `ERR_MEASUREMENT`, see `measuredCost`.
 */
export async function timeCalls(
  workload: Workload,
  repeats: number,
  worker: number,
  unwind: number,
): Promise<CallTimes> {
  const blocks = WARM_UP + repeats;
  await using contender = await Contender.start(workload, { executor: 'sequential', workers: 1, blocks });
  const files = new Map(workload.contracts.map(({ name, wasm }) => [name, wasm]));
  const methods = new Set<string>();
  const executed: SequentialBlock[] = [];
  await eachBlock(workload, [contender], repeats, async (block, index) => {
    const result = await contender.execute(await contender.encodeBlock(block));
    if (index < WARM_UP) return;
    executed.push(sequentialBlock(result));
    for (const { contract, method } of workload.block(index)) methods.add(`${files.get(contract)}.${method}`);
  });
  const perGas = executed.map((block) => nanosPerGas(block, worker, unwind));
  return { methods: [...methods], nanosPerGas: leastPerGas(workload.name, perGas) };
}

/** A block that was executed sequentially. */
export interface SequentialBlock {
  /** From the start of the worker until the host went on. */
  readonly nanos: number;
  readonly gas: number;
  /** Calls that were left by a trap. */
  readonly failed: number;
}

export function sequentialBlock({ receipts, stats }: BlockResult): SequentialBlock {
  const failed = [...receipts].filter(({ status }) => status !== 'ok').length;
  return { nanos: stats.wallMs * NANOS, gas: stats.gasUsed, failed };
}

/** What each gas of a block took, for `worker` and `unwind` see `timeCalls`: the simulator counts both by themselves. */
export function nanosPerGas({ nanos, gas, failed }: SequentialBlock, worker: number, unwind: number): number {
  return (nanos - worker - failed * unwind) / gas;
}

/** The least of several blocks. @throws as `timeCalls` does. */
export function leastPerGas(workload: string, perGas: readonly number[]): number {
  return measuredCost(`nanosPerGas of ${workload}`, Math.min(...perGas));
}
