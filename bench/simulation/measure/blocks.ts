import type { Block } from '../../../host/index.js';
import type { Contender } from '../../contender.js';
import { collectGarbage } from '../../garbage.js';
import type { Workload } from '../../workloads/workload.js';

const PREPARATION_BLOCK_SIZE = 50_000;
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
    const preparation = workload.preparation(index);
    for (let from = 0; from < preparation.length; from += PREPARATION_BLOCK_SIZE) {
      const chunk = first.transactions(preparation.slice(from, from + PREPARATION_BLOCK_SIZE));
      for (const contender of contenders) await contender.prepare(chunk);
    }
    const block = first.transactions(workload.block(index));
    collectGarbage();
    await run(block, index);
  }
}
