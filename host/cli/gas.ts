import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stdout } from 'node:process';
import { Command, type ErrorOptions, Option } from 'commander';
import { runTests } from './author-tests.js';
import { reportFailure } from './failure.js';
import { compareGas, type GasComparison, type MethodComparison } from './gas-comparison.js';
import {
  formatGasSnapshot,
  type GasSnapshot,
  parseGasSnapshot,
  readGasRecord,
  refuseEmpty,
  SCHEMA,
} from './gas-snapshot.js';
import { FileError } from './json-field.js';
import { decimalNumber, verboseOption } from './option.js';
import { printable } from './printable.js';
import { count } from './quantity.js';
import { type Column, formatTable } from './table.js';

interface GasOptions {
  readonly snapshot?: string | true;
  readonly check?: string | true;
  readonly tolerance: number;
  readonly abortTolerance: number;
  readonly json?: true;
}

const SNAPSHOT_FILE = '.gas-snapshot';

const EXAMPLES = `
The tests have to pass. What is measured is the gas of every call that ended ok on a chain of blockstm/testing, those of init and migrate methods included, by contract and method: how many, the least, the median
and the most. Aborts, executions that were thrown away, are counted for each 1,000 calls of blocks of more than one that were executed in parallel. They depend on
timing.

--check exits with 1 where a method's median or maximum, or the aborts, are more than before by more than is tolerated. Methods that are new or
missing are told, and are no regression. The report of the tests goes to the standard error.

Examples:
  $ blockstm gas
  $ blockstm gas --snapshot
  $ blockstm gas --check --tolerance 2
  $ blockstm gas --check ci.gas --tolerance 0.5 --abort-tolerance 100 --json
  $ blockstm gas -- token.test.ts
`;

/** Whoever has learned `blockstm test -t …` gives the options of vitest to this command too. */
class GasCommand extends Command {
  override error(message: string, options?: ErrorOptions): never {
    const hint = options?.code === 'commander.unknownOption' ? '; what is for vitest comes after --' : '';
    return super.error(`${message}${hint}`, options);
  }
}

export function gasCommand(): Command {
  return new GasCommand('gas')
    .summary("measure the gas of a project's tests, and compare it")
    .description('Run the tests of the project in the current directory, and show what gas its methods use.')
    .argument('[args...]', 'what vitest is given: names of files, options')
    .addOption(new Option('--snapshot [file]', `write it to a file, by default ${SNAPSHOT_FILE}`).conflicts('check'))
    .option('--check [file]', `compare it with such a file, by default ${SNAPSHOT_FILE}`)
    .option('--tolerance <percent>', 'how much more gas is no regression', decimalNumber, 0)
    .option('--abort-tolerance <n>', 'how many more aborts of 1,000 calls are no regression', decimalNumber, 50)
    .option('--json', 'print one JSON document')
    .addOption(verboseOption())
    .addHelpText('after', EXAMPLES)
    .action(gas);
}

/** Sets the exit code to 1 where `--check` finds a regression. */
async function gas(args: string[], options: GasOptions): Promise<void> {
  const { snapshot: target, check } = options;
  const file = fileOf(target ?? check);
  // What is wrong with the file is said before the tests run.
  const before = check === undefined ? undefined : parseSnapshot(file, await readSnapshot(file));
  if (target !== undefined) await refuseOther(file);
  const measured = await measure(args);
  if (before !== undefined) return report(compareGas(before, measured, toleranceOf(options)), file, options);
  if (target !== undefined) await writeSnapshot(file, measured);
  const written = target === undefined ? null : file;
  if (options.json) {
    stdout.write(`${JSON.stringify({ schema: 'blockstm.gas/1', file: written, ...snapshotDocument(measured) })}\n`);
  } else stdout.write(`${formatSnapshot(measured)}${written === null ? '' : `written to ${file}\n`}`);
}

/** @throws FileError that says how to make one where there is none. */
async function readSnapshot(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw new FileError(`error: cannot read ${file}: ${message}`);
    const name = file === SNAPSHOT_FILE ? '' : ` ${file}`;
    throw new FileError(`error: --check: there is no ${file} to compare with: blockstm gas --snapshot${name} makes it`);
  }
}

/** One that was damaged is wrong at a place; what never was one is likely the name of a test. @throws FileError */
function parseSnapshot(file: string, text: string): GasSnapshot {
  if (!text.includes(SCHEMA)) throw noSnapshot('--check', file);
  return parseGasSnapshot(file, text);
}

function noSnapshot(option: string, file: string): FileError {
  return new FileError(
    `error: ${option} ${file}: it is there, and is no gas snapshot; what is for vitest comes after --, as in: blockstm gas ${option} -- ${file}`,
  );
}

function fileOf(option: string | true | undefined): string {
  return typeof option === 'string' ? option : SNAPSHOT_FILE;
}

function toleranceOf({ tolerance, abortTolerance }: GasOptions): { gas: number; aborts: number } {
  return { gas: tolerance, aborts: abortTolerance };
}

/** @throws FileError where the tests fail, or record nothing. */
async function measure(args: readonly string[]): Promise<GasSnapshot> {
  const directory = await mkdtemp(join(tmpdir(), 'blockstm-gas-'));
  const file = join(directory, 'gas.jsonl');
  try {
    await writeFile(file, '');
    const code = await runTests(args, { environment: { BLOCKSTM_GAS_FILE: file }, report: 'error' });
    if (code !== 0) throw new FileError(`error: the tests did not pass: vitest ended with exit code ${code}`);
    const measured = readGasRecord(file, await readFile(file, 'utf8'));
    refuseEmpty(measured);
    return measured;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** What is replaced is a snapshot, and not the name of a test that was taken for the file's. @throws FileError */
async function refuseOther(file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  try {
    parseGasSnapshot(file, text);
  } catch {
    throw noSnapshot('--snapshot', file);
  }
}

async function writeSnapshot(file: string, measured: GasSnapshot): Promise<void> {
  try {
    await writeFile(file, formatGasSnapshot(measured));
  } catch (cause) {
    throw new FileError(`error: cannot write ${file}: ${(cause as Error).message}`);
  }
}

function snapshotDocument({ methods, abortsPerThousand }: GasSnapshot): object {
  return { methods: Object.fromEntries(methods), abortsPerThousand: abortsPerThousand ?? null };
}

const SNAPSHOT_COLUMNS: readonly Column[] = [
  { title: 'method', align: 'left' },
  { title: 'calls', align: 'right' },
  { title: 'least', align: 'right' },
  { title: 'median', align: 'right' },
  { title: 'most', align: 'right' },
];

function formatSnapshot({ methods, abortsPerThousand }: GasSnapshot): string {
  const rows = [...methods].map(([name, { calls, min, median, max }]) => [
    printable(name),
    ...[calls, min, median, max].map(count),
  ]);
  const aborts = abortsPerThousand === undefined ? '' : `aborts of 1,000 calls: ${abortsPerThousand}\n`;
  return `${formatTable(SNAPSHOT_COLUMNS, rows)}${aborts}`;
}

const COMPARISON_COLUMNS: readonly Column[] = [
  { title: 'method', align: 'left' },
  { title: 'median', align: 'right' },
  { title: 'most', align: 'right' },
  { title: '', align: 'left' },
];

function report(comparison: GasComparison, file: string, options: GasOptions): void {
  const changed = comparison.methods.filter(({ state }) => state !== 'same');
  if (options.json) {
    const { methods, aborts, isWorse } = comparison;
    const document = { schema: 'blockstm.gas-check/1', file, isWorse, methods, aborts: aborts ?? null };
    stdout.write(`${JSON.stringify(document)}\n`);
  } else {
    if (changed.length > 0) stdout.write(formatTable(COMPARISON_COLUMNS, changed.map(comparisonRow)));
    const { aborts } = comparison;
    if (aborts !== undefined) {
      stdout.write(`aborts of 1,000 calls: ${aborts.before} -> ${aborts.after}${aborts.isWorse ? ', worse' : ''}\n`);
    }
    stdout.write(
      `${comparison.methods.length - changed.length} of ${comparison.methods.length} methods as in ${file}\n`,
    );
  }
  if (comparison.isWorse) reportFailure('ERR_GAS', `more gas or aborts than in ${file}: ${worseNames(comparison)}`);
}

function worseNames({ methods, aborts }: GasComparison): string {
  const names = methods.filter(({ state }) => state === 'worse').map(({ name }) => printable(name));
  return [...names, ...(aborts?.isWorse ? ['aborts'] : [])].join(', ');
}

function comparisonRow({ name, state, before, after }: MethodComparison): string[] {
  return [printable(name), change(before?.median, after?.median), change(before?.max, after?.max), state];
}

function change(before: number | undefined, after: number | undefined): string {
  if (before === undefined || after === undefined) return count((before ?? after) as number);
  if (before === after) return count(after);
  const percent =
    before === 0 ? '' : ` (${after > before ? '+' : ''}${(((after - before) * 100) / before).toFixed(1)} %)`;
  return `${count(before)} -> ${count(after)}${percent}`;
}
