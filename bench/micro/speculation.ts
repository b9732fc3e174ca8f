import { CallEncoder, EncodedCalls } from '../../host/engine/calls.js';
import { ContractTable } from '../../host/engine/contract-table.js';
import { Instances } from '../../host/engine/instances.js';
import { attachKernel, compileKernel, instantiateKernel, type Kernel } from '../../host/engine/kernel.js';
import { formatMemory, reserveMemory } from '../../host/engine/memory.js';
import { policyWords } from '../../host/engine/policy.js';
import { InvariantError, resolvePolicy, type Transaction } from '../../host/index.js';
import { KERNEL_GAS } from '../../host/wasm/gas-schedule.js';
import { RESET_EXPORT } from '../../host/wasm/instrument.js';

const LIMITS = { memoryMiB: 256, locations: 65_536, transactions: 65_536, gas: 100_000_000 };

/** Calls that a worker claims together: so few that what they write stays in a core's cache. */
export const RUN = 128;

/** Milliseconds of a block's parts. */
export interface SpeculationTimes {
  /** A run executed while the one before it is not: claimed, its calls run, what they wrote published. */
  readonly speculation: number;
  /** The same run validated and committed, after the other one was. */
  readonly validation: number;
}

interface Worker {
  readonly kernel: Kernel;
  readonly instances: Instances;
}

/**
 * The kernel under two workers on this thread, who take their steps in a fixed order: the first claims a run of calls and is not heard of, the second claims the next run and executes it
 * without knowing what the first will write; then the first executes its own, which is final, and the second's is validated. So that what only workers do who are ahead of the
 * others, to publish and to validate, is timed without any threads.
 */
export class Speculation {
  readonly #memory: WebAssembly.Memory;
  readonly #host: Kernel;
  readonly #workers: readonly Worker[];
  readonly #methods: readonly string[];
  readonly #contract: number;

  private constructor(memory: WebAssembly.Memory, kernels: readonly Kernel[], contract: WebAssembly.Module) {
    const [host, ...workers] = kernels as [Kernel, ...Kernel[]];
    this.#memory = memory;
    this.#host = host;
    const names = WebAssembly.Module.exports(contract).map(({ name }) => name);
    this.#methods = names.filter((name) => name !== RESET_EXPORT);
    const code = { module: contract, methods: this.#methods, firstEntry: 0 };
    this.#workers = workers.map((kernel) => {
      const instances = new Instances(kernel);
      instances.install(code);
      return { kernel, instances };
    });
    this.#contract = new ContractTable(host.exports, memory).add(new Uint8Array(32));
  }

  /** @param contract an instrumented one that calls no others and hashes nothing. */
  static async create(contract: WebAssembly.Module): Promise<Speculation> {
    const memory = reserveMemory(LIMITS);
    const module = await compileKernel();
    const kernels = [2, 0, 1].map((index) => ({ index, kernel: instantiateKernel(module, memory) }));
    const host = (kernels[0] as (typeof kernels)[number]).kernel;
    const shape = { limits: LIMITS, workers: 2, parallelism: 2 };
    formatMemory(host.exports, memory, shape, Object.values(KERNEL_GAS), (bytes) => bytes.fill(1));
    for (const { index, kernel } of kernels) attachKernel(kernel, index, kernel !== host);
    for (let growth = 0; growth < 3; growth++) host.exports.beginIndex(1);
    return new Speculation(
      memory,
      kernels.map(({ kernel }) => kernel),
      contract,
    );
  }

  /** @param transactions two runs of them. */
  async run(transactions: readonly Transaction[]): Promise<SpeculationTimes> {
    const { exports } = this.#host;
    const count = transactions.length;
    const targets = {
      find: (method: string) => ({ entry: this.#methods.indexOf(method), contract: this.#contract }),
    };
    const encoder = new CallEncoder(exports, LIMITS.gas);
    const calls = new EncodedCalls(count, encoder.recordBytes);
    encoder.encode(transactions, 0, count, calls, { methodsOf: () => targets });
    await calls.place(exports, this.#memory, exports.prepareBlock(calls.size) >>> 0);
    const { bits, grain } = policyWords(resolvePolicy({ grain: RUN }), exports);
    exports.beginBlock(count, exports.BLOCK_STM.value, 2, bits, grain);
    for (const { kernel } of this.#workers) kernel.exports.enter();
    const [first, second] = this.#workers as [Worker, Worker];
    const claimed = first.kernel.exports.next();
    const start = performance.now();
    executeRun(second, second.kernel.exports.next());
    expectIdle(second);
    const ahead = performance.now();
    executeRun(first, claimed);
    const final = performance.now();
    // Whoever completes the last final call goes on to validate those that were ahead.
    for (const { kernel } of [first, second]) {
      const ended = kernel.exports.next();
      if (ended !== exports.DONE.value)
        throw new InvariantError(`a worker got ${ended} after the last call of a block`);
    }
    const end = performance.now();
    for (const step of ['arrive', 'commit', 'depart'] as const) {
      for (const { kernel } of this.#workers) kernel.exports[step]();
    }
    return { speculation: ahead - start, validation: end - final };
  }
}

/** Run the calls of one run, the last of which is not completed yet. @param entry the first one's. */
function executeRun({ kernel, instances }: Worker, entry: number): void {
  const { next } = kernel.exports;
  for (let left = RUN; ; entry = next()) {
    const method = instances.methods[entry];
    if (method === undefined) throw new InvariantError(`a worker got ${entry} with ${left} calls of its run left`);
    method();
    if (--left === 0) return;
  }
}

/** Complete the last call, after which there is nothing to claim. */
function expectIdle({ kernel }: Worker): void {
  const ended = kernel.exports.next();
  if (ended !== kernel.exports.IDLE.value)
    throw new InvariantError(`a worker that is ahead got ${ended}, expected to be idle`);
}
