import { readFileSync } from 'node:fs';
import { stdout } from 'node:process';
import { Bench } from 'tinybench';
import { type Contract, createRuntime, type Runtime, type Transaction } from '../../host/index.js';
import { builtContractPath } from '../package.js';
import { formatTable } from '../report.js';

/**
 * Micro-benchmarks, by tinybench: `npm run bench:micro`. Times of one run compare with each other and with nothing else.
 *
 * The pair `one key` and `keys apart` shows what 10,000 versions in one chain cost, on one worker, where nothing is ever
 * aborted: a chain that had to be walked would cost thousands of steps a call.
 */

const CALLS = 10_000;

function address(number: number): Uint8Array {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setUint32(28, number);
  return bytes;
}

function mints(token: Contract, recipient: (index: number) => number): Transaction[] {
  return Array.from({ length: CALLS }, (_, index) =>
    token.transaction(address(0), 'mint', { to: address(recipient(index)), amount: 1n }),
  );
}

/** Adds to counters: all to that of one contract, or each to that of another. */
async function counters(
  runtime: Runtime,
): Promise<{ readonly together: Transaction[]; readonly apart: Transaction[] }> {
  const wasm = readFileSync(builtContractPath('counter'));
  const contracts: Contract[] = [];
  for (let index = 0; index < CALLS; index++) contracts.push(await runtime.deploy(wasm));
  const add = (contract: Contract): Transaction => contract.transaction(address(1), 'add', { amount: 1n });
  const first = contracts[0] as Contract;
  return { together: contracts.map(() => add(first)), apart: contracts.map(add) };
}

await using runtime = await createRuntime({ workers: 1 });
const token = await runtime.deploy(readFileSync(builtContractPath('token')));
const { together, apart } = await counters(runtime);
const balance = token.transaction(address(0), 'balanceOf', { owner: address(7) });
await runtime.execute({ transactions: mints(token, (index) => index) });

const bench = new Bench({ time: 1000, warmupTime: 300 });
bench
  .add('block of 10,000, one key', () => runtime.execute({ transactions: together }))
  .add('block of 10,000, keys apart', () => runtime.execute({ transactions: apart }))
  .add('block of 1 call', () => runtime.execute({ transactions: apart.slice(0, 1) }))
  .add('view of a balance', () => runtime.view(balance))
  .add('a transaction made from named arguments', () => {
    token.transaction(address(0), 'transfer', { to: address(1), amount: 5n });
  })
  .add('state hash of 20,000 locations', () => runtime.stateHash());
await bench.run();

const rows = bench.tasks.map(({ name, result }) => {
  if (result.state !== 'completed') throw new Error(`${name} did not complete`);
  const { latency } = result;
  return [
    name,
    `${(latency.p50 * 1000).toFixed(1)} µs`,
    `${(latency.p75 * 1000).toFixed(1)} µs`,
    `${latency.samplesCount}`,
  ];
});
stdout.write(formatTable([['task', 'median', 'p75', 'samples'], ...rows]));
