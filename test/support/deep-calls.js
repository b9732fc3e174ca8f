// Runs contracts that call themselves for ever, on a runtime, and prints their receipts as JSON. Standard input: an object of
// modules by name, in base64. A process of its own, since V8's
// choice of compiler is made for a process: node [V8's flags] deep-calls.js

import { text } from 'node:stream/consumers';
import { createRuntime } from '../../dist/host/index.js';

const GAS = 2_000_000_000;

const runtime = await createRuntime({
  executor: 'block-stm',
  workers: 2,
  limits: { memoryMiB: 64, locations: 4096, transactions: 100 },
});
const receipts = {};
for (const [name, wasm] of Object.entries(JSON.parse(await text(process.stdin)))) {
  const { address: contract } = await runtime.deploy(Buffer.from(wasm, 'base64'));
  // Often enough that a call that was compiled by the baseline tier at first is compiled again.
  const call = { sender: new Uint8Array(32), contract, method: 'run', input: new Uint8Array(0), gasLimit: GAS };
  const { receipts: found } = await runtime.execute({ transactions: Array.from({ length: 20 }, () => call) });
  receipts[name] = [...new Set([...found].map(({ status, gasUsed, error }) => `${status} ${error?.code} ${gasUsed}`))];
}
await runtime.close();
process.stdout.write(JSON.stringify(receipts));
