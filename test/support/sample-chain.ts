import {
  type BlockHeader,
  createRuntime,
  type Receipt,
  type Runtime,
  type Transaction,
} from '../../dist/host/index.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';
import { address, encodeProgram, makePrograms } from './programs.js';
import { contractWasm } from './runtimes.js';

/** Little, so that a runtime is started in no time. */
export const TINY_MEMORY = { memoryMiB: 64, locations: 8192, transactions: 4096 } as const;

export const TOKEN = new Uint8Array(32).fill(201);
export const PROGRAM = new Uint8Array(32).fill(202);

/** A runtime over the chain in `directory`, for tests of the store: one worker, one after another. */
export async function openChain(directory: string): Promise<Runtime> {
  return createRuntime({ store: lmdbStore(directory), workers: 1, executor: 'sequential', limits: TINY_MEMORY });
}

/** Have `blocks` blocks more in `directory`, after those that deploy, where the chain is new: 20 calls each, long values among them. Resolves to the last header. */
export async function growChain(directory: string, blocks: number): Promise<BlockHeader> {
  await using runtime = await openChain(directory);
  if (runtime.height === 0n) {
    await runtime.deploy(await contractWasm('token'), { address: TOKEN });
    await runtime.deploy(await contractWasm('program'), { address: PROGRAM });
  }
  for (let block = 0; block < blocks; block++) {
    await (await runtime.execute({ transactions: sampleCalls(runtime, Number(runtime.height)) })).durable;
  }
  return runtime.head as BlockHeader;
}

/** Calls that depend on `seed` only. */
export function sampleCalls(runtime: Runtime, seed: number): Transaction[] {
  const [token, program] = [TOKEN, PROGRAM].map((each) => runtime.contract(each));
  if (token === undefined || program === undefined) throw new Error('the chain has other contracts');
  const programs = makePrograms({ seed, keys: 100, calls: 10 });
  return [
    ...programs.map(({ sender, operations }) =>
      program.transaction(sender, 'run', { code: encodeProgram(operations) }),
    ),
    ...Array.from({ length: 10 }, (_, index) =>
      token.transaction(address(index), 'mint', { to: address((seed * 10 + index) % 300), amount: BigInt(seed) }),
    ),
  ];
}

/** What a view gives that any chain here has: to see whether it can still be read. */
export async function readBalance(runtime: Runtime): Promise<Receipt> {
  const token = runtime.contract(TOKEN);
  if (token === undefined) throw new Error('the chain has no token');
  return runtime.view(token.transaction(address(0), 'balanceOf', { owner: address(0) }));
}
