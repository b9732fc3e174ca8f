import { stdout } from 'node:process';
import { Command } from 'commander';
import { type LayoutChange, layoutDifference } from '../contract/layout-difference.js';
import { readLayout } from '../contract/module-interface.js';
import type { Contract, StorageLayout } from '../index.js';
import { argumentField } from './argument-field.js';
import { checkedWasm } from './checked-code.js';
import { reportFailure } from './failure.js';
import { FileError } from './json-field.js';
import { expectedName } from './nearest-name.js';
import { verboseOption } from './option.js';
import { printable } from './printable.js';
import { clearProgress } from './progress.js';
import { openChain, stateOption } from './state-directory.js';
import { formatTable } from './table.js';

interface UpgradeOptions {
  readonly state: string;
  readonly contract: string;
  readonly dryRun?: true;
  readonly allowUnsafe?: readonly string[];
  readonly json?: true;
}

const EXAMPLES = `
What is kept under other keys, or read as another type, is lost to the new code:
  added     a field that there was not
  renamed   a field that has another name and its data all the same
  removed   a field that is gone, and whose data nobody reads any more
  retyped   a field whose data are read as something else
  moved     a field that has other keys: its data are not found any more

The last three are unsafe, and refused unless --allow-unsafe names the field, as it was called before: then the new code has to deal with it.

Examples:
  $ blockstm upgrade token.ts --state chain --contract token --dry-run
  $ blockstm upgrade token.wasm --state chain --contract token --dry-run --allow-unsafe balances owner
`;

export function upgradeCommand(): Command {
  return new Command('upgrade')
    .summary('show what new code would do to the data of a contract')
    .description('Compare where a contract of a chain keeps its data with where new code would. Nothing is changed.')
    .argument('<file.wasm | entry.ts>', 'the new code: a module, or a contract in AssemblyScript, which is compiled')
    .addOption(stateOption())
    .requiredOption('--contract <contract>', 'the one that is there, by its name or address')
    .option('--dry-run', 'compare only; there is nothing else yet')
    .option('--allow-unsafe <fields...>', 'fields that may be removed, retyped or moved')
    .option('--json', 'print one JSON document')
    .addOption(verboseOption())
    .addHelpText('after', EXAMPLES)
    .action(upgrade);
}

/** Sets the exit code to 1 where the difference is unsafe. */
async function upgrade(file: string, options: UpgradeOptions): Promise<void> {
  const { state, contract, dryRun, allowUnsafe = [], json } = options;
  if (!dryRun) throw new FileError('error: expected --dry-run: code cannot be replaced yet, only compared');
  const after = layoutOf(file, await checkedWasm(file));
  const before = await deployedLayout(state, contract);
  const changes = layoutDifference(before, after);
  refuseUnknown(allowUnsafe, changes);
  const refused = changes.filter(({ isSafe, field }) => !isSafe && !allowUnsafe.includes(field));
  clearProgress();
  if (json) {
    const shown = changes.map((change) => ({ ...change, isAllowed: !refused.includes(change) }));
    stdout.write(`${JSON.stringify({ schema: 'blockstm.upgrade/1', state, contract, changes: shown })}\n`);
  } else stdout.write(format(changes, before.fields.length));
  if (refused.length === 0) return;
  const names = refused.map(({ field, kind }) => `${printable(field)} (${kind})`).join(', ');
  reportFailure('ERR_LAYOUT', `unsafe for the data of ${contract}: ${names}; --allow-unsafe names what may be`);
}

/** @throws FileError for a module that does not say where it keeps its data. */
function layoutOf(name: string, wasm: Uint8Array): StorageLayout {
  const layout = readLayout(new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>));
  return layout ?? noLayout(name);
}

async function deployedLayout(state: string, name: string): Promise<StorageLayout> {
  await using chain = await openChain(state, { workers: 1 });
  const address = chain.addresses.resolveContract(argumentField(name, () => '--contract'));
  const contract = chain.runtime.contract(address) as Contract;
  return contract.layout ?? noLayout(name);
}

function noLayout(name: string): never {
  throw new FileError(`error: ${name} has no storage layout (the section blockstm.layout), so nothing can be compared`);
}

/** @throws FileError for a name in `--allow-unsafe` that is not of an unsafe field: likely a slip of the pen. */
function refuseUnknown(allowed: readonly string[], changes: readonly LayoutChange[]): void {
  const unsafe = changes.flatMap(({ field, isSafe }) => (isSafe ? [] : [field]));
  const unknown = allowed.find((name) => !unsafe.includes(name));
  if (unknown === undefined) return;
  throw new FileError(`error: --allow-unsafe ${unknown}: no such unsafe field, ${expectedName(unknown, unsafe)}`);
}

function format(changes: readonly LayoutChange[], fields: number): string {
  if (changes.length === 0) return `no difference: all ${fields} fields are where they were\n`;
  const columns = ['field', 'change', 'was', 'is'].map((title) => ({ title, align: 'left' as const }));
  return formatTable(columns, changes.map(row));
}

function row({ field, kind, before, after, typeBefore = '', typeAfter = '' }: LayoutChange): string[] {
  const isMoved = kind === 'moved' || kind === 'renamed';
  const was = isMoved ? `${typeBefore} ${before?.name} at ${before?.prefix}` : typeBefore;
  const is = isMoved ? `${typeAfter} ${after?.name} at ${after?.prefix}` : typeAfter;
  return [field, kind, was, is].map(printable);
}
