import { basename, join } from 'node:path';
import { stderr, stdout } from 'node:process';
import { Command } from 'commander';
import { CompileError } from '../contract/compile-error.js';
import type { CompiledContract, CompileProblem } from '../contract/index.js';
import { BlockStmError } from '../index.js';
import { type Artifact, removeArtifacts, writeArtifacts } from './artifacts.js';
import { compileContract } from './contract-code.js';
import { contractsIn, OUT, SOURCES } from './contract-files.js';
import { isJson, reportError } from './failure.js';
import { FileError } from './json-field.js';
import { verboseOption } from './option.js';
import { printable } from './printable.js';
import { clearProgress } from './progress.js';
import { count } from './quantity.js';
import { type Column, formatTable } from './table.js';

interface BuildOptions {
  readonly out: string;
  readonly debug?: true;
  readonly json?: true;
}

const EXAMPLES = `
Without files: every contract in ${SOURCES}/, which is every .ts file there; what contracts share goes into folders within.

For each contract: name.wasm, name.interface.json, name.client.ts, a typed client for TypeScript, and name.layout.json, where its state is kept; with --debug
name.wasm.map too. Each is checked as a chain would check it. Of a contract that does not compile or has a finding there is nothing afterwards: files of an
older source are removed, so that nobody deploys them. The others are written.

Examples:
  $ blockstm build
  $ blockstm build contracts/token.ts --out dist --debug
`;

export function buildCommand(): Command {
  return new Command('build')
    .summary('compile contracts, with interface, layout and client')
    .description('Compile contracts, check them, and write what is needed to deploy and to call them.')
    .argument('[files...]', `contracts in AssemblyScript (default: ${SOURCES}/*.ts)`)
    .option('--out <dir>', 'where to', OUT)
    .option('--debug', 'keep the names of functions, and write source maps')
    .option('--json', 'print one JSON document')
    .addOption(verboseOption())
    .addHelpText('after', EXAMPLES)
    .action(build);
}

/** Of the files of a contract, after its name. */
const ENDINGS = ['.wasm', '.interface.json', '.layout.json', '.client.ts', '.wasm.map'] as const;

/** A contract that was built. */
interface Built {
  readonly file: string;
  readonly contract: CompiledContract;
  /** Of its files, in `out`. */
  readonly files: readonly string[];
}

/** Sets the exit code to 1 where a contract cannot be built. */
async function build(files: readonly string[], options: BuildOptions): Promise<void> {
  const sources = files.length > 0 ? files : await contractsIn(SOURCES);
  refuseSameNames(sources);
  const built: Built[] = [];
  const removed: string[] = [];
  for (const file of sources) {
    try {
      built.push(await buildContract(file, options));
    } catch (error) {
      if (!(error instanceof BlockStmError || error instanceof FileError)) throw error;
      process.exitCode = reportError(error);
      if (error instanceof CompileError) removed.push(...(await removeOld(file, options)));
    }
  }
  clearProgress();
  report(built, removed, options);
}

/** Their files would have the same names. */
function refuseSameNames(sources: readonly string[]): void {
  const known = new Map<string, string>();
  for (const file of sources) {
    if (!file.endsWith('.ts')) throw new FileError(`error: ${file}: expected a contract in AssemblyScript, a .ts file`);
    const other = known.get(basename(file));
    if (other !== undefined)
      throw new FileError(`error: ${other} and ${file} have the same name: build them apart, with --out`);
    known.set(basename(file), file);
  }
}

/** What an older source of a contract has left, from which nobody could tell that it is not of this one. @returns the paths. */
async function removeOld(file: string, { out }: BuildOptions): Promise<readonly string[]> {
  const name = basename(file, '.ts');
  const removed = await removeArtifacts(
    out,
    ENDINGS.map((ending) => `${name}${ending}`),
  );
  if (removed.length > 0 && !isJson()) stderr.write(`removed, being of an older source: ${removed.join(', ')}\n`);
  return removed;
}

async function buildContract(file: string, { out, debug }: BuildOptions): Promise<Built> {
  const contract = await compileContract(file, { debug: debug === true });
  const artifacts = artifactsOf(contract);
  await writeArtifacts(out, artifacts);
  return { file, contract, files: artifacts.map(({ name }) => name) };
}

function artifactsOf({ wasm, interface: contractInterface, layout, client, sourceMap }: CompiledContract): Artifact[] {
  const { name } = contractInterface;
  return [
    { name: `${name}.wasm`, content: wasm },
    { name: `${name}.interface.json`, content: json(contractInterface) },
    { name: `${name}.layout.json`, content: json(layout) },
    { name: `${name}.client.ts`, content: client },
    ...(sourceMap === undefined ? [] : [{ name: `${name}.wasm.map`, content: sourceMap }]),
  ];
}

function json(document: unknown): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

const COLUMNS: readonly Column[] = [
  { title: 'contract', align: 'left' },
  { title: 'bytes', align: 'right' },
  { title: 'methods', align: 'right' },
  { title: 'events', align: 'right' },
  { title: 'fields', align: 'right' },
  { title: 'from', align: 'left' },
];

function report(built: readonly Built[], removed: readonly string[], { out, json: isJson }: BuildOptions): void {
  const warnings = built.flatMap(({ contract }) => contract.warnings);
  if (isJson) {
    const contracts = built.map(({ file, contract, files }) => ({
      name: contract.interface.name,
      file,
      bytes: contract.wasm.length,
      files: files.map((name) => join(out, name)),
    }));
    const document = { schema: 'blockstm.build/1', out, contracts, removed, warnings: warnings.map(place) };
    stdout.write(`${JSON.stringify(document)}\n`);
    return;
  }
  for (const { text } of warnings) stderr.write(`warning: ${text}\n\n`);
  if (built.length > 0) stdout.write(formatTable(COLUMNS, built.map(row)));
}

function place({ message, file, line, column }: CompileProblem): object {
  return { message, file, line, column };
}

function row({ file, contract: { wasm, interface: contractInterface, layout } }: Built): string[] {
  const { name, methods, events = [] } = contractInterface;
  return [printable(name), ...[wasm.length, methods.length, events.length, layout.fields.length].map(count), file];
}
