import { isDeepStrictEqual } from 'node:util';
import { CallEncoder, EncodedCalls } from '../../dist/host/engine/calls.js';
import { hashImports, loadDigests, loadVerification } from '../../dist/host/engine/hashes.js';
import { Instances } from '../../dist/host/engine/instances.js';
import {
  attachKernel,
  compileKernel,
  contractImports,
  type Kernel,
  type KernelExports,
  type ReadBase,
} from '../../dist/host/engine/kernel.js';
import { formatMemory, reserveMemory } from '../../dist/host/engine/memory.js';
import { policyWords } from '../../dist/host/engine/policy.js';
import { resultLayout } from '../../dist/host/engine/result-layout.js';
import { copyTransactions, LiveReports, LogSnapshot } from '../../dist/host/engine/snapshot.js';
import { learnTraps, trapNumber } from '../../dist/host/engine/traps.js';
import type { Policy, Receipt, Transaction, WriteSetEntry } from '../../dist/host/index.js';
import { compileCode, methodsOf } from '../../dist/host/runtime/contract-code.js';
import { resolvePolicy } from '../../dist/host/runtime/policy.js';
import { LazyReceipts, ReceiptDecoder } from '../../dist/host/runtime/receipts.js';
import { decodeWriteSet } from '../../dist/host/runtime/write-set.js';
import { KERNEL_GAS } from '../../dist/host/wasm/gas-schedule.js';
import { Random } from './random.js';
import { contractWasm } from './runtimes.js';

/** Counters of a stepped block, summed over its virtual workers. */
export interface StepperStatistics {
  readonly steps: number;
  /** Where the first worker went on alone, 0 if it did not. */
  readonly sequentialFrom: number;
  readonly executions: number;
  readonly aborts: number;
  readonly validations: number;
  readonly dependencyWaits: number;
  /** Incarnations of the transaction that had most. */
  readonly mostIncarnations: number;
  /** Incarnations that ended because their gas was spent, whatever became of them. */
  readonly gasSpent: number;
}

/** A stepped block. Contracts have no addresses here: where one is asked for, it is this. */
export interface SteppedBlock {
  readonly receipts: readonly Receipt[];
  readonly writeSet: readonly WriteSetEntry[];
  readonly stats: StepperStatistics;
}

const NO_ADDRESS = new Uint8Array(32);
const ADDRESSES = { addressOf: () => NO_ADDRESS };
const traps = learnTraps();

interface VirtualWorker {
  readonly kernel: Kernel;
  readonly instances: Instances;
  /** The method to call next, if the kernel has given one out. */
  entry: number | undefined;
  /** The trap that ended the call, if the kernel has not been told yet: others may step in between. */
  trap: number | undefined;
  isDone: boolean;
  /** It found nothing to do and sleeps while the wake word is this. */
  ticket: number | undefined;
  /** It is in the middle of a step: at a probe, while others step. */
  isInside: boolean;
}

/** How a probed kernel is interrupted. */
export interface Interruptions {
  /** The kernel with probes (kernel-parts.ts). */
  readonly kernel: WebAssembly.Module;
  /** Probability that others step at an atomic access. */
  readonly probability: number;
}

/** Workers that can be in the middle of a step at once, less one. */
const MAX_NESTING = 3;

/** Room for thousands of blocks, each on keys of its own. */
const LIMITS = { memoryMiB: 512, locations: 1 << 20, transactions: 8192, gas: 100_000_000 };
const INDEX_GROWTHS = 8;
const PARALLELISM = 3;

/**
 * The shipped kernel, driven by one thread: each virtual worker is an instance of its own over one memory, and the generator decides
 * who takes the next step. So a schedule is repeated exactly by its seed, and contention does not depend on the machine.
 */
export class Stepper {
  readonly #memory: WebAssembly.Memory;
  readonly #host: Kernel;
  readonly #workers: VirtualWorker[];
  readonly #methods: readonly string[];
  readonly #probability: number;
  #contracts = 0;
  /** What has been evicted, by contract and key. */
  readonly #base = new Map<string, Uint8Array>();
  /** Values that were read from there. */
  baseReads = 0;
  #random = new Random(1);
  #nesting = 0;
  #gasSpent = 0;
  /** Receipts of the block as they were when their calls had committed, and others went on. */
  #handedOut: Receipt[] = [];

  private constructor(
    memory: WebAssembly.Memory,
    host: Kernel,
    workers: VirtualWorker[],
    methods: readonly string[],
    probability: number,
  ) {
    this.#memory = memory;
    this.#host = host;
    this.#workers = workers;
    this.#methods = methods;
    this.#probability = probability;
  }

  /**
   * `workers` virtual workers, each with an instance of one contract: its Wasm, or its name in assembly/contracts. With `interruptions` a step can
   * also be interrupted in its middle, by steps of workers that are not in one.
   */
  static async create(contract: string | Uint8Array, workers: number, interruptions?: Interruptions): Promise<Stepper> {
    const kernelModule = interruptions?.kernel ?? (await compileKernel());
    const contractModule = await compileCode(typeof contract === 'string' ? await contractWasm(contract) : contract);
    await loadDigests(contractModule);
    await loadVerification(contractModule);
    const memory = reserveMemory(LIMITS);
    const host = instantiate(kernelModule, memory, () => {});
    // As on a machine that has fewer cores than the runtime has workers, where there are many.
    const shape = { limits: LIMITS, workers, parallelism: Math.min(workers, PARALLELISM) };
    formatMemory(host.exports, memory, shape, Object.values(KERNEL_GAS), (bytes) => bytes.fill(0x5a));
    attachKernel(host, workers, false);
    for (let i = 0; i < INDEX_GROWTHS; i++) host.exports.beginIndex(1);
    const methods = methodsOf(contractModule);
    let stepper: Stepper | undefined;
    const virtual = Array.from({ length: workers }, (_, index): VirtualWorker => {
      const kernel = instantiate(
        kernelModule,
        memory,
        () => stepper?.interrupt(),
        (...place) => (stepper as Stepper).#readBase(...place),
      );
      attachKernel(kernel, index, true);
      const instances = new Instances(kernel);
      instances.install({ module: contractModule, methods, firstEntry: 0 });
      return {
        kernel,
        instances,
        entry: undefined,
        trap: undefined,
        ticket: undefined,
        isDone: true,
        isInside: false,
      };
    });
    stepper = new Stepper(memory, host, virtual, methods, interruptions?.probability ?? 0);
    return stepper;
  }

  /**
   * Run a block in the order of steps that `random` draws, on a contract without state unless one is named. Throws where
   * it has not ended after `maxSteps`.
   */
  async run(
    transactions: readonly Transaction[],
    random: Random,
    maxSteps: number,
    contract: number = this.#contracts++,
    policy: Policy = resolvePolicy({}),
    yields = false,
  ): Promise<SteppedBlock> {
    const { exports } = this.#host;
    const methods = { find: (method: string) => ({ entry: this.#methods.indexOf(method), contract }) };
    const encoder = new CallEncoder(exports, LIMITS.gas);
    const calls = new EncodedCalls(transactions.length, encoder.recordBytes);
    encoder.encode(transactions, 0, transactions.length, calls, { methodsOf: () => methods });
    await calls.place(exports, this.#memory, exports.prepareBlock(calls.size) >>> 0);
    const { bits, grain } = policyWords(policy, exports);
    // As under `auto`: where speculation fails, the first worker goes on alone.
    const { BLOCK_STM, POLICY_YIELD } = exports;
    exports.beginBlock(
      transactions.length,
      BLOCK_STM.value,
      this.#workers.length,
      bits | (yields ? POLICY_YIELD.value : 0),
      grain,
    );
    this.#gasSpent = 0;
    this.#handedOut = [];
    this.#random = random;
    let steps = this.#execute(this.#workers, maxSteps);
    const sequentialFrom = exports.continueBlock();
    if (sequentialFrom > 0) steps += this.#execute(this.#workers.slice(0, 1), maxSteps);
    const result = await this.#copyOut(transactions.length);
    const isTakenBack = this.#handedOut.some((receipt, index) => !isDeepStrictEqual(receipt, result.receipts[index]));
    if (isTakenBack) throw new Error('a receipt was handed out and changed afterwards');
    return {
      ...result,
      stats: {
        steps,
        sequentialFrom,
        ...this.#statistics(),
        mostIncarnations: this.#mostIncarnations(transactions.length),
      },
    };
  }

  /** Have these workers go through what is set up. Returns the steps taken. */
  #execute(workers: readonly VirtualWorker[], maxSteps: number): number {
    for (const worker of workers) {
      worker.kernel.exports.enter();
      worker.entry = undefined;
      worker.trap = undefined;
      worker.ticket = undefined;
      worker.isDone = false;
    }
    let steps = 0;
    while (this.#stepSomebody()) {
      this.#handOut();
      if (++steps > maxSteps) throw new Error(`the block has not ended after ${maxSteps} steps`);
    }
    if (workers.some(({ isDone }) => !isDone)) throw new Error('everybody sleeps, and the block has not ended');
    const fault = new DataView(this.#memory.buffer).getUint32(this.#host.exports.AT_FAULT.value, true);
    if (fault !== 0) throw new Error(`the block was faulted with ${fault}`);
    for (const step of ['arrive', 'commit', 'depart'] as const) {
      for (const { kernel } of workers) kernel.exports[step]();
    }
    return steps;
  }

  /** Take the receipts of the calls that have committed, as one who follows the block would. */
  #handOut(): void {
    const { exports } = this.#host;
    const { buffer } = this.#memory;
    const words = new Uint32Array(buffer);
    const frontier = words[exports.AT_FRONTIER.value >>> 2] as number;
    const transactions = new DataView(buffer, exports.transactionsBase.value >>> 0);
    const block = { layout: resultLayout(exports), transactions, reports: new LiveReports(this.#memory) };
    const decoder = new ReceiptDecoder(block, ADDRESSES);
    for (let index = this.#handedOut.length; index < frontier; index++) this.#handedOut.push(decoder.decode(index));
    words[exports.AT_AWAITED.value >>> 2] = frontier + 1;
  }

  /** Have everything leave memory: `written`, what blocks since the last time have written on `contract`, is in the base from now on. */
  evict(contract: number, written: readonly WriteSetEntry[]): void {
    const { exports } = this.#host;
    for (const { key, value } of written) {
      const name = `${contract} ${Buffer.from(key).toString('hex')}`;
      if (value === undefined) this.#base.delete(name);
      else this.#base.set(name, value);
    }
    exports.prepareBlock(0);
    while (exports.evictLocations(0, LIMITS.locations) !== 0);
    exports.endEviction();
    for (let i = 0; i < INDEX_GROWTHS; i++) exports.beginIndex(1);
    new DataView(this.#memory.buffer).setUint32(exports.AT_BASE.value, 1, true);
  }

  #readBase(contract: number, key: number, length: number, to: number): number {
    const bytes = new Uint8Array(this.#memory.buffer);
    // Another worker may look the same key up meanwhile.
    this.interrupt();
    const value = this.#base.get(`${contract} ${Buffer.from(bytes.slice(key, key + length)).toString('hex')}`);
    if (value === undefined) return -1;
    this.baseReads++;
    // What is past the value is whatever was there.
    bytes.fill(0xa5, to, to + value.length + 8);
    bytes.set(value, to);
    return value.length;
  }

  /** As if so many blocks had been executed: the next one gets the epoch after this. */
  setEpoch(epoch: number): void {
    new DataView(this.#memory.buffer).setUint32(this.#host.exports.AT_EPOCH.value, epoch, true);
  }

  /** At a probe: perhaps let others step. */
  interrupt(): void {
    if (this.#nesting === MAX_NESTING || !this.#random.chance(this.#probability)) return;
    this.#nesting++;
    const bursts = 1 + this.#random.below(4);
    for (let i = 0; i < bursts; i++) this.#stepSomebody();
    this.#nesting--;
  }

  /** A step, or a burst of them as when the others are not scheduled, of a worker that can. False if none can. */
  #stepSomebody(): boolean {
    const wakeWord = this.#wakeWord();
    const able = this.#workers.filter(
      ({ isDone, isInside, ticket }) => !isDone && !isInside && (ticket === undefined || ticket !== wakeWord),
    );
    const worker = able[this.#random.below(able.length)];
    if (worker === undefined) return false;
    const burst = this.#random.chance(0.1) ? 1 + this.#random.below(30) : 1;
    worker.isInside = true;
    for (let i = 0; i < burst && !worker.isDone && worker.ticket !== this.#wakeWord(); i++) this.#step(worker);
    worker.isInside = false;
    return true;
  }

  #wakeWord(): number {
    return new DataView(this.#memory.buffer).getInt32(this.#host.exports.AT_WAKE.value, true);
  }

  #step(worker: VirtualWorker): void {
    const { next, unwound, park, unpark, DONE, IDLE } = worker.kernel.exports;
    if (worker.trap !== undefined) {
      unwound(worker.trap);
      worker.trap = undefined;
      return;
    }
    if (worker.entry === undefined) {
      // As the driver does: whoever finds nothing to do counts himself, looks once more, and sleeps until there is work.
      const slept = worker.ticket !== undefined;
      let entry = next();
      if (slept) unpark();
      worker.ticket = undefined;
      if (entry === IDLE.value && this.#random.chance(0.5)) {
        const ticket = park();
        entry = next();
        if (entry === IDLE.value) worker.ticket = ticket;
        else unpark();
      }
      worker.isDone = entry === DONE.value;
      if (entry >= 0) worker.entry = entry;
      return;
    }
    try {
      (worker.instances.methods[worker.entry] as () => void)();
    } catch (error) {
      worker.trap = trapNumber(traps, error);
      if (worker.trap === undefined) throw error;
      if (worker.kernel.exports.gas.value < 0n) this.#gasSpent++;
    }
    if (worker.instances.grown.length > 0) worker.instances.renew();
    worker.entry = undefined;
  }

  async #copyOut(count: number): Promise<Omit<SteppedBlock, 'stats'>> {
    const kernel = this.#host;
    const { WORKER_REPORTS, WORKER_WRITES } = kernel.exports;
    const log = (at: number) => LogSnapshot.copy(kernel.exports, this.#memory, this.#workers.length, at);
    const transactions = await copyTransactions(kernel.exports, this.#memory, count);
    const layout = resultLayout(kernel.exports);
    return {
      receipts: [...new LazyReceipts({ layout, transactions, reports: await log(WORKER_REPORTS.value) }, ADDRESSES)],
      writeSet: decodeWriteSet({ layout, writes: await log(WORKER_WRITES.value) }, ADDRESSES),
    };
  }

  /** From the status words (assembly/kernel/status.ts). */
  #mostIncarnations(count: number): number {
    const { transactionsBase, TRANSACTION_SHIFT } = this.#host.exports;
    const view = new DataView(this.#memory.buffer, transactionsBase.value >>> 0);
    const incarnations = Array.from(
      { length: count },
      (_, index) => 1 + ((view.getUint32(index << TRANSACTION_SHIFT.value, true) >>> 4) & 63),
    );
    return Math.max(0, ...incarnations);
  }

  #statistics(): Omit<StepperStatistics, 'steps' | 'sequentialFrom' | 'mostIncarnations'> {
    const view = new DataView(this.#memory.buffer);
    const { workerLine, WORKER_STATS } = this.#host.exports;
    const sum = (position: number): number =>
      this.#workers.reduce(
        (total, _, index) =>
          total + view.getUint32((workerLine(index) >>> 0) + WORKER_STATS.value + 4 * position, true),
        0,
      );
    return {
      executions: sum(0),
      aborts: sum(1),
      validations: sum(2),
      dependencyWaits: sum(3),
      gasSpent: this.#gasSpent,
    };
  }
}

function instantiate(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  probe: () => void,
  base: ReadBase = () => -1,
): Kernel {
  const instance = new WebAssembly.Instance(module, { env: { memory, probe, base, ...hashImports(memory) } });
  const exports = instance.exports as unknown as KernelExports;
  return { exports, contractImports: (grown) => contractImports(instance.exports, grown) };
}
