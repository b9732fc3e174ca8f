import type { BlockResult, EncodedBlock } from '../../../host/index.js';
import { Contender } from '../../contender.js';
import { collectGarbage } from '../../garbage.js';
import { type ProcessorTimed, processorTimed } from '../../processor-time.js';
import type { Workload } from '../../workloads/workload.js';
import { eachBlock, WARM_UP } from './blocks.js';
import { type SequentialBlock, sequentialBlock } from './call-times.js';
import type { MeasuredParts } from './measured-parts.js';

const NANOS = 1e6;
/** Where memory lies differs from start to start, and with it what a call takes, by as much as a step does. */
export const STARTS = 8;

/** What block-stm takes beyond sequential execution, for each call of a block. */
export interface WorkerOverhead {
  /** Nanoseconds of processor time, of all workers together. */
  readonly nanos: number;
  readonly validations: number;
  /** Over sequential execution of the same block. */
  readonly speedup: number;
  /** That. */
  readonly sequential: SequentialBlock;
}

/** On one worker and on two, by starts: a value for each block. */
export interface WorkerOverheads {
  readonly one: readonly (readonly WorkerOverhead[])[];
  readonly two: readonly (readonly WorkerOverhead[])[];
}

/**
 * Of some blocks each time that all are started anew, on one worker and on two. None of two where they are not asked for.
 * @param grain calls claimed together. @param repeats blocks of each start.
 */
export async function timeOverheads(
  workload: Workload,
  grain: number,
  repeats: number,
  withTwo: boolean,
  parts: MeasuredParts,
): Promise<WorkerOverheads> {
  const one: WorkerOverhead[][] = [];
  const two: WorkerOverhead[][] = [];
  for (let start = 1; start <= STARTS; start++) {
    const [ofOne = [], ofTwo] = await parts.next(`blocks on one worker and on two, start ${start} of ${STARTS}`, () =>
      timeStart(workload, grain, repeats, withTwo),
    );
    one.push(ofOne);
    if (ofTwo !== undefined) two.push(ofTwo);
  }
  return { one, two };
}

/** Sequential execution, one worker and two execute all blocks, one after the other; each is first in its turn. */
async function timeStart(
  workload: Workload,
  grain: number,
  repeats: number,
  withTwo: boolean,
): Promise<WorkerOverhead[][]> {
  const shared = { blocks: WARM_UP + repeats };
  const parallel = { ...shared, executor: 'block-stm', policy: { grain } } as const;
  await using sequential = await Contender.start(workload, { ...shared, executor: 'sequential', workers: 1 });
  await using one = await Contender.start(workload, { ...parallel, workers: 1 });
  await using two = withTwo ? await Contender.start(workload, { ...parallel, workers: 2 }) : null;
  const contenders = [sequential, one, ...(two === null ? [] : [two])];
  const overheads = contenders.map((): WorkerOverhead[] => []);
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
    const [alone] = measured as [ProcessorTimed<BlockResult>];
    const sequential = sequentialBlock(alone.result);
    for (const [at, { cpuMs, wallMs, result }] of measured.entries()) {
      const nanos = ((cpuMs - alone.cpuMs) * NANOS) / workload.blockSize;
      const validations = result.stats.validations / workload.blockSize;
      overheads[at]?.push({ nanos, validations, speedup: alone.wallMs / wallMs, sequential });
    }
  });
  return overheads.slice(1);
}
