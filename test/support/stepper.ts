import { isDeepStrictEqual } from 'node:util';
import { CallEncoder, EncodedCalls, type Target, type Targets } from '../../dist/host/engine/calls.js';
import { ContractTable } from '../../dist/host/engine/contract-table.js';
import { Directory } from '../../dist/host/engine/directory.js';
import { hashImports, loadDigests, loadVerification } from '../../dist/host/engine/hashes.js';
import { Instances } from '../../dist/host/engine/instances.js';
import {
  attachKernel,
  compileKernel,
  type Kernel,
  kernelOf,
  NestedCalls,
  type ReadBase,
} from '../../dist/host/engine/kernel.js';
import { formatMemory, reserveMemory } from '../../dist/host/engine/memory.js';
import { policyWords } from '../../dist/host/engine/policy.js';
import type { Code } from '../../dist/host/engine/protocol.js';
import { resultLayout } from '../../dist/host/engine/result-layout.js';
import { copyTransactions, LiveReports, LogSnapshot } from '../../dist/host/engine/snapshot.js';
import { Tape } from '../../dist/host/engine/tape.js';
import { learnTraps, trapNumber, UNKNOWN_CONTRACT, UNKNOWN_METHOD } from '../../dist/host/engine/traps.js';
import type { Policy, Receipt, Transaction, WriteSetEntry } from '../../dist/host/index.js';
import { compileCode, methodsOf } from '../../dist/host/runtime/contract-code.js';
import { resolvePolicy } from '../../dist/host/runtime/policy.js';
import { LazyReceipts, ReceiptDecoder } from '../../dist/host/runtime/receipts.js';
import { decodeWriteSet } from '../../dist/host/runtime/write-set.js';
import { codeHash } from '../../dist/host/wasm/code-hash.js';
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

/** A contract of the next block. */
export interface SteppedContract {
  readonly address: Uint8Array;
  /** The number of its code among those that the stepper was made with. */
  readonly code: number;
}

/** A stepped block. The contracts of blocks that name none have no addresses: where one is asked for, it is this. */
export interface SteppedBlock {
  readonly receipts: readonly Receipt[];
  readonly writeSet: readonly WriteSetEntry[];
  readonly stats: StepperStatistics;
  /** Undefined where none was asked for. */
  readonly tape: Tape | undefined;
}

const NO_ADDRESS = new Uint8Array(32);
const traps = learnTraps();
/** Every reading of the clock is a moment of its own. */
let ticks = 0;

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
  readonly #codes: readonly Code[];
  readonly #table: ContractTable;
  readonly #directory: Directory;
  /** By index. */
  readonly #addresses: Uint8Array[] = [];
  /** Of the blocks that run contracts, by the digits of the address. */
  #deployed = new Map<string, { readonly index: number; readonly code: Code }>();
  readonly #probability: number;
  /** What has been evicted, by contract and key. */
  readonly #base = new Map<string, Uint8Array>();
  /** Values that were read from there. */
  baseReads = 0;
  #random = new Random(1);
  #nesting = 0;
  #gasSpent = 0;
  /** Whether the workers keep a tape; and who is told of each incarnation of a call that has ended, and the gas that it used. */
  isTaped = false;
  onExecution: ((index: number, gasUsed: bigint) => void) | undefined;
  /** Receipts of the block as they were when their calls had committed, and others went on. */
  #handedOut: Receipt[] = [];

  private constructor(
    memory: WebAssembly.Memory,
    host: Kernel,
    workers: VirtualWorker[],
    codes: readonly Code[],
    probability: number,
  ) {
    this.#memory = memory;
    this.#host = host;
    this.#workers = workers;
    this.#codes = codes;
    this.#probability = probability;
    this.#table = new ContractTable(host.exports, memory);
    this.#directory = new Directory(host.exports, memory);
    for (const code of codes) this.#directory.addCode(code);
  }

  /** The address of a contract, for what decodes receipts. */
  addressOf(index: number): Uint8Array {
    return this.#addresses[index] ?? NO_ADDRESS;
  }

  /** Have the blocks from here on call these contracts, which have no state, and be able to call one another; no others. */
  deploy(contracts: readonly SteppedContract[]): void {
    const deployed = contracts.map(({ address, code }) => ({
      address,
      index: this.#add(address),
      code: this.#codes[code] as Code,
    }));
    this.#deployed = new Map(deployed.map((contract) => [Buffer.from(contract.address).toString('hex'), contract]));
    const from = () => deployed.map(({ index, code }) => ({ index, code: code.firstEntry }));
    this.#directory.show({ origin: {}, count: deployed.length, from });
  }

  /** A contract of the first code without state, for `run`. */
  add(): number {
    return this.#add(NO_ADDRESS);
  }

  #add(address: Uint8Array): number {
    this.#addresses.push(address);
    return this.#table.add(address);
  }

  /**
   * `workers` virtual workers, each with an instance of some code: its Wasm, or its name in assembly/contracts. With `interruptions` a step can
   * also be interrupted in its middle, by steps of workers that are not in one.
   */
  static async create(
    given: string | Uint8Array | readonly Uint8Array[],
    workers: number,
    interruptions?: Interruptions,
  ): Promise<Stepper> {
    const kernelModule = interruptions?.kernel ?? (await compileKernel());
    const codes = await installable(
      typeof given === 'string' ? [await contractWasm(given)] : Array.isArray(given) ? given : [given],
    );
    for (const { module } of codes) {
      await loadDigests(module);
      await loadVerification(module);
    }
    const memory = reserveMemory(LIMITS);
    const host = instantiate(kernelModule, memory, () => {});
    // As on a machine that has fewer cores than the runtime has workers, where there are many.
    const shape = { limits: LIMITS, workers, parallelism: Math.min(workers, PARALLELISM) };
    formatMemory(host.exports, memory, shape, Object.values(KERNEL_GAS), (bytes) => bytes.fill(0x5a));
    attachKernel(host, workers, false);
    for (let i = 0; i < INDEX_GROWTHS; i++) host.exports.beginIndex(1);
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
      for (const code of codes) instances.install(code);
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
    stepper = new Stepper(memory, host, virtual, codes, interruptions?.probability ?? 0);
    return stepper;
  }

  /**
   * Run a block in the order of steps that `random` draws: on a contract of the first code without state unless one is named, or on those deployed. Throws where
   * it has not ended after `maxSteps`.
   */
  async run(
    transactions: readonly Transaction[],
    random: Random,
    maxSteps: number,
    contract?: number,
    policy: Policy = resolvePolicy({}),
    yields = false,
  ): Promise<SteppedBlock> {
    const { exports } = this.#host;
    const methodsOf = this.#targets(contract);
    const encoder = new CallEncoder(exports, LIMITS.gas);
    const calls = new EncodedCalls(transactions.length, encoder.recordBytes);
    encoder.encode(transactions, 0, transactions.length, calls, { methodsOf });
    await calls.place(exports, this.#memory, exports.prepareBlock(calls.size) >>> 0);
    const { bits, grain } = policyWords(policy, exports);
    // As under `auto`: where speculation fails, the first worker goes on alone.
    const { BLOCK_STM, POLICY_YIELD, POLICY_TAPE } = exports;
    exports.beginBlock(
      transactions.length,
      BLOCK_STM.value,
      this.#workers.length,
      bits | (yields ? POLICY_YIELD.value : 0) | (this.isTaped ? POLICY_TAPE.value : 0),
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
      tape: this.isTaped ? await Tape.copy(exports, this.#memory, this.#workers.length) : undefined,
      stats: {
        steps,
        sequentialFrom,
        ...this.#statistics(),
        mostIncarnations: this.#mostIncarnations(transactions.length),
      },
    };
  }

  /** Where calls go. */
  #targets(contract: number | undefined): Targets['methodsOf'] {
    if (this.#deployed.size > 0) {
      return (address) => {
        const known = this.#deployed.get(Buffer.from(address).toString('hex'));
        return {
          find: (method) => (known === undefined ? unknownContract : targetOf(known.code, known.index, method)),
        };
      };
    }
    const index = contract ?? this.#add(NO_ADDRESS);
    return () => ({ find: (method) => targetOf(this.#codes[0] as Code, index, method) });
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
    const decoder = new ReceiptDecoder(block, this, undefined);
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
    this.#table.outlive(() => exports.endEviction());
    this.#directory.placeAgain();
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
    const { runningCall, gas } = worker.kernel.exports;
    this.onExecution?.(runningCall(), BigInt(LIMITS.gas) - (gas.value < 0n ? 0n : gas.value));
    if (worker.instances.isRenewalDue) worker.instances.renew();
    worker.entry = undefined;
  }

  async #copyOut(count: number): Promise<Omit<SteppedBlock, 'stats' | 'tape'>> {
    const kernel = this.#host;
    const { WORKER_REPORTS, WORKER_WRITES } = kernel.exports;
    const log = (at: number) => LogSnapshot.copy(kernel.exports, this.#memory, this.#workers.length, at);
    const transactions = await copyTransactions(kernel.exports, this.#memory, count);
    const layout = resultLayout(kernel.exports);
    return {
      receipts: [
        ...new LazyReceipts({ layout, transactions, reports: await log(WORKER_REPORTS.value) }, this, undefined),
      ],
      writeSet: decodeWriteSet({ layout, writes: await log(WORKER_WRITES.value) }, this),
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
  const calls = new NestedCalls();
  const env = { memory, probe, base, clock: () => ++ticks, call: calls.run, ...hashImports(memory) };
  return kernelOf(new WebAssembly.Instance(module, { env }), calls);
}

async function installable(wasms: readonly Uint8Array[]): Promise<Code[]> {
  const codes: Code[] = [];
  let firstEntry = 0;
  for (const wasm of wasms) {
    const module = await compileCode(wasm, codeHash(wasm));
    const methods = methodsOf(module);
    codes.push({ module, methods, firstEntry });
    firstEntry += methods.length;
  }
  return codes;
}

const unknownContract: Target = { entry: -1, contract: UNKNOWN_CONTRACT };

function targetOf({ methods, firstEntry }: Code, contract: number, method: string): Target {
  const position = methods.indexOf(method);
  return position < 0 ? { entry: -1, contract: UNKNOWN_METHOD } : { entry: firstEntry + position, contract };
}
