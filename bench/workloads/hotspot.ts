import type { NumericSchema } from '../parameters.js';
import type { RandomStream } from '../random.js';
import { cells } from './cells.js';
import type { Workload, WorkloadDefinition } from './workload.js';

export interface HotspotParameters {
  readonly keys: number;
  readonly hotRatio: number;
  readonly hotShare: number;
  readonly blockSize: number;
}

/**
 * Each call reads and writes one key: with probability `hotRatio` one of the hot ones, otherwise one of the others, each
 * equally likely. `hotShare` of the keys are hot, rounded to whole keys, and one at least. Where all are hot there are no others.
 */
export function hotspot(parameters: HotspotParameters, seed: number): Workload {
  const { keys, hotRatio, hotShare, blockSize } = parameters;
  const hot = Math.max(1, Math.round(keys * hotShare));
  const cell = (random: RandomStream): number => {
    const isHot = random.uint32() / 2 ** 32 < hotRatio || hot === keys;
    return isHot ? random.below(hot) : hot + random.below(keys - hot);
  };
  const shape = {
    name: 'hotspot',
    params: { keys, hotRatio, hotShare },
    blockSize,
    cells: keys,
    method: 'add',
    args: (_: number, random: RandomStream) => ({ cell: cell(random) }),
  };
  return cells(shape, seed);
}

export const KEYS: NumericSchema = {
  type: 'integer',
  minimum: 1,
  maximum: 1_000_000,
  default: 10_000,
  description: 'keys, of which each call takes one',
};

const HOT_RATIO: NumericSchema = {
  type: 'number',
  minimum: 0,
  maximum: 1,
  default: 1,
  description: 'how probably a call takes a hot key',
};

const HOT_SHARE: NumericSchema = {
  type: 'number',
  minimum: 0,
  maximum: 1,
  default: 0,
  description: 'share of the keys that are hot; one is at least',
};

export const hotspotDefinition: WorkloadDefinition<HotspotParameters> = {
  name: 'hotspot',
  description: 'each call reads and writes one key, a hot one or another; all the same one by default',
  parameters: { keys: KEYS, hotRatio: HOT_RATIO, hotShare: HOT_SHARE },
  build: hotspot,
};
