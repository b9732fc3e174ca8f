import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { AbortError } from '../../host/index.js';
import type { ParameterValues } from '../parameters.js';
import { type Progress, warmUpBlocks } from '../runner.js';
import { buildWorkload } from '../workloads/registry.js';
import type { WorkloadCall } from '../workloads/workload.js';
import type { Sweep } from './spec.js';

/** The blocks that every run with this workload and seed measures. */
export interface BlockHashes {
  readonly workload: string;
  readonly params: ParameterValues;
  readonly blockSize: number;
  readonly seed: number;
  /** The index of the first one: those before it warm up. */
  readonly firstBlock: number;
  /** SHA-256 of each as a block file. */
  readonly sha256: readonly string[];
}

/**
 * Of all workloads of a sweep.
 * @throws AbortError where `signal` says so, between two blocks.
 */
export async function hashBlocks(
  { cells, seeds, blocks, warmUp }: Sweep,
  progress: Progress,
  signal?: AbortSignal,
): Promise<BlockHashes[]> {
  const points = new Map(
    cells.flatMap(({ workload, params, blockSize }) =>
      seeds.map((seed) => {
        const point = { workload, params, blockSize, seed };
        return [JSON.stringify(point), point] as const;
      }),
    ),
  );
  const hashes: BlockHashes[] = [];
  for (const point of points.values()) {
    progress(`hashing blocks of workload ${hashes.length + 1} of ${points.size}`);
    const workload = buildWorkload(point.workload, point.params, point.blockSize, point.seed);
    const firstBlock = warmUpBlocks(warmUp, point.blockSize);
    const sha256: string[] = [];
    for (let block = 0; block < blocks; block++) {
      // A signal is noticed between turns of the event loop only.
      await setImmediate();
      if (signal?.aborted) throw new AbortError('interrupted before the first run');
      sha256.push(hashOf(workload.block(firstBlock + block)));
    }
    hashes.push({ ...point, firstBlock, sha256 });
  }
  return hashes;
}

/** SHA-256 of a block as a file, in hexadecimal. */
export function hashOf(calls: readonly WorkloadCall[]): string {
  const hash = createHash('sha256');
  for (const call of calls) hash.update(blockLine(call));
  return hash.digest('hex');
}

/** A call as a line of a block file, as `blockstm run` reads it. */
export function blockLine(call: WorkloadCall): string {
  return `${JSON.stringify(call)}\n`;
}
