import { Command } from 'commander';
import type { ExecutorName, Limits, RuntimeOptions } from '../index.js';
import { collectLimit, executorOption, timestampOption, verboseOption, wholeNumber } from './option.js';
import { addPolicyOptions, type PolicyOptions, policyOf } from './policy-options.js';

/** What a block is executed on, and how. */
export interface BlockOptions extends PolicyOptions {
  readonly genesis?: string;
  readonly state?: string;
  readonly workers?: number;
  readonly executor: ExecutorName;
  readonly limit?: Partial<Limits>;
  readonly timestamp?: bigint;
}

/** A command that executes a block file. */
export function blockCommand(name: string): Command {
  const command = new Command(name)
    .argument('<block.jsonl>', 'the calls, one a line')
    .option('--genesis <genesis.json>', 'the contracts and the first calls')
    .option('--state <dir>', 'the directory that the chain is kept in')
    .option('--workers <n>', "worker threads, 1 to 256 (default: the machine's cores)", wholeNumber)
    // One block is too little for `auto` to learn from: it would execute it sequentially.
    .addOption(executorOption('block-stm'))
    .option(
      '--limit <name=value>',
      'a limit of the runtime: memoryMiB, locations, transactions or gas (of a call)',
      collectLimit,
    )
    .addOption(timestampOption());
  return addPolicyOptions(command).addOption(verboseOption());
}

/** What a runtime is made with for it. */
export function runtimeOptions(options: BlockOptions): RuntimeOptions {
  const { executor, workers, limit } = options;
  return {
    executor,
    policy: policyOf(options),
    ...(workers !== undefined && { workers }),
    ...(limit !== undefined && { limits: limit }),
  };
}
