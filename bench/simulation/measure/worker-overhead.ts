import type { BlockResult, EncodedBlock } from '../../../host/index.js';
import { Contender } from '../../contender.js';
import { collectGarbage } from '../../garbage.js';
import { type ProcessorTimed, processorTimed } from '../../processor-time.js';
import type { Workload } from '../../workloads/workload.js';
import { eachBlock, WARM_UP } from './blocks.js';
import type { MeasuredParts } from './measured-parts.js';

const NANOS = 1e6;
/** Where memory lies differs from start to start, and with it what a call takes, by as much as a step does. */
export const STARTS = 8;

/** What block-stm takes for a block beyond sequential execution of it. */
export interface BlockOverhead {
  /** On one worker: nanoseconds of processor time a call. */
  readonly one: number;
  /** On two, of both together, and validations a call; null where it was not asked for. */
  readonly two: { readonly nanos: number; readonly validations: number } | null;
}

/**
 * Of some blocks each time that all are started anew, on one worker and on two. Nothing of two where they are not asked for.
 * @param grain calls claimed together. @param repeats blocks of each start. @returns by starts.
 */
export async function timeOverheads(
  workload: Workload,
  grain: number,
  repeats: number,
  withTwo: boolean,
  parts: MeasuredParts,
): Promise<BlockOverhead[][]> {
  const starts: BlockOverhead[][] = [];
  for (let start = 1; start <= STARTS; start++) {
    const part = `blocks on one worker and on two, start ${start} of ${STARTS}`;
    starts.push(await parts.next(part, () => timeStart(workload, grain, repeats, withTwo)));
  }
  return starts;
}

/** Sequential execution, one worker and two execute all blocks, one after the other; each is first in its turn. */
async function timeStart(
  workload: Workload,
  grain: number,
  repeats: number,
  withTwo: boolean,
): Promise<BlockOverhead[]> {
  const shared = { blocks: WARM_UP + repeats };
  const parallel = { ...shared, executor: 'block-stm', policy: { grain } } as const;
  await using sequential = await Contender.start(workload, { ...shared, executor: 'sequential', workers: 1 });
  await using one = await Contender.start(workload, { ...parallel, workers: 1 });
  await using two = withTwo ? await Contender.start(workload, { ...parallel, workers: 2 }) : null;
  const contenders = [sequential, one, ...(two === null ? [] : [two])];
  const overheads: BlockOverhead[] = [];
  await eachBlock(workload, contenders, repeats, async (block, index) => {
    const measured: ProcessorTimed<BlockResult>[] = [];
    const encoded: EncodedBlock[] = [];
    for (const contender of contenders) encoded.push(await contender.encodeBlock(block));
    // What V8 does with garbage on threads of its own is processor time of whoever is first.
    collectGarbage();
    for (const turn of contenders.keys()) {
      const at = (index + turn) % contenders.length;
      const contender = contenders[at] as Contender;
      measured[at] = await processorTimed(() => contender.execute(encoded[at] as EncodedBlock));
    }
    if (index < WARM_UP) return;
    const [alone, ofOne, ofTwo] = measured as [
      ProcessorTimed<BlockResult>,
      ProcessorTimed<BlockResult>,
      ProcessorTimed<BlockResult>?,
    ];
    const { blockSize } = workload;
    const nanosOf = ({ cpuMs }: ProcessorTimed<BlockResult>): number => ((cpuMs - alone.cpuMs) * NANOS) / blockSize;
    overheads.push({
      one: nanosOf(ofOne),
      two:
        ofTwo === undefined ? null : { nanos: nanosOf(ofTwo), validations: ofTwo.result.stats.validations / blockSize },
    });
  });
  return overheads;
}
