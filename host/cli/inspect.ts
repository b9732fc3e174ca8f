import { stdout } from 'node:process';
import { Command } from 'commander';
import { readInterface, readLayout } from '../contract/module-interface.js';
import {
  type ContractInterface,
  type DeployedContract,
  FirstCallError,
  instrument,
  KERNEL_GAS,
  memoryStore,
  type Receipt,
  type StorageLayout,
} from '../index.js';
import { type SectionSize, sectionSizes } from '../wasm/sections.js';
import { NOBODY } from './address-book.js';
import { Chain } from './chain.js';
import { checkedWasm } from './checked-code.js';
import { readFirstCall } from './first-call.js';
import { verboseOption } from './option.js';
import { printable } from './printable.js';
import { clearProgress, showProgress } from './progress.js';
import { count } from './quantity.js';
import { formatRows } from './rows.js';
import { eventText, methodLines, storageText, typeLines } from './signature-text.js';
import { formatTable } from './table.js';

interface InspectOptions {
  readonly init?: readonly string[] | true;
  readonly sender?: string;
  readonly json?: true;
}

const EXAMPLES = `
Sizes are in bytes. "instrumented" is what a chain makes of the module: gas, limits and the reset are put into it.

A deployment costs no gas, only its call of the contract's init method does. That is executed here, on a chain of its own in memory that has nothing else: with the arguments of --init, and
without where it takes none. Every call costs ${count(KERNEL_GAS.call)} before it begins, and ${KERNEL_GAS.inputByte} for each byte of its arguments.

Examples:
  $ blockstm inspect build/token.wasm
  $ blockstm inspect build/token.wasm --init owner=alice --sender alice
  $ blockstm inspect contracts/token.ts --json
`;

export function inspectCommand(): Command {
  return new Command('inspect')
    .summary("show a contract's interface, storage, sizes and gas")
    .description(
      'Show what a contract has: methods, events, storage layout, sizes, and what it costs to begin with it.',
    )
    .argument('<file.wasm | entry.ts>', 'a module, or a contract in AssemblyScript, which is compiled')
    .option('--init [name=value...]', 'arguments of its init method, whose gas is measured with them')
    .option('--sender <account>', 'who calls that (default: the address of all zeros)')
    .option('--json', 'print one JSON document')
    .addOption(verboseOption())
    .addHelpText('after', EXAMPLES)
    .action(inspect);
}

/** What a module has. */
interface Inspection {
  readonly file: string;
  readonly bytes: number;
  readonly instrumentedBytes: number;
  readonly sections: readonly SectionSize[];
  /** Names of what is exported: what there is to call where there is no interface. */
  readonly methods: readonly string[];
  readonly interface: ContractInterface | undefined;
  readonly layout: StorageLayout | undefined;
  /** Undefined where there is none. */
  readonly init: InitCall | undefined;
}

/** The call of the init method that a deployment begins with. */
interface InitCall {
  readonly method: string;
  /** What was supposed, each `name=value`. */
  readonly args: readonly string[];
  /** Null for the address of all zeros. */
  readonly sender: string | null;
  /** Undefined where it was not executed, since it takes arguments and was given none. */
  readonly receipt: Receipt | undefined;
}

async function inspect(file: string, options: InspectOptions): Promise<void> {
  const inspection = await read(file, options);
  clearProgress();
  stdout.write(options.json ? `${JSON.stringify(documentOf(inspection))}\n` : format(inspection));
}

/** @throws as `checkedWasm` */
async function read(file: string, options: InspectOptions): Promise<Inspection> {
  const wasm = await checkedWasm(file);
  const module = new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>);
  const contractInterface = readInterface(module);
  return {
    file,
    bytes: wasm.length,
    instrumentedBytes: instrument(wasm).length,
    sections: sectionSizes(wasm),
    methods: WebAssembly.Module.exports(module).flatMap(({ kind, name }) => (kind === 'function' ? [name] : [])),
    interface: contractInterface,
    layout: readLayout(module),
    init: await callInit(wasm, contractInterface, options),
  };
}

/** One that fails has a receipt too. @throws FileError for arguments that it does not take. */
async function callInit(
  wasm: Uint8Array,
  contractInterface: ContractInterface | undefined,
  { init: given, sender }: InspectOptions,
): Promise<InitCall | undefined> {
  const args = given === true ? [] : given;
  const method = contractInterface?.methods.find(({ kind }) => kind === 'init');
  const call = method && { method: method.name, args: args ?? [], sender: sender ?? null };
  if (args === undefined && (method === undefined || method.inputs.length > 0))
    return call && { ...call, receipt: undefined };
  showProgress('executing the init method');
  await using chain = await Chain.resume(memoryStore(), { workers: 1, executor: 'sequential' });
  const first = readFirstCall(chain, wasm, { kind: 'init', args, sender: sender ?? NOBODY });
  return call && { ...call, receipt: await receiptOf(chain.runtime.deploy(wasm, first && { init: first })) };
}

async function receiptOf(deployed: Promise<DeployedContract>): Promise<Receipt | undefined> {
  try {
    return (await deployed).receipt;
  } catch (cause) {
    if (cause instanceof FirstCallError) return cause.receipt;
    throw cause;
  }
}

function documentOf({ interface: contractInterface, layout, init, ...rest }: Inspection): object {
  const { receipt, ...call } = init ?? {};
  const ended = receipt && { status: receipt.status, error: receipt.error?.message ?? null };
  return {
    schema: 'blockstm.inspect/1',
    ...rest,
    interface: contractInterface ?? null,
    layout: layout ?? null,
    gas: { init: receipt?.gasUsed ?? null, call: KERNEL_GAS.call, inputByte: KERNEL_GAS.inputByte },
    init: ended === undefined ? null : { ...call, ...ended },
  };
}

function format(inspection: Inspection): string {
  const { bytes, instrumentedBytes, interface: contractInterface, layout } = inspection;
  const parts = [
    formatRows([
      ['contract', printable(contractInterface?.name ?? 'without an interface')],
      ['bytes', `${count(bytes)}, instrumented ${count(instrumentedBytes)}`],
      ['gas', gasText(inspection)],
    ]),
    section(
      'methods',
      contractInterface === undefined ? plainNames(inspection.methods) : methodLines(contractInterface),
    ),
    section('events', (contractInterface?.events ?? []).map((event) => `  ${eventText(event)}\n`).join('')),
    section('arguments', contractInterface === undefined ? '' : typeLines(contractInterface)),
    section('storage', layout === undefined ? '' : storageTable(layout)),
    section('sections', sizeTable(inspection.sections)),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function gasText({ init }: Inspection): string {
  const call = `${count(KERNEL_GAS.call)} for every call, before it begins`;
  if (init === undefined) return call;
  const { method, args, sender, receipt } = init;
  if (receipt === undefined) return `${method} takes arguments: --init shows what it uses; ${call}`;
  const { gasUsed, status, error } = receipt;
  const by = ` by ${sender ?? 'the address of all zeros'}`;
  const ended = status === 'ok' ? '' : `, which ends ${status}${error === undefined ? '' : `: ${error.message}`}`;
  return printable(`${count(gasUsed)} for ${method}(${args.join(', ')})${by}${ended}; ${call}`);
}

function section(title: string, lines: string): string {
  return lines === '' ? '' : `${title}\n${lines}`;
}

function plainNames(names: readonly string[]): string {
  return names.map((name) => `  ${printable(name)}\n`).join('');
}

function storageTable(layout: StorageLayout): string {
  const titles = ['  name', 'type', 'prefix', 'declared'].map((title) => ({ title, align: 'left' as const }));
  const rows = layout.fields.map((field) => {
    const place = field.file === undefined ? '' : printable(`${field.file}:${field.line ?? 1}`);
    return [`  ${printable(field.name)}`, storageText(field), field.prefix, place];
  });
  return rows.length === 0 ? '' : formatTable(titles, rows);
}

function sizeTable(sections: readonly SectionSize[]): string {
  const columns = [
    { title: '  name', align: 'left' as const },
    { title: 'bytes', align: 'right' as const },
  ];
  const rows = sections.map(({ name, isCustom, bytes }) => [
    `  ${isCustom ? 'custom ' : ''}${printable(name)}`,
    count(bytes),
  ]);
  return formatTable(columns, rows);
}
