// A block that went wrong, as files that `blockstm run` executes again.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Transaction } from '../index.js';
import { hex } from './account.js';
import type { ContractCall } from './contract-call.js';
import type { TestChain } from './test-chain.js';

const NOBODY = new Uint8Array(32);

export interface CounterExampleFiles {
  readonly genesis: string;
  readonly block: string;
  /** Whether `blockstm run` gets to the same state: a genesis file has no upgrades. */
  readonly isRunnable: boolean;
}

/** Write the contracts and the calls that led to the chain's state, and the block's calls. Resolves to the names of the files. */
export async function saveCounterExample(
  directory: string,
  chain: TestChain,
  calls: readonly ContractCall[],
): Promise<CounterExampleFiles> {
  await mkdir(directory, { recursive: true });
  const contracts: object[] = [];
  const first: object[] = [];
  for (const entry of chain.history) {
    if (entry.kind === 'call') first.push(callLine(entry.transaction));
    else if (entry.kind === 'deployment') {
      const wasm = `contract-${contracts.length}.wasm`;
      await writeFile(join(directory, wasm), entry.wasm);
      const init = entry.init && { sender: hex(entry.init.sender ?? NOBODY), args: plainJson(entry.init.args ?? {}) };
      contracts.push({ name: entry.name, address: hex(entry.address), wasm, ...(init !== undefined && { init }) });
    }
  }
  const context = { timestamp: String(chain.time) };
  const genesis = join(directory, 'genesis.json');
  await writeFile(
    genesis,
    `${JSON.stringify({ schema: 'blockstm.genesis/1', context, contracts, calls: first }, null, 2)}\n`,
  );
  const block = join(directory, 'block.jsonl');
  await writeFile(block, calls.map(({ transaction }) => `${JSON.stringify(callLine(transaction))}\n`).join(''));
  const isRunnable = !chain.history.some(({ kind }) => kind === 'upgrade');
  return { genesis, block, isRunnable };
}

function callLine({ sender, contract, method, input, gasLimit }: Transaction): object {
  return { sender: hex(sender), contract: hex(contract), method, input: hex(input), gasLimit };
}

/** As JSON has it: bytes as digits, integers as strings. */
function plainJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return hex(value);
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(plainJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plainJson(field)]));
}
