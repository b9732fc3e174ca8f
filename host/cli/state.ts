import { stdout } from 'node:process';
import { Command } from 'commander';
import { MAX_KEY_LENGTH } from '../engine/storage-limits.js';
import type { StateEntry, Store, StoreReader, StoreReaderSource, StoreView } from '../index.js';
import { AddressBook } from './address-book.js';
import { argumentField } from './argument-field.js';
import { reportFailure } from './failure.js';
import { headDocument, headRow } from './head-line.js';
import { hex } from './hex.js';
import { verboseOption, wholeNumber } from './option.js';
import { clearProgress, showProgress } from './progress.js';
import { count } from './quantity.js';
import { formatRows } from './rows.js';
import { existingStore, noChain, stateOption } from './state-directory.js';
import { formatTable } from './table.js';

interface StateOptions {
  readonly state: string;
  readonly json?: true;
}

interface ScanOptions extends StateOptions {
  readonly limit: number;
}

const SCAN_LIMIT = 100;

const EXAMPLES = `
Contracts are named by their names or their addresses; keys and values are shown as they are kept. Nothing is executed.

Examples:
  $ blockstm state stats --state chain
  $ blockstm state scan coin --state chain --limit 10
  $ blockstm state get coin 0x<a key that scan has shown> --state chain
`;

export function stateCommand(): Command {
  return new Command('state')
    .summary('show the state of a chain as it is kept')
    .description('Show the state of a chain as it is kept: keys and values.')
    .addCommand(
      shared('get', 'print the value at a key', get)
        .argument('<contract>', 'its name or address')
        .argument('<key>', '"0x" and hex digits'),
    )
    .addCommand(
      shared('scan', 'list keys and values, ascending by contract and key', scan)
        .argument('[contract]', 'only of this one, by its name or address')
        .option('--limit <n>', 'how many at most', wholeNumber, SCAN_LIMIT),
    )
    .addCommand(shared('stats', 'count what is kept', stats))
    .addHelpText('after', EXAMPLES);
}

// biome-ignore lint/suspicious/noExplicitAny: as Command.action has it.
function shared(name: string, description: string, action: (...args: any[]) => Promise<void>): Command {
  return new Command(name)
    .description(`${description[0]?.toUpperCase()}${description.slice(1)}.`)
    .summary(description)
    .addOption(stateOption())
    .option('--json', 'print one JSON document')
    .addOption(verboseOption())
    .action(action);
}

/** Sets the exit code to 1 where there is no value. */
async function get(contractName: string, keyDigits: string, { state, json }: StateOptions): Promise<void> {
  const keyField = argumentField(keyDigits, () => 'key');
  const key = keyField.bytes();
  if (key.length > MAX_KEY_LENGTH) keyField.fail(`expected at most ${MAX_KEY_LENGTH} bytes, found ${key.length}`);
  await withStore(state, async (store, view) => {
    const contract = findContract(contractName, view);
    const shown = await valueAt(store, contract, key);
    const document = { schema: 'blockstm.state-get/1', state, contract: hex(contract), key: hex(key), value: shown };
    if (json) stdout.write(`${JSON.stringify(document)}\n`);
    else if (shown !== null) stdout.write(`${shown}\n`);
    if (shown !== null) return;
    reportFailure('ERR_NO_VALUE', `${contractName} has no value at ${hex(key)}`);
  });
}

async function scan(contractName: string | undefined, { state, limit, json }: ScanOptions): Promise<void> {
  await withStore(state, async (_, view) => {
    const contract = contractName === undefined ? undefined : findContract(contractName, view);
    const entries: StateEntry[] = [];
    // One more than is shown says whether there are more.
    for await (const entry of view.state()) {
      if (contract !== undefined && hex(entry.contract) !== hex(contract)) continue;
      entries.push(entry);
      if (entries.length > limit) break;
    }
    const isComplete = entries.length <= limit;
    const rows = entries.slice(0, limit).map(({ contract, key, value }) => [hex(contract), hex(key), hex(value)]);
    if (json) {
      const shown = rows.map(([contract, key, value]) => ({ contract, key, value }));
      stdout.write(`${JSON.stringify({ schema: 'blockstm.state-scan/1', state, isComplete, entries: shown })}\n`);
      return;
    }
    const titles = ['contract', 'key', 'value'].map((title) => ({ title, align: 'left' as const }));
    stdout.write(`${formatTable(titles, rows)}${isComplete ? '' : 'and more: --limit says how many are shown\n'}`);
  });
}

async function stats({ state, json }: StateOptions): Promise<void> {
  await withStore(state, async (store, view) => {
    const { entries, contracts, bytes } = await store.statistics();
    const blocks = await store.heights();
    const kept = blocks && { first: String(blocks.first), last: String(blocks.last) };
    const head = headDocument(headOf(state, view));
    if (json) {
      const document = {
        schema: 'blockstm.state-stats/1',
        state,
        entries,
        contracts,
        blocks: kept ?? null,
        bytes,
        head,
      };
      stdout.write(`${JSON.stringify(document)}\n`);
      return;
    }
    const rows = formatRows([
      ['entries', count(entries)],
      ['contracts', count(contracts)],
      ['blocks', kept === undefined ? 'none' : `${kept.first} to ${kept.last}`],
      ['bytes', count(bytes)],
      headRow(head),
    ]);
    stdout.write(rows);
  });
}

/** The store itself: it takes no runtime to read it. */
async function withStore(state: string, action: (store: Store, view: StoreView) => Promise<void>): Promise<void> {
  const store = await existingStore(state);
  showProgress(`opening ${state}`);
  await store.open();
  clearProgress();
  try {
    const view = await store.view();
    try {
      headOf(state, view);
      await action(store, view);
    } finally {
      view.close();
    }
  } finally {
    await store.close();
  }
}

function headOf(state: string, { chain: { head } }: StoreView) {
  if (head === undefined) throw noChain(state);
  return head;
}

function findContract(name: string, { chain }: StoreView): Uint8Array {
  const addresses = new AddressBook();
  for (const { address } of chain.contracts) addresses.addDeployed(address);
  return addresses.resolveContract(argumentField(name, () => 'contract'));
}

/** The value in hexadecimal, read as the threads of a runtime read; null where there is none. */
async function valueAt(store: Store, contract: Uint8Array, key: Uint8Array): Promise<string | null> {
  const { module, data } = store.reader as StoreReaderSource;
  const { openReader } = (await import(module)) as { openReader(data: unknown): StoreReader | Promise<StoreReader> };
  const reader = await openReader(data);
  try {
    const value = reader.contract(contract)?.get(key);
    return value === undefined ? null : hex(value);
  } finally {
    await reader.close?.();
  }
}
