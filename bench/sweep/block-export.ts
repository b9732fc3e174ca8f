import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AbortError } from '../../host/index.js';
import { makeDirectory, removeMade } from '../../host/store/made-directory.js';
import { optionName } from '../option-name.js';
import { resolveOptions } from '../options.js';
import { type NumericSchema, type ParameterValues, resolveParameter } from '../parameters.js';
import { formatTable, plural } from '../report.js';
import type { Progress } from '../runner.js';
import { refuseUnknownOptions } from '../unknown-options.js';
import type { Workload } from '../workloads/workload.js';
import { type BlockCommands, blockCommands } from './block-commands.js';
import { type BlockFiles, isBlockFile, writeBlockFiles } from './block-files.js';
import { replaceFile } from './durable-file.js';
import { fileError, SweepError } from './errors.js';

/** Which block to export; whatever is left out has a default. */
export interface ExportOptions {
  /** The name of one of `WORKLOADS`. */
  readonly workload: string;
  /** Parameters of the workload, see `WORKLOADS`. */
  readonly params?: ParameterValues;
  /** For this and the next see `RUN_PARAMETERS`. */
  readonly blockSize?: number;
  readonly seed?: number;
  /** See `EXPORT_PARAMETERS`. */
  readonly block?: number;
}

/** What goes with an export alone, as JSON Schemas. */
export const EXPORT_PARAMETERS = {
  block: {
    type: 'integer',
    minimum: 0,
    // No benchmark has more: a thousand that warm up, and a thousand that are measured.
    maximum: 1_999,
    default: 0,
    description: 'which block, counted from the first one that warms up',
  },
} as const satisfies Readonly<Record<string, NumericSchema>>;

/** What a directory has of a block: `block.json` in it, which is there when all the others are. */
export interface BlockExport {
  readonly schema: 'blockstm.bench-block/1';
  readonly workload: string;
  /** As in the JSON of a benchmark. */
  readonly params: ParameterValues;
  readonly blockSize: number;
  readonly seed: number;
  /** Its index. */
  readonly block: number;
  /** Of `block.jsonl`: the number that the manifest of a sweep has for this block. */
  readonly sha256: string;
  /** That are executed before it. */
  readonly callsBefore: number;
  /** Beside `block.json`. */
  readonly files: readonly string[];
  readonly commands: BlockCommands;
}

const DOCUMENT = 'block.json';
const HOW = ['--stats', '--trace trace.json', '--graph graph.dot'];

/**
 * Write a block of a workload into a directory, which is made where it is not there: all that it takes to execute it by `blockstm run`, and `block.json`. The same options give the same bytes.
 * A directory with the same block gets its files again; where it fails there are none of them.
 *
 * @param signal interrupts it.
 * @throws OptionError, and what else `resolveOptions` throws; SweepError, `ERR_SWEEP_OTHER` where the directory has something else; AbortError.
 */
export async function exportBlock(
  options: ExportOptions,
  directory: string,
  progress: Progress = () => {},
  signal?: AbortSignal,
): Promise<BlockExport> {
  refuseUnknownOptions(options, ['workload', 'params', 'blockSize', 'seed', 'block']);
  const { block: asked, ...its } = options;
  const { workload, settings } = resolveOptions(its);
  const block = resolveParameter('block', EXPORT_PARAMETERS.block, asked) as number;
  const { name, params, blockSize } = workload;
  const which = { workload: name, params, blockSize, seed: settings.seed, block };
  let made: readonly string[] = [];
  try {
    made = makeDirectory(directory);
    refuseOther(directory, which);
    rmSync(join(directory, DOCUMENT), { force: true });
  } catch (error) {
    throw fileError(error, `cannot write to ${directory}`);
  }
  try {
    const files = await writeBlockFiles(directory, workload, block, progress, signal);
    const exported = describe(which, workload, files);
    replaceFile(join(directory, DOCUMENT), `${JSON.stringify(exported, undefined, 2)}\n`);
    return exported;
  } catch (error) {
    removeBlock(directory, workload);
    removeMade(made);
    if (error instanceof AbortError) throw error;
    throw fileError(error, `cannot write to ${directory}`);
  }
}

type Which = Pick<BlockExport, 'workload' | 'params' | 'blockSize' | 'seed' | 'block'>;

function describe(which: Which, workload: Workload, files: BlockFiles): BlockExport {
  const { names, callsBefore, sha256 } = files;
  const commands = blockCommands(files, workload, which.block, HOW);
  return { schema: 'blockstm.bench-block/1', ...which, sha256, callsBefore, files: names, commands };
}

/** @throws SweepError where the directory has anything, and not this block. */
function refuseOther(directory: string, which: Which): void {
  const [other] = readdirSync(directory);
  if (other === undefined) return;
  const found = readDocument(join(directory, DOCUMENT));
  if (found === undefined) {
    throw new SweepError('ERR_SWEEP_OTHER', `${directory} has other files (${other}): choose another directory`);
  }
  const [its, wanted] = [blockName(found), blockName(which)];
  if (its === wanted) return;
  throw new SweepError('ERR_SWEEP_OTHER', `${directory} has ${its}, and not ${wanted}: choose another directory`);
}

/** Undefined where the directory has no document of an export. */
function readDocument(path: string): BlockExport | undefined {
  try {
    const document = JSON.parse(readFileSync(path, 'utf8')) as BlockExport | null;
    return document?.schema === 'blockstm.bench-block/1' ? document : undefined;
  } catch {
    return undefined;
  }
}

function removeBlock(directory: string, workload: Workload): void {
  for (const name of readdirSync(directory)) {
    if (isBlockFile(name, workload)) rmSync(join(directory, name), { force: true });
  }
}

/** `block 3 of p2p accounts=100 block-size=1000 seed=1` */
function blockName({ workload, params, blockSize, seed, block }: Which): string {
  const values = Object.entries({ ...params, blockSize, seed }).map(([name, value]) => `${optionName(name)}=${value}`);
  return [`block ${block} of ${workload}`, ...values].join(' ');
}

/** What was written, and what to do with it, as a person reads it. */
export function formatExport(exported: BlockExport, directory: string): string {
  const { sha256, callsBefore, files, commands, blockSize } = exported;
  const facts = formatTable(
    [
      ['directory', directory],
      ['block', `${plural(blockSize, 'call')}, after ${plural(callsBefore, 'other')}`],
      ['SHA-256', sha256],
      ['files', [...files, DOCUMENT].join(', ')],
    ],
    'left',
  );
  const lines = [...commands.before, commands.run, commands.explain].map((command) => `  ${command}\n`);
  return `${blockName(exported)}\n\n${facts}\nIn that directory, in this order; "run block.jsonl" and "explain" as often as you like:\n${lines.join('')}`;
}
