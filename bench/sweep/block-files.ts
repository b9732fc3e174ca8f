import { closeSync, copyFileSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { AbortError } from '../../host/index.js';
import { builtContractPath } from '../package.js';
import type { Progress } from '../runner.js';
import type { Workload, WorkloadCall } from '../workloads/workload.js';
import { blockLine, hashOf } from './block-hashes.js';

/** Of a file of calls that come before, and one call more. `blockstm run` takes a quarter of a million of calls by default, and what they write has to find room in memory. */
const CHARACTERS_IN_FILE = 2 ** 24;
/** Calls that are text at a time. */
const CALLS_IN_WRITE = 10_000;

/** What was written of a block. */
export interface BlockFiles {
  /** In the order in which they were written. */
  readonly names: readonly string[];
  /** Those of them with the calls that come before it, in their order. */
  readonly before: readonly string[];
  readonly callsBefore: number;
  /** Of `block.jsonl`: the number that the manifest of a sweep has for the block. */
  readonly sha256: string;
}

/**
 * Write block `index` of a workload as `blockstm run` reads it, with what it takes to execute it: `block.jsonl`; `genesis.json` and the contracts' Wasm; `before-*.jsonl`, all calls that are executed before it, those
 * that prepare the state among them. How these are cut into files does not matter: no workload looks at the height of a block.
 *
 * @throws AbortError where `signal` says so, between two blocks; SystemError where a file cannot be written.
 */
export async function writeBlockFiles(
  directory: string,
  workload: Workload,
  index: number,
  progress: Progress = () => {},
  signal?: AbortSignal,
): Promise<BlockFiles> {
  const calls = workload.block(index);
  const wasm = [...new Set(workload.contracts.map((contract) => contract.wasm))];
  writeCalls(join(directory, 'block.jsonl'), calls);
  writeFileSync(join(directory, 'genesis.json'), genesis(workload));
  for (const name of wasm) copyFileSync(builtContractPath(name), join(directory, `${name}.wasm`));
  const before: string[] = [];
  let callsBefore = 0;
  let rest: string[] = [];
  let characters = 0;
  const writeRest = (): void => {
    const name = `before-${String(before.length + 1).padStart(4, '0')}.jsonl`;
    writeFileSync(join(directory, name), rest.join(''));
    before.push(name);
    callsBefore += rest.length;
    rest = [];
    characters = 0;
  };
  for (const some of callsBeforeBlock(workload, index, progress)) {
    // A signal is noticed between turns of the event loop only.
    await setImmediate();
    if (signal?.aborted) throw new AbortError('interrupted before all calls were written');
    for (const call of some) {
      const line = blockLine(call);
      rest.push(line);
      characters += line.length;
      if (characters >= CHARACTERS_IN_FILE) writeRest();
    }
  }
  if (rest.length > 0) writeRest();
  const names = ['block.jsonl', 'genesis.json', ...wasm.map((name) => `${name}.wasm`), ...before];
  return { names, before, callsBefore, sha256: hashOf(calls) };
}

/** Whether `writeBlockFiles` writes a file of this name, for some block of the workload. */
export function isBlockFile(name: string, { contracts }: Workload): boolean {
  if (/^(block\.jsonl|genesis\.json|before-[0-9]{4,}\.jsonl)$/.test(name)) return true;
  return contracts.some(({ wasm }) => name === `${wasm}.wasm`);
}

function* callsBeforeBlock(workload: Workload, index: number, progress: Progress): Generator<readonly WorkloadCall[]> {
  for (let block = 0; block < index; block++) {
    progress(`writing block ${block + 1} of the ${index} before it`);
    yield workload.preparation(block);
    yield workload.block(block);
  }
  yield workload.preparation(index);
}

function genesis({ contracts }: Workload): string {
  const listed = contracts.map(({ name, address, wasm, init }) => ({
    name,
    address,
    wasm: `${wasm}.wasm`,
    ...(init !== undefined && { init }),
  }));
  return `${JSON.stringify({ schema: 'blockstm.genesis/1', contracts: listed }, undefined, 1)}\n`;
}

/** Some at a time: all of them may be more than a string can hold. */
function writeCalls(path: string, calls: readonly WorkloadCall[]): void {
  const file = openSync(path, 'w');
  try {
    for (let from = 0; from < calls.length; from += CALLS_IN_WRITE) {
      writeFileSync(
        file,
        calls
          .slice(from, from + CALLS_IN_WRITE)
          .map(blockLine)
          .join(''),
      );
    }
  } finally {
    closeSync(file);
  }
}
