import { stdout } from 'node:process';
import { Command } from 'commander';
import { type LayoutChange, layoutDifference } from '../contract/layout-difference.js';
import { readInterface, readLayout } from '../contract/module-interface.js';
import type { BlockHeader, Contract, StorageLayout } from '../index.js';
import { codeHash } from '../wasm/code-hash.js';
import { accountDocuments, accountRows } from './account-rows.js';
import { argumentField } from './argument-field.js';
import { checkedWasm } from './checked-code.js';
import { reportFailure } from './failure.js';
import { argumentsText, missingArguments, readFirstCall } from './first-call.js';
import { type HeadDocument, headDocument, headRow } from './head-line.js';
import { FileError } from './json-field.js';
import { expectedName } from './nearest-name.js';
import { timestampOption, verboseOption } from './option.js';
import { printable } from './printable.js';
import { clearProgress } from './progress.js';
import { formatRows } from './rows.js';
import { openChain, stateOption } from './state-directory.js';
import { formatTable } from './table.js';

interface UpgradeOptions {
  readonly state: string;
  readonly contract: string;
  readonly dryRun?: true;
  readonly allowUnsafe?: readonly string[];
  readonly migrate?: readonly string[] | true;
  readonly sender?: string;
  readonly timestamp?: bigint;
  readonly json?: true;
}

const EXAMPLES = `
The contract keeps its address and its data; an upgrade is a block of its own. What is kept under other keys, or read as another type, is lost to the new code:
  added     a field that there was not
  removed   a field that is gone, and whose data nobody reads any more
  retyped   a field whose data are read as something else
  moved     a field that has other keys: its data are not found any more

The last three are unsafe, and refused unless --allow-unsafe names the field, as it was called before: then the new code has to deal with it, by its migrate method, which
is called in the same block: both happen, or neither.

--dry-run says too whether the code is the one that is there already, which no upgrade takes, and which migrate method has to be called; with --migrate it is executed, and what it did is
dropped. Where arguments of the migrate method are missing, or the upgrade would be refused, it exits with 1, as the upgrade would.

Examples:
  $ blockstm upgrade token.ts --state chain --contract token --dry-run
  $ blockstm upgrade token.ts --state chain --contract token --migrate fee=3 --sender alice
  $ blockstm upgrade token.wasm --state chain --contract token --allow-unsafe balances owner
`;

export function upgradeCommand(): Command {
  return new Command('upgrade')
    .summary('give a contract new code')
    .description(
      'Give a contract of a chain new code, after comparing where it keeps its data with where the new code would.',
    )
    .argument('<file.wasm | entry.ts>', 'the new code: a module, or a contract in AssemblyScript, which is compiled')
    .addOption(stateOption())
    .requiredOption('--contract <contract>', 'the one that is there, by its name or address')
    .option('--dry-run', 'compare, try the migrate method, and change nothing')
    .option('--allow-unsafe <fields...>', 'fields that may be removed, retyped or moved')
    .option('--migrate [name=value...]', 'arguments of its migrate method, which is called in the same block')
    .option('--sender <account>', 'who calls that: needed where the new code has a migrate method')
    .addOption(timestampOption())
    .option('--json', 'print one JSON document')
    .addOption(verboseOption())
    .addHelpText('after', EXAMPLES)
    .action(upgrade);
}

/** Sets the exit code to 1 where the difference is unsafe or there is nothing to do, and where a dry run misses arguments of the migrate method; then nothing has changed. */
async function upgrade(file: string, options: UpgradeOptions): Promise<void> {
  const { state, contract: name, dryRun, allowUnsafe = [], timestamp, json } = options;
  const wasm = await checkedWasm(file, nameOf(name));
  const after = layoutOf(file, wasm);
  await using chain = await openChain(state, { workers: 1 });
  const address = chain.addresses.resolveContract(argumentField(name, () => '--contract'));
  const deployed = chain.runtime.contract(address) as Contract;
  const before = deployed.layout ?? noLayout(name);
  const changes = layoutDifference(before, after);
  refuseUnknown(allowUnsafe, changes);
  const refused = changes.filter(({ isSafe, field }) => !isSafe && !allowUnsafe.includes(field));
  const isSame = deployed.codeHash === codeHash(wasm);
  const migrate = migrateOf(wasm, options);
  let outcome: MigrateOutcome = 'notCalled';
  let head: HeadDocument | undefined;
  if (refused.length === 0 && !isSame) {
    if (timestamp !== undefined) chain.moveTo(timestamp);
    const args = options.migrate === true ? [] : options.migrate;
    // Only told of by who does nothing.
    if (!(dryRun && migrate?.isMissing)) {
      const call = readFirstCall(chain, wasm, { kind: 'migrate', args, sender: options.sender });
      if (dryRun) await chain.rehearseUpgrade(address, wasm, call);
      else {
        await chain.upgrade(address, wasm, call);
        head = headDocument(chain.head as BlockHeader);
      }
      outcome = 'ok';
    }
  }
  clearProgress();
  if (json) {
    const shown = changes.map((change) => ({ ...change, isAllowed: !refused.includes(change) }));
    const changed = { isSameCode: isSame, changes: shown, migrate: migrate ? { ...migrate, outcome } : null };
    const document = {
      schema: 'blockstm.upgrade/1',
      state,
      contract: name,
      ...changed,
      accounts: accountDocuments(chain.addresses),
      head: head ?? null,
    };
    stdout.write(`${JSON.stringify(document)}\n`);
  } else {
    if (!isSame) stdout.write(format(changes, before.fields.length));
    if (!isSame && migrate !== undefined) stdout.write(`${migrateText(migrate, outcome, dryRun === true)}\n`);
    stdout.write(formatRows([...accountRows(chain.addresses), ...(head === undefined ? [] : [headRow(head)])]));
  }
  if (isSame) return reportFailure('ERR_ARGUMENT', `${name} has this code already: there is nothing to upgrade`);
  if (refused.length === 0) {
    // Without --dry-run that was said, and ended it, before.
    if (migrate?.isMissing) reportFailure('ERR_INPUT', missingArguments('migrate', migrate.inputs));
    return;
  }
  const names = refused.map(({ field, kind }) => `${printable(field)} (${kind})`).join(', ');
  reportFailure('ERR_LAYOUT', `unsafe for the data of ${name}: ${names}; --allow-unsafe names what may be`);
}

/** The migrate method of new code. */
interface Migrate {
  readonly method: string;
  readonly inputs: readonly { readonly name: string; readonly type: string }[];
  /** It has to be given arguments, and is not. */
  readonly isMissing: boolean;
}

/** How its call ended. One that fails is the command's error. */
type MigrateOutcome = 'ok' | 'notCalled';

/** Undefined where it has none. */
function migrateOf(wasm: Uint8Array, options: UpgradeOptions): Migrate | undefined {
  const described = readInterface(new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>));
  const method = described?.methods.find(({ kind }) => kind === 'migrate');
  if (method === undefined) return undefined;
  const inputs = method.inputs.map(({ name, type }) => ({ name, type }));
  return { method: method.name, inputs, isMissing: inputs.length > 0 && options.migrate === undefined };
}

function migrateText({ method, inputs, isMissing }: Migrate, outcome: MigrateOutcome, isDryRun: boolean): string {
  const called = `${method}(${inputs.map(({ name, type }) => `${name}: ${type}`).join(', ')}), its migrate method,`;
  if (isMissing) {
    return printable(`${called} has to be called: --migrate ${argumentsText(inputs)}`);
  }
  if (outcome === 'notCalled') return printable(`${called} was not called`);
  return printable(`${called} ${isDryRun ? 'would be' : 'was'} called, and ends ok`);
}

/** What a contract that is compiled here is called: as the one whose place it takes, which else would not be found by its name any more. */
function nameOf(contract: string): string | undefined {
  return contract.startsWith('0x') ? undefined : contract.replace(/^contract:/, '');
}

/** @throws FileError for a module that does not say where it keeps its data. */
function layoutOf(name: string, wasm: Uint8Array): StorageLayout {
  const layout = readLayout(new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>));
  return layout ?? noLayout(name);
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
  const isMoved = kind === 'moved';
  const was = isMoved ? `${typeBefore} ${before?.name} at ${before?.prefix}` : typeBefore;
  const is = isMoved ? `${typeAfter} ${after?.name} at ${after?.prefix}` : typeAfter;
  return [field, kind, was, is].map(printable);
}
