import { readFile } from 'node:fs/promises';
import type { Transaction } from '../runtime/types.js';
import { CallEncoder, EncodedCalls } from './calls.js';
import { Instances } from './instances.js';
import { attachKernel, instantiateKernel, type Kernel } from './kernel.js';
import { formatMemory, reserveMemory } from './memory.js';
import type { Code } from './protocol.js';

/** Of each of two blocks. Four times as many gave no quicker first block, and took 50 ms longer (bench/README.md). */
const CALLS = 1024;
/** Of the memory that is used for it and dropped. */
const LIMITS = { memoryMiB: 16, locations: 4096, transactions: CALLS, gas: 100_000_000 };
const ACCOUNTS = 256;
const WORKERS = 2;
const NOBODY = new Uint8Array(32);

/** The contract to warm up with: the sample token, as it is deployed. It comes with the build. */
export async function compileWarmUp(): Promise<Code> {
  const module = await WebAssembly.compile(await readFile(new URL('../../warm-up.wasm', import.meta.url)));
  return { module, methods: ['mint', 'transfer'], firstEntry: 0 };
}

/**
 * Have V8 compile the kernel well before the first block: it does so with what runs often, and what it compiles is every worker's, since they
 * share the module. So blocks of transfers are executed over a memory of their own, by virtual workers that take turns, as two threads
 * would: sequentially, and speculatively.
 */
export async function warmUp(module: WebAssembly.Module, contract: Code): Promise<void> {
  const memory = reserveMemory(LIMITS);
  const workers = Array.from({ length: WORKERS }, () => instantiateKernel(module, memory));
  const { exports } = workers[0] as Kernel;
  formatMemory(exports, memory, { limits: LIMITS, workers: WORKERS, parallelism: WORKERS }, [], (bytes) =>
    bytes.fill(1),
  );
  const methods = workers.map((kernel, index) => {
    attachKernel(kernel, index, true);
    const instances = new Instances(kernel);
    instances.install(contract);
    return instances.methods;
  });
  const encoder = new CallEncoder(exports, LIMITS.gas);
  const find = (method: string) => ({ entry: contract.methods.indexOf(method), contract: 0 });
  const run = async (method: string, mode: number, participants: readonly Kernel[]): Promise<void> => {
    const calls = new EncodedCalls(CALLS, encoder.recordBytes);
    encoder.encode(transactions(method), 0, CALLS, calls, { methodsOf: () => ({ find }) });
    await calls.place(exports, memory, exports.prepareBlock(calls.size) >>> 0);
    const { POLICY_VALUES, POLICY_PARK, POLICY_DELTAS } = exports;
    const policy = POLICY_VALUES.value | POLICY_PARK.value | POLICY_DELTAS.value;
    exports.beginBlock(CALLS, mode, participants.length, policy, 0);
    execute(participants, methods, exports.DONE.value);
  };
  await run('mint', exports.SEQUENTIAL.value, workers.slice(0, 1));
  await run('transfer', exports.BLOCK_STM.value, workers);
}

/** Payments to and fro, as the token's methods take them: the address paid, then an amount of one. */
function transactions(method: string): Transaction[] {
  const address = (number: number): Uint8Array => new Uint8Array(32).fill(number % ACCOUNTS);
  return Array.from({ length: CALLS }, (_, index) => {
    const input = new Uint8Array(40).fill((index * 7) % ACCOUNTS, 0, 32);
    input[32] = 1;
    return { sender: address(index * 13), contract: NOBODY, method, input };
  });
}

/** The workers take turns, a call each, until all are done. */
function execute(workers: readonly Kernel[], methods: readonly (readonly (() => void)[])[], done: number): void {
  for (const { exports } of workers) exports.enter();
  const running = new Set(workers.keys());
  while (running.size > 0) {
    for (const index of running) {
      const { next, unwound } = (workers[index] as Kernel).exports;
      const entry = next();
      if (entry === done) running.delete(index);
      else if (entry >= 0) {
        try {
          methods[index]?.[entry]?.();
        } catch {
          unwound(0);
        }
      }
    }
  }
  for (const step of ['arrive', 'commit', 'depart'] as const) for (const { exports } of workers) exports[step]();
}
