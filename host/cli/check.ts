import { stdout } from 'node:process';
import { Command } from 'commander';
import { check, type Finding, MisuseError } from '../index.js';
import { compileContract, readBytes } from './contract-code.js';
import { formatFindings, sourceTexts } from './finding-text.js';
import { FileError } from './json-field.js';
import { verboseOption } from './option.js';
import { clearProgress } from './progress.js';

interface CheckOptions {
  readonly sourceMap?: string;
  readonly json?: boolean;
}

/** What is checked: a module, and its source map where there is one. */
interface Subject {
  readonly wasm: Uint8Array;
  readonly sourceMap: string | undefined;
}

export function checkCommand(): Command {
  return new Command('check')
    .summary('show everything that keeps a module from being deployed')
    .description('Check whether a module can be deployed, and show everything that speaks against it.')
    .argument('<file.wasm | entry.ts>', 'a module, or a contract in AssemblyScript, which is compiled')
    .option('--source-map <file>', "the module's source map, to show findings in the source")
    .option('--json', 'print the findings as one JSON object')
    .addOption(verboseOption())
    .addHelpText('after', '\nExits with 1 if there is a finding. What each means: host/wasm/README.md of the package')
    .action(checkFile);
}

async function checkFile(file: string, options: CheckOptions): Promise<void> {
  const isSource = file.endsWith('.ts');
  if (isSource && options.sourceMap !== undefined) {
    throw new FileError(`error: --source-map is for a module: the map of ${file} is made when it is compiled`);
  }
  // What the compiler gives has no findings: it has thrown them.
  const { wasm, sourceMap } = isSource
    ? { ...(await compileContract(file)), sourceMap: undefined }
    : await readModule(file, options);
  const findings = findAll(wasm, sourceMap, options);
  clearProgress();
  if (options.json) {
    stdout.write(`${JSON.stringify({ schema: 'blockstm.check/1', file, bytes: wasm.length, findings })}\n`);
  } else {
    stdout.write(formatFindings(file, findings, sourceTexts(sourceMap)));
    const methods = findings.length === 0 ? `, ${plural(methodCount(wasm), 'method')}` : '';
    stdout.write(`${file}: ${plural(findings.length, 'finding')}, ${plural(wasm.length, 'byte')}${methods}\n`);
  }
  if (findings.length > 0) process.exitCode = 1;
}

async function readModule(file: string, { sourceMap: mapFile }: CheckOptions): Promise<Subject> {
  const wasm = await readBytes(file);
  if (mapFile === undefined) return { wasm, sourceMap: undefined };
  return { wasm, sourceMap: (await readBytes(mapFile)).toString() };
}

/** @throws FileError where the source map is not one. */
function findAll(
  wasm: Uint8Array,
  sourceMap: string | undefined,
  { sourceMap: mapFile }: CheckOptions,
): readonly Finding[] {
  try {
    return check(wasm, sourceMap === undefined ? {} : { sourceMap });
  } catch (cause) {
    if (!(cause instanceof MisuseError) || mapFile === undefined) throw cause;
    throw new FileError(`error: ${mapFile} is not a source map: ${(cause.cause as Error).message}`);
  }
}

/** Of a module without findings: then every function that it exports is one. */
function methodCount(wasm: Uint8Array): number {
  const module = new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>);
  return WebAssembly.Module.exports(module).filter(({ kind }) => kind === 'function').length;
}

function plural(number: number, noun: string): string {
  return `${number === 0 ? 'no' : number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`;
}
