import { LOCATIONS_DEFAULT, locationsFor } from '../contender.js';
import type { Workload } from '../workloads/workload.js';
import type { BlockFiles } from './block-files.js';

/** Commands to be run in the directory that a block was written to. All but `before` can be repeated: they leave the state as it is. */
export interface BlockCommands {
  /** They bring a chain in the directory `chain` to where the block starts, in this order. Empty where nothing comes before it. */
  readonly before: readonly string[];
  /** It executes the block. */
  readonly run: string;
  /** It explains the last call of the block: the one that has most others before it. */
  readonly explain: string;
}

/** @param how the options of the command that executes the block. */
export function blockCommands(
  { before }: BlockFiles,
  workload: Workload,
  index: number,
  how: readonly string[],
): BlockCommands {
  const locations = locationsFor(workload, index + 1);
  const limit = locations === LOCATIONS_DEFAULT ? [] : [`--limit locations=${locations}`];
  const genesis = '--genesis genesis.json';
  const line = (...words: readonly string[]): string => ['blockstm', ...words, ...limit].join(' ');
  const [origin, keepsNothing] = before.length === 0 ? [genesis, []] : ['--state chain', ['--dry-run']];
  return {
    before: before.map((file, position) => {
      const chain = position === 0 ? `${genesis} --state chain` : '--state chain';
      return line('run', file, chain, '--executor sequential');
    }),
    run: line('run block.jsonl', origin, ...keepsNothing, ...how),
    explain: line('explain block.jsonl', origin, `--call ${workload.blockSize - 1}`),
  };
}
