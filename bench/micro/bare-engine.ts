import { CallEncoder, EncodedCalls } from '../../host/engine/calls.js';
import { loadDigests, loadVerification } from '../../host/engine/hashes.js';
import { Instances } from '../../host/engine/instances.js';
import { attachKernel, compileKernel, instantiateKernel, type Kernel } from '../../host/engine/kernel.js';
import { formatMemory, reserveMemory } from '../../host/engine/memory.js';
import { learnTraps, trapNumber } from '../../host/engine/traps.js';
import type { Transaction } from '../../host/index.js';
import { KERNEL_GAS } from '../../host/wasm/gas-schedule.js';
import { RESET_EXPORT } from '../../host/wasm/instrument.js';

const LIMITS = { memoryMiB: 256, locations: 65_536, transactions: 65_536, gas: 100_000_000 };

/**
 * The kernel and one contract on this thread, without workers: what is left is the kernel's sequential steps and the contract. It
 * also takes modules that are not instrumented, which a runtime never does, so that the two can be compared.
 */
export class BareEngine {
  readonly #kernel: Kernel;
  readonly #memory: WebAssembly.Memory;
  readonly #instances: Instances;
  readonly #entries: ReadonlyMap<string, number>;
  readonly #traps = learnTraps();

  private constructor(kernel: Kernel, memory: WebAssembly.Memory, contract: WebAssembly.Module) {
    this.#kernel = kernel;
    this.#memory = memory;
    this.#instances = new Instances(kernel);
    const names = WebAssembly.Module.exports(contract).map(({ name }) => name);
    const methods = names.filter((name) => name !== RESET_EXPORT);
    this.#instances.install({ module: contract, methods, firstEntry: 0 });
    this.#entries = new Map(methods.map((name, position) => [name, position]));
  }

  static async create(contract: WebAssembly.Module): Promise<BareEngine> {
    await loadDigests(contract);
    await loadVerification(contract);
    const memory = reserveMemory(LIMITS);
    const kernel = instantiateKernel(await compileKernel(), memory);
    const shape = { limits: LIMITS, workers: 1, parallelism: 1 };
    formatMemory(kernel.exports, memory, shape, Object.values(KERNEL_GAS), (bytes) => bytes.fill(1));
    attachKernel(kernel, 0, true);
    for (let growth = 0; growth < 3; growth++) kernel.exports.beginIndex(1);
    return new BareEngine(kernel, memory, contract);
  }

  /** Execute a block sequentially. Resolves to the nanoseconds from its first call to its last. */
  async run(transactions: readonly Transaction[]): Promise<number> {
    const { exports } = this.#kernel;
    const targets = { find: (method: string) => ({ entry: this.#entries.get(method) ?? -1, contract: 0 }) };
    const encoder = new CallEncoder(exports, LIMITS.gas);
    const calls = new EncodedCalls(transactions.length, encoder.recordBytes);
    encoder.encode(transactions, 0, transactions.length, calls, { methodsOf: () => targets });
    await calls.place(exports, this.#memory, exports.prepareBlock(calls.size) >>> 0);
    exports.beginBlock(transactions.length, exports.SEQUENTIAL.value, 1, 0, 0);
    exports.enter();
    const { methods, grown } = this.#instances;
    const { next, unwound } = exports;
    const start = process.hrtime.bigint();
    for (let entry = next(); entry >= 0; entry = next()) {
      try {
        (methods[entry] as () => void)();
      } catch (error) {
        const number = trapNumber(this.#traps, error);
        if (number === undefined) throw error;
        unwound(number);
      }
      if (grown.length > 0) this.#instances.renew();
    }
    const elapsed = Number(process.hrtime.bigint() - start);
    for (const step of ['arrive', 'commit', 'depart'] as const) exports[step]();
    return elapsed;
  }

  /** How call `index` of the last block ended: status and failure number, 0 and 0 if well; and its gas. */
  outcome(index: number): { readonly status: number; readonly code: number; readonly gasUsed: number } {
    const { transactionsBase, TRANSACTION_SHIFT, TX_RESULT, TX_CODE, TX_GAS_USED } = this.#kernel.exports;
    const view = new DataView(this.#memory.buffer);
    const at = (transactionsBase.value >>> 0) + index * (1 << TRANSACTION_SHIFT.value);
    return {
      status: view.getUint32(at + TX_RESULT.value, true),
      code: view.getUint32(at + TX_CODE.value, true),
      gasUsed: Number(view.getBigUint64(at + TX_GAS_USED.value, true)),
    };
  }
}
