import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { stderr, stdout } from 'node:process';
import { Command } from 'commander';
import type { BlockResult, ExecutorName, Limits } from '../index.js';
import { type BlockFile, readBlockFile } from './block-file.js';
import { Chain, loadWasm } from './chain.js';
import { readGenesis } from './genesis.js';
import { FileError } from './json-field.js';
import { collectLimit, executorOption, verboseOption, wholeNumber } from './option.js';
import { clearProgress, showProgress } from './progress.js';
import { ReceiptReader } from './receipt-reader.js';
import { formatSummary, type RunSummary, summarize } from './run-summary.js';

interface RunOptions {
  readonly genesis: string;
  readonly workers?: number;
  readonly executor: ExecutorName;
  readonly limit?: Partial<Limits>;
  readonly verify?: true;
  readonly out?: string;
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

Examples:
  $ blockstm run block.jsonl --genesis genesis.json
  $ blockstm run block.jsonl --genesis genesis.json --workers 4 --verify
  $ blockstm run block.jsonl --genesis genesis.json --limit locations=4000000 --limit memoryMiB=2048
  $ blockstm run block.jsonl --genesis genesis.json --out receipts.jsonl --json
`;

export function runCommand(): Command {
  return (
    new Command('run')
      .summary('execute a block file on the state of a genesis file')
      .description('Execute the calls of a block file, in order, on the state of a genesis file.')
      .argument('<block.jsonl>', 'the calls, one a line')
      .requiredOption('--genesis <genesis.json>', 'the contracts and the first calls')
      .option('--workers <n>', "worker threads, 1 to 256 (default: the machine's cores)", wholeNumber)
      // One block is too little for `auto` to learn from: it would execute it sequentially.
      .addOption(executorOption('block-stm'))
      .option(
        '--limit <name=value>',
        'a limit of the runtime: memoryMiB, locations, transactions or gas (of a call)',
        collectLimit,
      )
      .option('--verify', 'execute it sequentially too, and compare every receipt, the write set and the state hash')
      .option('--out <receipts.jsonl>', 'write the receipts, one a line')
      .option('--json', 'print the summary as one JSON document')
      .addOption(verboseOption())
      .addHelpText('after', EXAMPLES)
      .action(run)
  );
}

/** Sets the exit code to 1 where `--verify` finds a difference. */
async function run(blockPath: string, options: RunOptions): Promise<void> {
  refuseOverwriting(options.out, [blockPath, options.genesis]);
  const genesis = await readGenesis(options.genesis);
  const wasm = await loadWasm(genesis);
  const { executor, workers, limit: limits } = options;
  const shared = limits === undefined ? {} : { limits };
  showProgress('deploying the contracts, executing the first calls');
  await using chain = await Chain.open(genesis, wasm, {
    ...shared,
    executor,
    ...(workers !== undefined && { workers }),
  });
  const block = await readBlockFile(blockPath, chain.reader);
  showProgress(`executing ${block.transactions.length} calls`);
  const start = performance.now();
  const result = await chain.execute(block.transactions);
  const wallMs = performance.now() - start;
  let difference: string | null | undefined;
  if (options.verify) {
    showProgress('verifying: executing sequentially');
    await using oracle = await Chain.open(genesis, wasm, { ...shared, executor: 'sequential', workers: 1 });
    difference = (await compare(result, await oracle.execute(block.transactions))) ?? null;
  }
  const receiptReader = new ReceiptReader(chain.contracts);
  if (options.out !== undefined) {
    await writeReceipts(options.out, receiptReader.format(result, block.transactions, block.lines));
  }
  clearProgress();
  const summary = await summarize({
    block: blockPath,
    genesis: options.genesis,
    contracts: genesis.contracts.length,
    firstCalls: genesis.calls.length,
    transactions: block.transactions,
    receiptReader,
    result,
    wallMs,
    difference: difference === undefined ? undefined : withLine(difference, blockPath, block),
  });
  report(summary, options);
}

/** @throws FileError where `--out` names a file that the command reads. */
function refuseOverwriting(out: string | undefined, inputs: readonly string[]): void {
  const input = inputs.find((path) => out !== undefined && resolve(path) === resolve(out));
  if (input !== undefined) throw new FileError(`error: --out ${out} would overwrite ${input}`);
}

/** @throws FileError where the file cannot be written. */
async function writeReceipts(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new FileError(`error: cannot write ${path}: ${(error as Error).message}`);
  }
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
  stderr.write(`error: ${summary.executor} and sequential differ: ${summary.difference}\n`);
  process.exitCode = 1;
}
