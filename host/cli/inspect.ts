import { stdout } from 'node:process';
import { Command } from 'commander';
import { readInterface, readLayout } from '../contract/module-interface.js';
import {
  type ContractInterface,
  createRuntime,
  instrument,
  KERNEL_GAS,
  memoryStore,
  type StorageLayout,
} from '../index.js';
import { type SectionSize, sectionSizes } from '../wasm/sections.js';
import { checkedWasm } from './checked-code.js';
import { verboseOption } from './option.js';
import { printable } from './printable.js';
import { clearProgress, showProgress } from './progress.js';
import { count } from './quantity.js';
import { formatRows } from './rows.js';
import { eventText, methodLines, storageText, typeLines } from './signature-text.js';
import { formatTable } from './table.js';

interface InspectOptions {
  readonly json?: true;
}

const EXAMPLES = `
Sizes are in bytes. "instrumented" is what a chain makes of the module: gas, limits and the reset are put into it.

A deployment costs no gas, only its call of the contract's init method does. That is executed here, on a chain of its own in memory, where it takes no arguments; with
arguments blockstm deploy shows it. Every call costs ${count(KERNEL_GAS.call)} before it begins, and ${KERNEL_GAS.inputByte} for each byte of its arguments.

Examples:
  $ blockstm inspect build/token.wasm
  $ blockstm inspect contracts/token.ts --json
`;

export function inspectCommand(): Command {
  return new Command('inspect')
    .summary("show a contract's interface, storage, sizes and gas")
    .description(
      'Show what a contract has: methods, events, storage layout, sizes, and what it costs to begin with it.',
    )
    .argument('<file.wasm | entry.ts>', 'a module, or a contract in AssemblyScript, which is compiled')
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
  /** Of the init method; null where it takes arguments, undefined where there is none. */
  readonly initGas: number | null | undefined;
}

async function inspect(file: string, options: InspectOptions): Promise<void> {
  const inspection = await read(file);
  clearProgress();
  stdout.write(options.json ? `${JSON.stringify(documentOf(inspection))}\n` : format(inspection));
}

/** @throws as `checkedWasm` */
async function read(file: string): Promise<Inspection> {
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
    initGas: await initGas(wasm, contractInterface),
  };
}

async function initGas(
  wasm: Uint8Array,
  contractInterface: ContractInterface | undefined,
): Promise<number | null | undefined> {
  const init = contractInterface?.methods.find(({ kind }) => kind === 'init');
  if (init === undefined) return undefined;
  if (init.inputs.length > 0) return null;
  showProgress(`executing ${init.name}`);
  await using runtime = await createRuntime({ workers: 1, executor: 'sequential', store: memoryStore() });
  await runtime.deploy(wasm);
  return (await runtime.receipt(1n, 0))?.gasUsed;
}

function documentOf({ interface: contractInterface, layout, initGas, ...rest }: Inspection): object {
  return {
    schema: 'blockstm.inspect/1',
    ...rest,
    interface: contractInterface ?? null,
    layout: layout ?? null,
    gas: { init: initGas ?? null, call: KERNEL_GAS.call, inputByte: KERNEL_GAS.inputByte },
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

function gasText({ initGas }: Inspection): string {
  const call = `${count(KERNEL_GAS.call)} for every call, before it begins`;
  if (initGas === undefined) return call;
  return `${initGas === null ? 'init takes arguments: deploy shows what it uses' : `${count(initGas)} for init`}; ${call}`;
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
