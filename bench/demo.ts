import { availableParallelism } from 'node:os';
import { stderr, stdout } from 'node:process';
import { compile } from '../host/contract/index.js';
import { bundledBlocks, readBundledBlocks } from './mainnet/input.js';
import type { MainnetTransaction } from './mainnet/transaction.js';
import { RUN_PARAMETERS } from './options.js';
import { packagePath } from './package.js';
import { formatCount, formatTable, plural } from './report.js';
import type { BenchmarkReport } from './result.js';
import { runBenchmark } from './runner.js';
import { mainnet } from './workloads/mainnet.js';

/** The contracts that the transactions of mainnet become calls of. */
const CONTRACTS = ['ledger', 'token', 'registry'];

/** Smaller blocks are shown only as a part of the merged one. */
const LARGE_BLOCK = 1_000;

const REPEATS = 15;
const SEED = 1;

/** Transactions executed as one block, under the name the table gives them. */
interface DemoBlock {
  readonly name: string;
  readonly transactions: readonly MainnetTransaction[];
}

function showProgress(text: string): void {
  if (stderr.isTTY) stderr.write(`\r\x1b[2K${text}`);
}

async function compileContracts(): Promise<Map<string, Uint8Array>> {
  const wasm = new Map<string, Uint8Array>();
  for (const name of CONTRACTS) {
    showProgress(`compiling assembly/contracts/${name}.ts`);
    wasm.set(name, (await compile(packagePath('assembly', 'contracts', `${name}.ts`))).wasm);
  }
  return wasm;
}

/** Every block of at least 1,000 transactions, and all blocks as one. */
function demoBlocks(): readonly DemoBlock[] {
  const blocks = bundledBlocks().map((number) => ({
    name: `mainnet ${number}`,
    transactions: readBundledBlocks([number]),
  }));
  const large = blocks.filter(({ transactions }) => transactions.length >= LARGE_BLOCK);
  const merged = blocks.flatMap(({ transactions }) => transactions);
  return [...large, { name: `${plural(blocks.length, 'block')} merged`, transactions: merged }];
}

async function measure(
  { name, transactions }: DemoBlock,
  wasm: ReadonlyMap<string, Uint8Array>,
): Promise<BenchmarkReport> {
  const workload = mainnet({ transactions, blockSize: transactions.length }, SEED);
  const settings = {
    executor: 'block-stm',
    workers: availableParallelism(),
    repeats: REPEATS,
    warmUp: RUN_PARAMETERS.warmUp.default,
    seed: SEED,
    wasm,
  } as const;
  return runBenchmark(workload, settings, (text) => showProgress(`${name}: ${text}`));
}

function row({ name }: DemoBlock, report: BenchmarkReport): string[] {
  const perBlock = (total: number): string => formatCount(total / report.repeats);
  return [
    name,
    formatCount(report.blockSize),
    perBlock(report.failedCalls),
    formatCount(report.sequential.tps),
    formatCount(report.tps),
    `${report.speedup.median.toFixed(2)}x`,
    perBlock(report.aborts),
    report.statesEqual ? 'yes' : 'NO',
  ];
}

function workerThreads(count: number): string {
  return plural(count, 'worker thread');
}

function conclusion(reports: readonly BenchmarkReport[]): string {
  const different = reports.find(({ statesEqual }) => !statesEqual);
  if (different !== undefined) {
    return `The executors DISAGREE, which is a bug in blockstm, please report it: ${different.difference}`;
  }
  const { workers, speedup, sequential } = reports.at(-1) as BenchmarkReport;
  const interval = `${speedup.low.toFixed(2)} to ${speedup.high.toFixed(2)}`;
  const microseconds = (1_000_000 / sequential.tps).toFixed(1);
  return `Every block run speculatively on ${workerThreads(workers)} gave the receipts, the write set and the state hash of running its
calls one by one. The merged block, whose calls take ${microseconds} microseconds each, ran at ${speedup.median.toFixed(2)} times sequential speed (95% interval
${interval}). Costlier calls gain more: npm run bench -- --workload compute`;
}

const start = performance.now();
const wasm = await compileContracts();
showProgress('');
stdout.write(`Compiled ${CONTRACTS.join(', ')} in ${((performance.now() - start) / 1_000).toFixed(1)} s.\n`);

const blocks = demoBlocks();
const reports: BenchmarkReport[] = [];
for (const block of blocks) reports.push(await measure(block, wasm));
showProgress('');

const { env, workers } = reports[0] as BenchmarkReport;
const threads = workerThreads(workers);
stdout.write(`Ethereum transactions as contract calls, each block executed ${REPEATS} times, medians; ${env.cpu}, ${plural(env.cores, 'core')}, Node ${env.node}.

${formatTable([
  ['block', 'calls', 'failed calls', 'sequential/s', `block-stm/s (${threads})`, 'speed-up', 'aborts', 'states equal'],
  ...blocks.map((block, index) => row(block, reports[index] as BenchmarkReport)),
])}
${conclusion(reports)}
`);
process.exitCode = reports.every(({ statesEqual }) => statesEqual) ? 0 : 1;
