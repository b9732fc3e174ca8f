import { closeSync, copyFileSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { builtContractPath } from '../package.js';
import type { BenchmarkReport } from '../result.js';
import { buildWorkload } from '../workloads/registry.js';
import type { Workload, WorkloadCall } from '../workloads/workload.js';
import { blockLine } from './block-hashes.js';
import { replaceFile } from './durable-file.js';
import { fileError } from './errors.js';
import type { PlannedRun } from './plan.js';

/** Calls of a block file: `blockstm run` takes a quarter of a million by default. */
const CALLS_IN_FILE = 100_000;

/**
 * What is needed to look into a run whose results differ: `block.jsonl`, the block; `genesis.json` with the contracts; `before-*.jsonl`, all calls executed before the block;
 * `mismatch.json`, which says what differs, with which seed and options, and the commands that execute it again. The first things first: the disk may be full.
 * @returns the directory.
 * @throws SweepError
 */
export function saveCounterExample(sweepDirectory: string, run: PlannedRun, report: BenchmarkReport): string {
  const directory = join(sweepDirectory, 'mismatch');
  const { cell, seed } = run;
  const workload = buildWorkload(cell.workload, cell.params, cell.blockSize, seed);
  const index = report.differentBlock ?? 0;
  try {
    mkdirSync(directory, { recursive: true });
    const blockCalls = workload.block(index);
    writeBlock(join(directory, 'block.jsonl'), blockCalls);
    const before = chunks(callsBefore(workload, index));
    const names = before.map((_, chunk) => `before-${String(chunk + 1).padStart(4, '0')}.jsonl`);
    const document = {
      schema: 'blockstm.sweep-mismatch/1',
      difference: report.difference,
      block: index,
      cell: run.name,
      seed,
      repeat: run.repeat,
      options: cell,
      stateHash: report.stateHash,
      commands: commands(run, names),
    };
    replaceFile(join(directory, 'mismatch.json'), `${JSON.stringify(document, undefined, 2)}\n`);
    replaceFile(join(directory, 'genesis.json'), `${genesis(workload)}\n`);
    for (const wasm of new Set(workload.contracts.map((contract) => contract.wasm))) {
      copyFileSync(builtContractPath(wasm), join(directory, `${wasm}.wasm`));
    }
    for (const [chunk, calls] of before.entries()) writeBlock(join(directory, names[chunk] as string), calls);
  } catch (error) {
    throw fileError(error, `cannot write ${directory}`);
  }
  return directory;
}

/** To be run in the directory, in this order. */
function commands({ cell }: PlannedRun, before: readonly string[]): string[] {
  const [first, ...others] = [...before, 'block.jsonl'];
  const how = (file: string): string =>
    file === 'block.jsonl' ? `--executor ${cell.executor} --workers ${cell.workers} --verify` : '--executor sequential';
  return [
    `blockstm run ${first} --genesis genesis.json --state chain ${how(first as string)}`,
    ...others.map((file) => `blockstm run ${file} --state chain ${how(file)}`),
  ];
}

function callsBefore(workload: Workload, index: number): WorkloadCall[] {
  const calls: WorkloadCall[] = [];
  // Not spread into push: a block may have more calls than a function takes arguments.
  const add = (more: readonly WorkloadCall[]): void => {
    for (const call of more) calls.push(call);
  };
  for (let block = 0; block < index; block++) {
    add(workload.preparation(block));
    add(workload.block(block));
  }
  add(workload.preparation(index));
  return calls;
}

function chunks(calls: readonly WorkloadCall[]): WorkloadCall[][] {
  const count = Math.ceil(calls.length / CALLS_IN_FILE);
  return Array.from({ length: count }, (_, chunk) => calls.slice(chunk * CALLS_IN_FILE, (chunk + 1) * CALLS_IN_FILE));
}

function genesis({ contracts }: Workload): string {
  const listed = contracts.map(({ name, address, wasm }) => ({ name, address, wasm: `${wasm}.wasm` }));
  return JSON.stringify({ schema: 'blockstm.genesis/1', contracts: listed }, undefined, 1);
}

function writeBlock(path: string, calls: readonly WorkloadCall[]): void {
  const file = openSync(path, 'w');
  try {
    for (const call of calls) writeSync(file, blockLine(call));
  } finally {
    closeSync(file);
  }
}
