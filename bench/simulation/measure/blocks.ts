import type { Block } from '../../../host/index.js';
import type { Contender } from '../../contender.js';
import { collectGarbage } from '../../garbage.js';
import { preparationBlocks } from '../../preparation.js';
import type { Workload } from '../../workloads/workload.js';

/** Blocks before, in which V8 compiles what is hot. */
export const WARM_UP = 5;

/** The workload's blocks one after the other, each with all runtimes brought to where it starts, and no garbage left. Those up to WARM_UP are to be executed, and not measured. */
export async function eachBlock(
  workload: Workload,
  contenders: readonly Contender[],
  measured: number,
  run: (block: Block, index: number) => Promise<void>,
): Promise<void> {
  const [first] = contenders as [Contender];
  for (let index = 0; index < WARM_UP + measured; index++) {
    for (const calls of preparationBlocks(workload.preparation(index))) {
      const chunk = first.transactions(calls);
      for (const contender of contenders) await contender.prepare(chunk);
    }
    const block = first.transactions(workload.block(index));
    collectGarbage();
    await run(block, index);
  }
}
