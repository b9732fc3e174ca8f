/**
 * What it costs that a chain is kept, and that its state is larger than memory: `npm run bench:store`. Ratios are of pairs in one run; times of different runs compare with nothing.
 *
 * `npm run bench:store -- <accounts>` for another size of the large state than 5,000,000.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stderr, stdout } from 'node:process';
import { promisify } from 'node:util';
import { createRuntime } from '../../host/index.js';
import { lmdbStore } from '../../host/store/lmdb/index.js';
import { RandomStream } from '../random.js';
import { formatTable } from '../report.js';
import { median } from '../statistics.js';
import { compare, type Pairs } from './pairs.js';
import { TokenChain } from './token-chain.js';

const SMALL_STATE = 10_000;
const LARGE_STATE = Number(process.argv[2] ?? 5_000_000);
const BLOCK = 10_000;
const CHANGED_KEYS = 20_000;
const LARGE_BLOCKS = 60;
const rows: string[][] = [];
const directory = await mkdtemp(join(tmpdir(), 'blockstm-bench-'));

function report(what: string, figure: string, aimedAt: string): void {
  rows.push([what, figure, aimedAt]);
  if (stderr.isTTY) stderr.write(`${what}: ${figure}\n`);
}

function ratio({ memory, stored, ratio: { median: middle, low, high } }: Pairs): string {
  const rate = (calls: number): string => `${Math.round(calls / 1000)}k/s`;
  return `${middle.toFixed(2)} (${low.toFixed(2)}-${high.toFixed(2)}), ${rate(stored)} against ${rate(memory)}`;
}

/** For `compare`: `count` blocks of transfers. */
function transfers(count: number) {
  return (chain: TokenChain, round: number) => {
    const random = new RandomStream(1, 'blocks', round);
    return Array.from({ length: count }, () => chain.transfers(BLOCK, random));
  };
}

/** Microseconds that `action` takes: the median of `rounds`, without the first tenth. */
async function microseconds(action: (round: number) => unknown, rounds: number): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await action(round);
    times.push((performance.now() - start) * 1000);
  }
  return median(times.slice(rounds / 10));
}

async function viewsAndForks(chain: TokenChain, accounts: number): Promise<void> {
  const { runtime } = chain;
  const view = await microseconds((round) => runtime.view(chain.balanceOf(round * 7919)), 5000);
  const fork = await microseconds(() => runtime.fork().close(), 2000);
  const size = accounts.toLocaleString('en-US');
  report(`view of a balance, of ${size}`, `${view.toFixed(1)} µs`, 'at most 20 µs');
  report(`fork of a state of ${size} keys`, `${fork.toFixed(1)} µs`, 'under 1,000 µs');
}

async function smallState(): Promise<void> {
  await using memory = await TokenChain.open(SMALL_STATE, {});
  await using stored = await TokenChain.open(SMALL_STATE, { store: lmdbStore(join(directory, 'small')) });
  const pairs = await compare(memory, stored, transfers(20), 15);
  report('p2p blocks of 10,000, durable and pipelined, against in memory', ratio(pairs), 'at least 0.60');
  await viewsAndForks(stored, SMALL_STATE);
}

/** From the moment that a block is executed until it is durable. */
async function commit(): Promise<void> {
  await using stored = await TokenChain.open(2 * CHANGED_KEYS, {
    store: lmdbStore(join(directory, 'commit')),
  });
  const times: number[] = [];
  for (let round = 0; round < 21; round++) {
    const first = (round % 2) * CHANGED_KEYS;
    const transactions = Array.from({ length: CHANGED_KEYS / 2 }, (_, index) => stored.transfer(first + 2 * index));
    const result = await stored.runtime.execute({ transactions });
    const start = performance.now();
    await result.durable;
    times.push(performance.now() - start);
    const { length } = result.writeSet;
    if (length !== CHANGED_KEYS) throw new Error(`${length} keys were changed`);
  }
  report(
    `commit of ${CHANGED_KEYS.toLocaleString('en-US')} changed keys`,
    `${median(times).toFixed(1)} ms`,
    'at most 40 ms',
  );
}

/** As a node would come by it: from a snapshot, without the history. */
async function makeLargeState(path: string): Promise<Uint8Array> {
  const [first, file] = [join(directory, 'made'), join(directory, 'snapshot')];
  const limits = { memoryMiB: 256, locations: 786_432 };
  let contract: Uint8Array;
  {
    await using made = await TokenChain.open(LARGE_STATE, { store: lmdbStore(first), limits });
    contract = made.contract;
    await made.runtime.snapshot(file);
  }
  await rm(first, { recursive: true });
  await using restored = await createRuntime({ store: lmdbStore(path), limits });
  await restored.restore(file);
  return contract;
}

async function largeState(): Promise<void> {
  const path = join(directory, 'large');
  const size = `${LARGE_STATE.toLocaleString('en-US')} keys`;
  const limits = { memoryMiB: 256, locations: 786_432 };
  const contract = await makeLargeState(path);
  const script = new URL('./large-state.js', import.meta.url).pathname;
  const child = [script, path, Buffer.from(contract).toString('hex'), `${LARGE_STATE}`, `${LARGE_BLOCKS}`];
  const { stdout: line } = await promisify(execFile)(process.execPath, child);
  const alone = JSON.parse(line) as Record<'openMs' | 'residentMiB' | 'ownMiB' | 'evictions', number>;
  report(`opening ${size}`, `${alone.openMs.toFixed(0)} ms`, 'under 1,000 ms');
  const memory = `${alone.residentMiB.toFixed(0)} MiB, ${alone.ownMiB.toFixed(0)} without pages of the data file; ${alone.evictions} evictions`;
  report(`resident memory with ${size} and a limit of 256 MiB`, memory, 'at most 556 MiB');

  await using stored = await TokenChain.open(LARGE_STATE, { store: lmdbStore(path), limits }, contract);
  const whole = { memoryMiB: 3072, locations: 8_388_608 };
  await using inMemory = await TokenChain.open(LARGE_STATE, { limits: whole });
  // The other process has executed blocks: bring both to one state by what it did.
  const random = new RandomStream(2, 'large state');
  for (let block = 0; block < LARGE_BLOCKS; block++) {
    await inMemory.runtime.execute({ transactions: inMemory.transfers(BLOCK, random) });
  }
  const pairs = await compare(inMemory, stored, transfers(10), 9);
  report(`p2p of ${size} with a limit of 256 MiB, durable, against in memory`, ratio(pairs), 'at least 0.25');
  await viewsAndForks(stored, LARGE_STATE);
}

try {
  await smallState();
  await commit();
  await largeState();
  stdout.write(formatTable([['what', 'figure', 'aimed at'], ...rows]));
} finally {
  await rm(directory, { recursive: true });
}
