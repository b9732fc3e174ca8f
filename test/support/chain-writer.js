/**
 * A process that writes a chain until it is killed. It says on its standard output, by a system call that returns when the pipe has it, what it knows: `executed 7` when block 7 has been
 * executed, `durable 7` when it is acknowledged as durable, `opened 7` when it has opened a chain of that height.
 *
 *   node chain-writer.js '{"directory": "...", "mode": "awaited" or "pipelined", "seed": 1}'
 */

import { writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRuntime } from '../../dist/host/index.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';

const { directory, mode, seed } = JSON.parse(process.argv[2]);
const ACCOUNTS = 60;
const KEYS = 200;

// xorshift32: all of a run follows from its seed.
let state = (seed * 2_654_435_761) >>> 0 || 1;
function below(bound) {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % bound;
}

function say(what) {
  writeSync(1, `${what}\n`);
}

const account = () => new Uint8Array(32).fill(1 + below(ACCOUNTS));
const wasmOf = (name) => readFile(new URL(`../../dist/contracts/${name}.wasm`, import.meta.url));

/** Writes a long value, or none, at some keys of the contract `program`. */
function program() {
  const operations = [];
  for (let step = 0; step < 1 + below(4); step++) {
    const key = BigInt(below(KEYS));
    if (below(4) === 0) operations.push([3n, key]);
    else operations.push([2n, BigInt(below(1000))], [8n, key], [9n, key]);
  }
  return new Uint8Array(BigUint64Array.from(operations.flat()).buffer);
}

function makeCalls(contracts) {
  const [token, programs] = contracts;
  return Array.from({ length: below(10) === 0 ? 2000 : below(150) }, () => {
    if (below(3) === 0) return programs.transaction(account(), 'run', { code: program() });
    if (below(3) === 0) return token.transaction(account(), 'mint', { to: account(), amount: BigInt(below(1000)) });
    return token.transaction(account(), 'transfer', { to: account(), amount: BigInt(below(100)) });
  });
}

async function open() {
  const limits = { memoryMiB: 64, locations: 8192, transactions: 4096 };
  const runtime = await createRuntime({ store: lmdbStore(directory), workers: 2, executor: 'block-stm', limits });
  say(`opened ${runtime.height}`);
  return runtime;
}

const contractAt = (number) => new Uint8Array(32).fill(200 + number);

/** The contracts, of which the process may have been killed before it had deployed all. */
async function contractsOf(runtime) {
  const contracts = [];
  for (const [number, name] of ['token', 'program'].entries()) {
    const address = contractAt(number);
    const known = runtime.contract(address);
    contracts.push(known ?? (await runtime.deploy(await wasmOf(name), { address })));
    if (known === undefined) say(`durable ${runtime.height}`);
  }
  return contracts;
}

async function execute(runtime, contracts) {
  const result = await runtime.execute({
    transactions: makeCalls(contracts),
    context: { timestamp: BigInt(below(1e9)) },
  });
  say(`executed ${result.height}`);
  const durable = result.durable.then((header) => say(`durable ${header.height}`));
  if (mode === 'awaited') await durable;
}

for (;;) {
  // Now and then it closes and opens again: it is killed at that, too.
  const runtime = await open();
  const contracts = await contractsOf(runtime);
  for (let blocks = 4 + below(20); blocks > 0; blocks--) await execute(runtime, contracts);
  await runtime.close();
  say('closed');
}
