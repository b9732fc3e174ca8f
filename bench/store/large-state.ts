import { readFileSync } from 'node:fs';
import { lmdbStore } from '../../host/store/lmdb/index.js';
import { RandomStream } from '../random.js';
import { account, TokenChain } from './token-chain.js';

/**
 * Opens a chain whose state is larger than its memory, in a process of its own, and executes transfers. Prints one line of JSON.
 *
 * Arguments: directory, contract in hex digits, accounts, blocks.
 */
const [directory = '', contract = '', accounts = '0', blocks = '0'] = process.argv.slice(2);

/** Resident memory of this process, and of that what is no file's, in MiB. */
function resident(): { readonly all: number; readonly own: number } {
  const status = readFileSync('/proc/self/status', 'utf8');
  const of = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) / 1024;
  return { all: of('VmRSS'), own: of('VmRSS') - of('RssFile') };
}

const names = Array.from({ length: Number(accounts) }, (_, number) => account(number));
const start = performance.now();
const limits = { memoryMiB: 256, locations: 786_432 };
await using chain = await TokenChain.open(
  names,
  { store: lmdbStore(directory), limits },
  new Uint8Array(Buffer.from(contract, 'hex')),
);
const openMs = performance.now() - start;
const random = new RandomStream(2, 'large state');
let peak = resident();
for (let block = 0; block < Number(blocks); block++) {
  await (await chain.runtime.execute({ transactions: chain.transfers(10_000, random) })).durable;
  const now = resident();
  peak = { all: Math.max(peak.all, now.all), own: Math.max(peak.own, now.own) };
}
console.log(
  JSON.stringify({ openMs, residentMiB: peak.all, ownMiB: peak.own, evictions: chain.runtime.metrics().evictions }),
);
