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
import { printable } from './printable.js';
import { clearProgress, showProgress } from './progress.js';
import { count } from './quantity.js';
import { formatValue } from './receipt-rows.js';
import { formatRows } from './rows.js';
import { existingStore, noChain, stateOption } from './state-directory.js';
import { fieldDocument, fieldText, StorageReader } from './storage-reader.js';
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
Contracts are named by their names or their addresses. Where a contract has a storage layout, keys and values are shown in its words: the field, in brackets the key of a map or
the index of a vector. What it does not describe is shown in hex digits, as it is kept; --json shows both. Nothing is executed.

Examples:
  $ blockstm state stats --state chain
  $ blockstm state scan coin --state chain --limit 10
  $ blockstm state get coin minter --state chain
  $ blockstm state get coin balances alice --state chain
  $ blockstm state get coin 0x<a key of --json> --state chain
`;

export function stateCommand(): Command {
  return new Command('state')
    .summary('show the state of a chain')
    .description('Show the state of a chain: the storage fields of its contracts, and what is in them.')
    .addCommand(
      shared('get', 'print the value at a key', get)
        .argument('<contract>', 'its name or address')
        .argument('<field>', 'the name of a storage field, as scan shows it; or a whole key, "0x" and hex digits')
        .argument(
          '[key]',
          "the key of a map, the member of a set, the index of a vector, given as a call's argument is",
        ),
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
async function get(contractName: string, field: string, of: string | undefined, options: StateOptions): Promise<void> {
  const { state, json } = options;
  const digits = field.startsWith('0x') ? keyOfDigits(field, of) : undefined;
  await withStore(state, async (store, view) => {
    const addresses = addressesOf(view);
    const reader = new StorageReader(store, view, addresses);
    const contract = await contractNamed(contractName, addresses, reader);
    const key = digits ?? (await reader.keyOf(contract, field, of));
    const value = await valueAt(store, contract, key);
    const stored = await reader.read(contract, key, value);
    // Of a set that can be listed, there is the place where its member is: who asks for the member wants to know whether it is there.
    const isMember = stored?.part === 'place' && stored.field === field;
    const shown = value === undefined ? null : hex(value);
    if (json) {
      const document = { schema: 'blockstm.state-get/1', state, contract: hex(contract), key: hex(key), value: shown };
      stdout.write(`${JSON.stringify({ ...document, ...(stored && fieldDocument(stored)) })}\n`);
    } else if (shown !== null) {
      // Who asks by digits is given digits.
      const decoded = digits !== undefined ? undefined : isMember ? true : stored?.value;
      stdout.write(`${decoded === undefined ? shown : formatValue(decoded)}\n`);
    }
    if (shown !== null) return;
    const place =
      digits === undefined && stored !== undefined
        ? printable(fieldText(isMember ? { ...stored, part: 'value' } : stored))
        : hex(key);
    reportFailure('ERR_NO_VALUE', `${contractName} has no value at ${place}`);
  });
}

/** @throws FileError */
function keyOfDigits(digits: string, of: string | undefined): Uint8Array {
  const field = argumentField(digits, () => 'field');
  const key = field.bytes();
  if (key.length > MAX_KEY_LENGTH) field.fail(`expected at most ${MAX_KEY_LENGTH} bytes, found ${key.length}`);
  if (of !== undefined)
    field.fail(`${digits} is a whole key, expected the name of a field, which the key ${of} goes with`);
  return key;
}

async function scan(contractName: string | undefined, { state, limit, json }: ScanOptions): Promise<void> {
  await withStore(state, async (store, view) => {
    const addresses = addressesOf(view);
    const reader = new StorageReader(store, view, addresses);
    const contract = contractName === undefined ? undefined : await contractNamed(contractName, addresses, reader);
    const entries: StateEntry[] = [];
    // One more than is shown says whether there are more.
    for await (const entry of view.state()) {
      if (contract !== undefined && hex(entry.contract) !== hex(contract)) continue;
      entries.push(entry);
      if (entries.length > limit) break;
    }
    const isComplete = entries.length <= limit;
    const shown = entries.slice(0, limit);
    if (json) {
      const documents: object[] = [];
      for (const { contract, key, value } of shown) {
        const stored = await reader.read(contract, key, value);
        const raw = { contract: hex(contract), key: hex(key), value: hex(value) };
        documents.push({ ...raw, ...(stored && fieldDocument(stored)) });
      }
      stdout.write(`${JSON.stringify({ schema: 'blockstm.state-scan/1', state, isComplete, entries: documents })}\n`);
      return;
    }
    const rows: string[][] = [];
    for (const entry of shown) rows.push(await entryRow(reader, entry));
    const titles = ['contract', 'key', 'value'].map((title) => ({ title, align: 'left' as const }));
    stdout.write(`${formatTable(titles, rows)}${isComplete ? '' : 'and more: --limit says how many are shown\n'}`);
  });
}

async function entryRow(reader: StorageReader, { contract, key, value }: StateEntry): Promise<string[]> {
  const stored = await reader.read(contract, key, value);
  const name = await reader.nameOf(contract);
  const cells = [
    name,
    stored === undefined ? hex(key) : fieldText(stored),
    stored?.value === undefined ? hex(value) : formatValue(stored.value),
  ];
  return cells.map(printable);
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

function addressesOf({ chain }: StoreView): AddressBook {
  const addresses = new AddressBook();
  for (const { address } of chain.contracts) addresses.addDeployed(address);
  return addresses;
}

/** @throws FileError naming the nearest contract. */
async function contractNamed(name: string, addresses: AddressBook, reader: StorageReader): Promise<Uint8Array> {
  // Names are in the contracts' code: it is read for who names none.
  if (!name.startsWith('0x') && addresses.contract(name) === undefined)
    for (const known of await reader.names()) addresses.addContract(known);
  return addresses.resolveContract(argumentField(name, () => 'contract'));
}

/** The value, read as the threads of a runtime read; undefined where there is none. */
async function valueAt(store: Store, contract: Uint8Array, key: Uint8Array): Promise<Uint8Array | undefined> {
  const { module, data } = store.reader as StoreReaderSource;
  const { openReader } = (await import(module)) as { openReader(data: unknown): StoreReader | Promise<StoreReader> };
  const reader = await openReader(data);
  try {
    const value = reader.contract(contract)?.get(key);
    // A copy: it is the reader's until the next.
    return value && new Uint8Array(value);
  } finally {
    await reader.close?.();
  }
}
