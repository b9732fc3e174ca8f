import { randomFillSync } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { CapacityError, InvariantError } from '../runtime/errors.js';
import type {
  BlockContext,
  BlockStatistics,
  Decision,
  ExecutorName,
  Limits,
  Policy,
  Transaction,
} from '../runtime/types.js';
import { CallEncoder, EncodedCalls, type Targets } from './calls.js';
import { IndexKeeper } from './index-keeper.js';
import { attachKernel, compileKernel, instantiateKernel, type Kernel } from './kernel.js';
import { formatMemory, reserveMemory } from './memory.js';
import { type PolicyWords, policyWords } from './policy.js';
import { WorkerPool } from './pool.js';
import { Progress } from './progress.js';
import type { Code } from './protocol.js';
import { type Mode, Router } from './router.js';
import { copyTransactions, LiveReports, LogSnapshot } from './snapshot.js';
import { readCounters, readMemoryUse } from './statistics.js';
import { compileWarmUp } from './warm-up.js';

/** `view`: one call, sequentially, whose writes are dropped. */
export type BlockMode = ExecutorName | 'view';

export interface EngineOptions {
  readonly limits: Limits;
  readonly workers: number;
  readonly policy: Policy;
}

/** A block that was executed and committed, as it was left in shared memory, copied. */
export interface ExecutedBlock extends Omit<BlockStatistics, 'executor'> {
  readonly kernel: Kernel;
  readonly transactions: DataView;
  readonly reports: LogSnapshot;
  readonly writes: LogSnapshot;
}

/** A block that is being executed: its reports in shared memory, of which those of the first `progress.committed` calls are final. */
export interface RunningBlock {
  readonly kernel: Kernel;
  readonly transactions: DataView;
  readonly reports: LiveReports;
  readonly progress: Progress;
}

const ADDRESS_BYTES = 32;
/** After so many calls the event loop gets a turn: some milliseconds of encoding. */
const CALLS_PER_TURN = 16_384;

/** The shared memory, the host's kernel instance and the workers of one runtime. Its methods must not overlap, but for `encode` of calls that are kept. */
export class Engine {
  readonly #kernel: Kernel;
  readonly #memory: WebAssembly.Memory;
  readonly #pool: WorkerPool;
  readonly #limits: Limits;
  readonly #workers: number;
  readonly #policy: PolicyWords;
  readonly #router: Router;
  #contracts = 0;
  #contractCapacity = 0;
  #sweepDue = false;
  readonly #index: IndexKeeper;
  readonly #encoder: CallEncoder;
  /** Of the blocks that are executed as they come; its memory is used again. */
  readonly #calls: EncodedCalls;
  readonly #progress: Progress;

  private constructor(
    kernel: Kernel,
    memory: WebAssembly.Memory,
    pool: WorkerPool,
    { limits, workers, policy }: EngineOptions,
    targets: Targets,
  ) {
    this.#kernel = kernel;
    this.#memory = memory;
    this.#pool = pool;
    this.#limits = limits;
    this.#workers = workers;
    this.#policy = policyWords(policy, kernel.exports);
    this.#router = new Router(workers);
    this.#index = new IndexKeeper(kernel.exports);
    this.#encoder = new CallEncoder(kernel.exports, limits.gas, targets);
    this.#calls = new EncodedCalls(0, this.#encoder.recordBytes);
    this.#progress = new Progress(kernel.exports, memory);
  }

  /** Reserve memory and start the workers. `gasSchedule`: what the kernel charges, in its order. @throws MisuseError, WorkerError */
  static async create(options: EngineOptions, gasSchedule: readonly number[], targets: Targets): Promise<Engine> {
    const { limits, workers } = options;
    const module = await compileKernel();
    const memory = reserveMemory(limits);
    const kernel = instantiateKernel(module, memory);
    const shape = { limits, workers, parallelism: availableParallelism() };
    formatMemory(kernel.exports, memory, shape, gasSchedule, (bytes) =>
      bytes.set(randomFillSync(new Uint8Array(bytes.length))),
    );
    attachKernel(kernel, workers, false);
    const pool = new WorkerPool(module, memory, kernel.exports, workers, await compileWarmUp());
    try {
      await pool.start();
    } catch (error) {
      await pool.close();
      throw error;
    }
    return new Engine(kernel, memory, pool, options, targets);
  }

  /** Install a contract's code in every worker. */
  async install(code: Code): Promise<void> {
    await this.#pool.install(code);
  }

  /** Add a contract's address to the table that `self` reads from. Returns its index. */
  addContract(address: Uint8Array): number {
    const { exports } = this.#kernel;
    const view = new DataView(this.#memory.buffer);
    const bytes = new Uint8Array(this.#memory.buffer);
    if (this.#contracts === this.#contractCapacity) {
      const capacity = Math.max(2048, this.#contractCapacity * 2);
      const table = this.#takePersistent(capacity * ADDRESS_BYTES);
      const old = view.getUint32(exports.AT_ADDRESSES.value, true);
      bytes.copyWithin(table, old, old + this.#contracts * ADDRESS_BYTES);
      view.setUint32(exports.AT_ADDRESSES.value, table, true);
      this.#contractCapacity = capacity;
    }
    bytes.set(address, view.getUint32(exports.AT_ADDRESSES.value, true) + this.#contracts * ADDRESS_BYTES);
    return this.#contracts++;
  }

  #takePersistent(bytes: number): number {
    try {
      return this.#kernel.exports.takePersistentChunks(bytes) >>> 0;
    } catch (cause) {
      throw this.#memoryExhausted({ cause });
    }
  }

  #memoryExhausted(options?: { cause: unknown }): CapacityError {
    const message = `limits.memoryMiB: the ${this.#limits.memoryMiB} MiB of shared memory are full`;
    return new CapacityError('limits.memoryMiB', message, options);
  }

  /** Encode calls: into memory of their own if they are `kept`, else into what the next `encode` uses again. @throws CapacityError, MisuseError */
  async encode(transactions: readonly Transaction[], kept: boolean): Promise<EncodedCalls> {
    const count = transactions.length;
    if (count > this.#limits.transactions) {
      throw new CapacityError(
        'limits.transactions',
        `limits.transactions: the block has ${count} calls, the limit is ${this.#limits.transactions}`,
      );
    }
    const calls = kept ? new EncodedCalls(count, this.#encoder.recordBytes) : this.#calls;
    calls.reset(count, this.#encoder.recordBytes);
    for (let from = 0; from < count; from += CALLS_PER_TURN) {
      if (from > 0) await setImmediate();
      this.#encoder.encode(transactions, from, Math.min(from + CALLS_PER_TURN, count), calls);
    }
    return calls;
  }

  /**
   * Execute a block and commit it. `begun` is told when the first of its calls may be running; what it is given is valid until the
   * promise settles. On an error nothing has changed.
   * @throws CapacityError, WorkerError, InvariantError
   */
  async run(
    encoded: EncodedCalls,
    context: BlockContext,
    mode: BlockMode,
    begun: (running: RunningBlock) => void = () => {},
  ): Promise<ExecutedBlock> {
    const { exports } = this.#kernel;
    await this.#pool.start();
    if (this.#sweepDue) await this.#sweep();
    await this.#writeBlock(encoded, context);
    const calls = encoded.count;
    const started = performance.now();
    let decision = this.#decide(mode, calls);
    const tried = decision.mode;
    let end = await this.#attempt(calls, mode, decision, () => begun(this.#running(calls)));
    while (end === 'index' || end === 'speculation') {
      if (end === 'index') await this.#index.grow();
      else {
        await this.#sweep();
        decision = { mode: 'sequential', reason: 'limit' };
      }
      end = await this.#attempt(calls, mode, decision);
    }
    const wallMs = performance.now() - started;
    this.#sweepDue =
      this.#load(exports.AT_LOCATIONS_USED.value) > this.#limits.locations - (this.#limits.locations >>> 3);
    const participants = this.#participants(decision, calls);
    const executed = await this.#copyOut(calls, participants);
    // What was tried is what took so long, also where it had to be done again otherwise.
    if (mode === 'auto') this.#router.record({ mode: tried, calls, gas: executed.gasUsed, ms: wallMs });
    const outcome = end > 0 ? { ...decision, sequentialFrom: end } : decision;
    return { ...executed, decision: outcome, workers: participants, wallMs };
  }

  #participants({ mode }: Decision, calls: number): number {
    return mode === 'block-stm' ? Math.max(1, Math.min(this.#workers, calls)) : 1;
  }

  #decide(mode: BlockMode, calls: number): Decision {
    if (mode === 'auto') return this.#router.choose(calls);
    return { mode: mode === 'block-stm' ? mode : 'sequential', reason: 'option' };
  }

  /**
   * Where the block went on sequentially, 0 if it did not. Or, if the block was taken back, what keeps it from being executed so: the kernel's
   * index of locations must grow; or a limit was met that perhaps only an incarnation met which read what never was.
   */
  async #attempt(
    count: number,
    mode: BlockMode,
    decision: Decision,
    begun: () => void = () => {},
  ): Promise<number | 'index' | 'speculation'> {
    const participants = this.#participants(decision, count);
    const { exports } = this.#kernel;
    const { bits, grain } = this.#policy;
    const yields = mode === 'auto' ? exports.POLICY_YIELD.value : 0;
    const number = mode === 'view' ? exports.VIEW.value : this.#modeNumber(decision.mode);
    exports.beginBlock(count, number, participants, bits | yields, grain);
    begun();
    let sequentialFrom = 0;
    try {
      await this.#pool.run(participants);
      if (this.#load(exports.AT_FAULT.value) === 0) sequentialFrom = exports.continueBlock();
      if (sequentialFrom > 0) await this.#pool.run(1);
    } catch (error) {
      await this.#pool.stop();
      exports.rollback();
      await this.#index.dropOrphans();
      throw error;
    }
    const fault = this.#load(exports.AT_FAULT.value);
    if (fault === 0) return sequentialFrom;
    exports.rollback();
    if (fault === exports.FAULT_INDEX.value) return 'index';
    if (decision.mode === 'block-stm' && fault !== exports.FAULT_INVARIANT.value) return 'speculation';
    throw await this.#faultError(fault);
  }

  #running(count: number): RunningBlock {
    const { exports } = this.#kernel;
    const { buffer } = this.#memory;
    const size = count << exports.TRANSACTION_SHIFT.value;
    return {
      kernel: this.#kernel,
      transactions: new DataView(buffer, exports.transactionsBase.value >>> 0, size),
      reports: new LiveReports(this.#memory),
      progress: this.#progress,
    };
  }

  async #writeBlock(calls: EncodedCalls, context: BlockContext): Promise<void> {
    const { exports } = this.#kernel;
    const address = calls.size < 2 ** 32 ? exports.prepareBlock(calls.size) >>> 0 : 0;
    if (address === 0) throw this.#memoryExhausted();
    const view = new DataView(this.#memory.buffer);
    view.setBigUint64(exports.AT_HEIGHT.value, context.height, true);
    view.setBigUint64(exports.AT_TIMESTAMP.value, context.timestamp, true);
    view.setBigUint64(exports.AT_CHAIN_ID.value, context.chainId, true);
    new Uint8Array(this.#memory.buffer).set(context.seed, exports.AT_SEED.value);
    await calls.place(exports, this.#memory, address);
  }

  #modeNumber(mode: Mode): number {
    const { SEQUENTIAL, BLOCK_STM } = this.#kernel.exports;
    return mode === 'sequential' ? SEQUENTIAL.value : BLOCK_STM.value;
  }

  /** Why the block was faulted. */
  async #faultError(fault: number): Promise<Error> {
    const { FAULT_LOCATIONS, FAULT_MEMORY, FAULT_CONTRACT_MEMORY } = this.#kernel.exports;
    this.#sweepDue = true;
    if (fault === FAULT_MEMORY.value) return this.#memoryExhausted();
    if (fault === FAULT_LOCATIONS.value) {
      const message = `limits.locations: the block looks up more than the ${this.#limits.locations} locations there is room for`;
      return new CapacityError('limits.locations', message);
    }
    if (fault === FAULT_CONTRACT_MEMORY.value) {
      const message = "the machine refused a contract memory within the contract's limit: it has too little left";
      return new CapacityError('memory', message);
    }
    return new InvariantError(`a worker met what cannot be: ${await this.#pool.failures()}`);
  }

  async #sweep(): Promise<void> {
    await this.#index.sweep(this.#load(this.#kernel.exports.AT_LOCATIONS_USED.value));
    this.#sweepDue = false;
  }

  async #copyOut(count: number, participants: number): Promise<Omit<ExecutedBlock, 'decision' | 'workers' | 'wallMs'>> {
    const { exports } = this.#kernel;
    const { WORKER_REPORTS, WORKER_WRITES } = exports;
    return {
      kernel: this.#kernel,
      transactions: await copyTransactions(exports, this.#memory, count),
      reports: await LogSnapshot.copy(exports, this.#memory, participants, WORKER_REPORTS.value),
      writes: await LogSnapshot.copy(exports, this.#memory, participants, WORKER_WRITES.value),
      ...readCounters(exports, this.#memory, participants),
      ...readMemoryUse(exports, this.#memory, count),
    };
  }

  #load(address: number): number {
    return Atomics.load(new Uint32Array(this.#memory.buffer), address >>> 2);
  }

  /** SHA-256 over the committed state, see state.ts. */
  async stateHash(): Promise<string> {
    return this.#pool.ask((control) => control.stateHash());
  }

  /** End the workers. A block that runs rejects with a WorkerError. */
  async close(): Promise<void> {
    await this.#pool.close();
  }
}
