import { availableParallelism } from 'node:os';
import { type ExecutorName, MisuseError } from '../host/index.js';
import { bundledBlocks, readBundledBlocks } from './mainnet/input.js';
import type { RunSettings } from './runner.js';
import { compute } from './workloads/compute.js';
import { mainnet } from './workloads/mainnet.js';
import { p2p } from './workloads/p2p.js';
import type { Workload } from './workloads/workload.js';

export type WorkloadName = 'p2p' | 'compute' | 'mainnet';

/** What to measure; whatever is left out has a default. */
export interface BenchmarkOptions {
  readonly workload: WorkloadName;
  /** 2 to 1,000,000, default 10,000. Not for `mainnet`. */
  readonly accounts?: number;
  /** Calls in a block: 1 to 262,144, default 10,000. */
  readonly blockSize?: number;
  /** Worker threads: 1 to 256, default the machine's available parallelism. */
  readonly workers?: number;
  /** Measured pairs: 1 to 1,000, default 20. */
  readonly repeats?: number;
  /** 0 to 2^53 - 1, default 1. */
  readonly seed?: number;
  /** Default `auto`. */
  readonly executor?: ExecutorName;
  /** Rounds of work in each call: 0 to 1,000,000, default `ROUNDS_DEFAULT`. Only for `compute`. */
  readonly rounds?: number;
}

/** A `compute` call of this many rounds takes about 5 microseconds on the machine that bench/README.md names. */
export const ROUNDS_DEFAULT = 3_000;

const WORKLOADS: readonly string[] = ['p2p', 'compute', 'mainnet'] satisfies WorkloadName[];
const EXECUTORS: readonly string[] = ['auto', 'sequential', 'block-stm'] satisfies ExecutorName[];

/**
 * The workload and the settings that options ask for.
 * @throws MisuseError `ERR_OPTION` naming the option, its value and what it may be.
 */
export function resolveOptions(options: BenchmarkOptions): { workload: Workload; settings: RunSettings } {
  const seed = wholeNumber('seed', options.seed ?? 1, 0, Number.MAX_SAFE_INTEGER);
  const settings = {
    executor: oneOf('executor', options.executor ?? 'auto', EXECUTORS) as ExecutorName,
    workers: wholeNumber('workers', options.workers ?? Math.min(availableParallelism(), 256), 1, 256),
    repeats: wholeNumber('repeats', options.repeats ?? 20, 1, 1_000),
    seed,
  };
  return { workload: buildWorkload(options, seed), settings };
}

function buildWorkload(options: BenchmarkOptions, seed: number): Workload {
  const name = oneOf('workload', options.workload, WORKLOADS) as WorkloadName;
  const blockSize = wholeNumber('block-size', options.blockSize ?? 10_000, 1, 262_144);
  if (name !== 'compute') refuse('rounds', options.rounds, name);
  if (name === 'mainnet') {
    refuse('accounts', options.accounts, name);
    return mainnet({ transactions: readBundledBlocks(bundledBlocks()), blockSize }, seed);
  }
  const accounts = wholeNumber('accounts', options.accounts ?? 10_000, 2, 1_000_000);
  if (name === 'p2p') return p2p({ accounts, blockSize }, seed);
  const rounds = wholeNumber('rounds', options.rounds ?? ROUNDS_DEFAULT, 0, 1_000_000);
  return compute({ accounts, blockSize, rounds }, seed);
}

function wholeNumber(option: string, value: number, min: number, max: number): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  const range = `${min.toLocaleString('en-US')} to ${max.toLocaleString('en-US')}`;
  throw new MisuseError('ERR_OPTION', `--${option}: expected a whole number from ${range}, found ${value}`);
}

function oneOf(option: string, value: string, allowed: readonly string[]): string {
  if (allowed.includes(value)) return value;
  throw new MisuseError('ERR_OPTION', `--${option}: expected one of ${allowed.join(', ')}, found ${value}`);
}

function refuse(option: string, value: number | undefined, workload: WorkloadName): void {
  if (value === undefined) return;
  throw new MisuseError('ERR_OPTION', `--${option} ${value}: the workload ${workload} has no such parameter`);
}
