import { stdout } from 'node:process';
import type { Command } from 'commander';
import type { AddressNames, BlockResult, BlockTelemetry, RuntimeOptions, Transaction } from '../index.js';
import { type BlockFile, readBlockFile } from './block-file.js';
import { type BlockOptions, blockCommand, runtimeOptions } from './block-options.js';
import { callNames } from './call-names.js';
import type { Chain } from './chain.js';
import { reportFailure } from './failure.js';
import { headDocument } from './head-line.js';
import { FileError } from './json-field.js';
import { refuseOverwriting } from './output-files.js';
import { clearProgress, showProgress } from './progress.js';
import { plural } from './quantity.js';
import { ReceiptReader } from './receipt-reader.js';
import { type RunOrigin, runOrigin } from './run-origin.js';
import { formatSummary, type RunSummary, summarize } from './run-summary.js';
import { refuseInside } from './state-directory.js';
import { refuseUnknownGraph, type TelemetryFiles, writeTelemetry, writeText } from './telemetry-files.js';

interface RunOptions extends BlockOptions, TelemetryFiles {
  readonly dryRun?: true;
  readonly verify?: true;
  readonly out?: string;
  readonly stats?: true;
  readonly json?: true;
}

const EXAMPLES = `
The genesis names the contracts, each by its AssemblyScript source or its .wasm, and the first calls:
  {"schema": "blockstm.genesis/1",
   "contracts": [{"name": "coin", "source": "coin.ts"}],
   "calls": [{"sender": "alice", "contract": "coin", "method": "mint", "args": {"to": "alice", "amount": "100"}}]}

The block file has one call a line:
  {"sender": "alice", "contract": "coin", "method": "transfer", "args": {"to": "bob", "amount": 7}}

Paths in the genesis are relative to it. An address is a contract's name, the name of an account, or "0x" and 40 or 64 hex
digits. Integers beyond 2^53 are written as strings.

With --state in place of --genesis the block is the next one of the chain in that directory, and is kept, unless --dry-run says that it is not; with both, the
genesis begins a chain in that directory, which must not have one.

Examples:
  $ blockstm run block.jsonl --genesis genesis.json
  $ blockstm run block.jsonl --genesis genesis.json --workers 4 --verify
  $ blockstm run block.jsonl --genesis genesis.json --limit locations=4000000 --limit memoryMiB=2048
  $ blockstm run block.jsonl --genesis genesis.json --out receipts.jsonl --json
  $ blockstm run block.jsonl --genesis genesis.json --stats --trace trace.json --graph graph.dot
  $ blockstm run block.jsonl --genesis genesis.json --state chain
  $ blockstm run more.jsonl --state chain --verify
  $ blockstm run more.jsonl --state chain --dry-run --trace trace.json
`;

export function runCommand(): Command {
  return blockCommand('run')
    .summary('execute a block file on a genesis, or on a chain')
    .description(
      'Execute the calls of a block file, in order, on the state of a genesis file or of a chain in a directory.',
    )
    .option('--dry-run', 'execute the block on the chain in --state, and leave that as it is')
    .option('--verify', 'execute it sequentially too, and compare every receipt, the write set and the state hash')
    .option('--stats', 'print why calls were aborted, where time went and what speed-up the dependencies allow')
    .option(
      '--trace <file.json>',
      "write what each worker did and when, in Chrome's trace-event format: Perfetto opens it",
    )
    .option('--graph <file>', 'write which call reads what which other wrote, as .dot or .json')
    .option('--out <receipts.jsonl>', 'write the receipts, one a line')
    .option('--json', 'print the summary as one JSON document')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

/** Sets the exit code to 1 where `--verify` finds a difference. */
async function run(blockPath: string, options: RunOptions): Promise<void> {
  const { genesis, state } = options;
  const { out, trace, graph } = options;
  refuseOverwriting({ out, trace, graph }, [blockPath, genesis]);
  for (const path of outputs(options)) if (state !== undefined) refuseInside(state, path);
  refuseUnknownGraph(options);
  refuseNothingKept(options);
  const origin = await runOrigin(genesis, state);
  const own = runtimeOptions(options);
  const rehearsal =
    options.verify && (await rehearse(origin, blockPath, options, { ...own, executor: 'sequential', workers: 1 }));
  showProgress(genesis === undefined ? 'opening the chain' : 'deploying the contracts, executing the first calls');
  const { timestamp } = options;
  const { summary, write } = await origin.use({ ...own, telemetry: hasTelemetry(options) }, async (chain) => {
    if (timestamp !== undefined) chain.moveTo(timestamp);
    const block = rehearsal?.block ?? (await readBlockFile(blockPath, chain.reader));
    // What cannot be written later is said before anything is executed.
    for (const path of outputs(options)) await writeText(path, '');
    return execute(chain, origin, block, rehearsal?.expected, blockPath, options);
  });
  clearProgress();
  report(summary, options);
  // Not before: the block has been executed, and is kept where there is a chain, whatever becomes of the files.
  await write();
}

/** A block that was executed. */
interface ExecutedRun {
  readonly summary: RunSummary;
  /** Write the files that were asked for. @throws FileError where that fails; it says that the block was kept. */
  readonly write: () => Promise<void>;
}

/** What the block has to give. */
async function rehearse(
  origin: RunOrigin,
  blockPath: string,
  { timestamp }: RunOptions,
  options: RuntimeOptions,
): Promise<{ block: BlockFile; expected: BlockResult }> {
  showProgress('verifying: executing sequentially');
  await using chain = await origin.open(options);
  if (timestamp !== undefined) chain.moveTo(timestamp);
  const block = await readBlockFile(blockPath, chain.reader);
  return { block, expected: await chain.rehearse(block.transactions) };
}

async function execute(
  chain: Chain,
  { genesis }: RunOrigin,
  block: BlockFile,
  expected: BlockResult | undefined,
  blockPath: string,
  options: RunOptions,
): Promise<ExecutedRun> {
  const { transactions, lines, addresses } = block;
  const { contracts } = chain;
  showProgress(`executing ${plural(transactions.length, 'call')}`);
  const { result, wallMs } = await (options.dryRun ? rehearsed : executed)(chain, transactions);
  const isKept = options.state !== undefined && !options.dryRun;
  if (isKept) await result.durable;
  const difference = expected && ((await compare(result, expected)) ?? null);
  const receiptReader = new ReceiptReader(contracts);
  const { telemetry } = result;
  const names: AddressNames = (address) => addresses.nameOf(address);
  const write = async (): Promise<void> => {
    if (options.out !== undefined) await writeText(options.out, receiptReader.format(result, transactions, lines));
    if (telemetry !== undefined) await writeTelemetry(telemetry, options, callNames(transactions, names), names);
  };
  const summary = await summarize({
    block: blockPath,
    genesis: options.genesis,
    state: options.state,
    contracts: contracts.length,
    firstCalls: genesis?.calls.length ?? 0,
    transactions,
    receiptReader,
    result,
    wallMs,
    difference: difference === undefined ? undefined : withLine(difference, blockPath, block),
    statistics: options.stats && (telemetry as BlockTelemetry).statistics(names),
    head: isKept && chain.head !== undefined ? headDocument(chain.head) : undefined,
  });
  return { summary, write: () => orKept(write, isKept ? options.state : undefined) };
}

/** @throws FileError that says where the block was kept, if `write` throws one. */
async function orKept(write: () => Promise<void>, state: string | undefined): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof FileError) || state === undefined) throw error;
    throw new FileError(`${error.message}; the block was executed, and is kept in ${state}`);
  }
}

interface TimedResult {
  readonly result: BlockResult;
  readonly wallMs: number;
}

async function executed(chain: Chain, transactions: readonly Transaction[]): Promise<TimedResult> {
  const start = performance.now();
  const result = await chain.execute(transactions);
  return { result, wallMs: performance.now() - start };
}

async function rehearsed(chain: Chain, transactions: readonly Transaction[]): Promise<TimedResult> {
  const result = await chain.rehearse(transactions);
  return { result, wallMs: result.wallMs };
}

/** Whether anything is asked for that only the workers can tell. */
function hasTelemetry({ stats, trace, graph }: RunOptions): boolean {
  return stats === true || trace !== undefined || graph !== undefined;
}

/** The files that are to be written. */
function outputs({ out, trace, graph }: RunOptions): string[] {
  return [out, trace, graph].filter((path) => path !== undefined);
}

/** @throws FileError where `--dry-run` would say what is so without it, or would have a chain begun that is not there. */
function refuseNothingKept({ dryRun, genesis, state }: RunOptions): void {
  if (!dryRun || (state !== undefined && genesis === undefined)) return;
  const reason = state === undefined ? 'nothing is kept without --state' : '--genesis with --state begins a chain';
  throw new FileError(`error: --dry-run: ${reason}; expected it with --state alone`);
}

async function compare(result: BlockResult, expected: BlockResult): Promise<string | undefined> {
  // The command line must not import the benchmark, which compares too: it is reached as any user of the package would.
  const { firstDifference } = await import('blockstm/bench');
  return firstDifference(result, expected);
}

/** "receipt 17" says little to who wrote the file. */
function withLine(difference: string | null, file: string, { lines }: BlockFile): string | null {
  return difference?.replace(/^receipt (\d+)/, (text, index) => `${text} (${file}:${lines[Number(index)]})`) ?? null;
}

function report(summary: RunSummary, options: RunOptions): void {
  stdout.write(options.json ? `${JSON.stringify(summary)}\n` : formatSummary(summary));
  if (summary.verified !== false) return;
  reportFailure('ERR_VERIFY', `${summary.executor} and sequential differ: ${summary.difference}`);
}
