import { Contender } from '../../contender.js';
import { processorTimed } from '../../processor-time.js';
import type { Workload } from '../../workloads/workload.js';
import { eachBlock, WARM_UP } from './blocks.js';

const NANOS = 1e6;

/** What block-stm takes beyond sequential execution, for each call. */
export interface WorkerOverhead {
  /** Nanoseconds of processor time, of all workers together. */
  readonly nanos: number;
  readonly validations: number;
  readonly aborts: number;
}

/** Of each of the blocks, which both execute, one after the other; who is first alternates. @param grain calls claimed together. */
export async function timeOverhead(
  workload: Workload,
  workers: number,
  grain: number,
  repeats: number,
): Promise<readonly WorkerOverhead[]> {
  const shared = { blocks: WARM_UP + repeats };
  await using sequential = await Contender.start(workload, { ...shared, executor: 'sequential', workers: 1 });
  await using parallel = await Contender.start(workload, {
    ...shared,
    executor: 'block-stm',
    workers,
    policy: { grain },
  });
  const calls = workload.blockSize;
  const overheads: WorkerOverhead[] = [];
  await eachBlock(workload, [sequential, parallel], repeats, async (block, index) => {
    const [alone, together] = [await sequential.encodeBlock(block), await parallel.encodeBlock(block)];
    const runAlone = () => processorTimed(() => sequential.execute(alone));
    const before = index % 2 === 0 ? await runAlone() : undefined;
    const measured = await processorTimed(() => parallel.execute(together));
    const expected = before ?? (await runAlone());
    if (index < WARM_UP) return;
    const { validations, aborts } = measured.result.stats;
    const nanos = ((measured.cpuMs - expected.cpuMs) * NANOS) / calls;
    overheads.push({ nanos, validations: validations / calls, aborts: aborts / calls });
  });
  return overheads;
}
