import { randomFillSync } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { AbortError, CapacityError, WorkerError } from '../runtime/errors.js';
import type {
  BlockContext,
  BlockStatistics,
  Decision,
  ExecutorName,
  Limits,
  Policy,
  Transaction,
} from '../runtime/types.js';
import type { StoreReaderSource } from '../store/store.js';
import { Base } from './base.js';
import { CallEncoder, copyInTurns, EncodedCalls, type Targets } from './calls.js';
import { type Change, encodePatch, type PatchedValue, readChanges } from './changes.js';
import { ContractTable } from './contract-table.js';
import { faultError, memoryExhausted } from './faults.js';
import { HOST_GAS, HostCaller } from './host-caller.js';
import { IndexKeeper } from './index-keeper.js';
import { attachKernel, compileKernel, instantiateKernel, type Kernel } from './kernel.js';
import { formatMemory, reserveMemory } from './memory.js';
import { type PolicyWords, policyWords } from './policy.js';
import { WorkerPool } from './pool.js';
import { Progress } from './progress.js';
import type { Code } from './protocol.js';
import type { CallTarget, RecordedCalls } from './recorded-calls.js';
import { type ResultLayout, resultLayout } from './result-layout.js';
import { type Mode, Router } from './router.js';
import { copyTransactions, LiveReports, LogSnapshot, type Reports } from './snapshot.js';
import { readCounters, readMemoryUse } from './statistics.js';
import { compileWarmUp } from './warm-up.js';

/** `view`: one call, sequentially, whose writes are dropped. */
export type BlockMode = ExecutorName | 'view';

export interface EngineOptions {
  readonly limits: Limits;
  readonly workers: number;
  readonly policy: Policy;
  /** How often a block is executed again on fresh workers after one has died. */
  readonly retries: number;
  /** Where the state is that is not in memory. Undefined: all of it is in memory. */
  readonly backing?: StateBacking | undefined;
}

export interface StateBacking {
  readonly reader: StoreReaderSource;
  /** Resolves when the store has every block that was committed in memory; to false where memory holds what the store never will. */
  settled(): Promise<boolean>;
}

/** How one block is to be executed. */
export interface RunOptions {
  readonly mode: BlockMode;
  /** Told when the first of its calls may be running; what it is given is valid until the promise settles. */
  readonly begun?: (running: RunningBlock) => void;
  readonly signal?: AbortSignal | undefined;
}

/** What keeps an attempt at a block from being the last: the kernel's index must grow; or a limit was met. */
type Obstacle = 'index' | 'limit';

/** A block that was executed and committed, as it was left in shared memory, copied. */
export interface ExecutedBlock extends Omit<BlockStatistics, 'executor'> {
  readonly layout: ResultLayout;
  readonly transactions: DataView<SharedArrayBuffer>;
  readonly reports: LogSnapshot;
  readonly writes: LogSnapshot;
}

/** What a call left, where it was executed. */
export interface CallResults {
  readonly layout: ResultLayout;
  readonly transactions: DataView;
  readonly reports: Reports;
}

/** A block that is being executed: its reports in shared memory, of which those of the first `progress.committed` calls are final. */
export interface RunningBlock extends CallResults {
  readonly progress: Progress;
}

/** A call that runs on when its block is cancelled is given so long; then its worker is ended. */
const CANCEL_PATIENCE_MS = 8;
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
  readonly #retries: number;
  readonly #backing: StateBacking | undefined;
  readonly #contracts: ContractTable;
  readonly #host: HostCaller;
  readonly #hostBase: Base | undefined;
  /** Entries of methods that have been called on a worker, which has them compiled. */
  readonly #called = new Set<number>();
  #cleaningDue = false;
  /** How often the state has left memory. */
  evictions = 0;
  readonly #index: IndexKeeper;
  readonly #encoder: CallEncoder;
  /** Of the blocks that are executed as they come; its memory is used again. */
  readonly #calls: EncodedCalls;
  readonly #progress: Progress;
  readonly #layout: ResultLayout;

  private constructor(
    kernel: Kernel,
    memory: WebAssembly.Memory,
    pool: WorkerPool,
    { limits, workers, policy, retries, backing }: EngineOptions,
    hostBase: Base | undefined,
  ) {
    this.#kernel = kernel;
    this.#memory = memory;
    this.#pool = pool;
    this.#limits = limits;
    this.#workers = workers;
    this.#policy = policyWords(policy, kernel.exports);
    this.#retries = retries;
    this.#backing = backing;
    this.#hostBase = hostBase;
    this.#contracts = new ContractTable(kernel.exports, memory);
    this.#host = new HostCaller(kernel);
    this.#router = new Router(workers);
    this.#index = new IndexKeeper(kernel.exports);
    this.#encoder = new CallEncoder(kernel.exports, limits.gas);
    this.#calls = new EncodedCalls(0, this.#encoder.recordBytes);
    this.#progress = new Progress(kernel.exports, memory);
    this.#layout = resultLayout(kernel.exports);
  }

  /** Reserve memory and start the workers. `gasSchedule`: what the kernel charges, in its order. @throws MisuseError, WorkerError */
  static async create(options: EngineOptions, gasSchedule: readonly number[]): Promise<Engine> {
    const { limits, workers, backing } = options;
    const module = await compileKernel();
    const memory = reserveMemory(limits);
    const hostBase = backing === undefined ? undefined : await Base.open(memory, backing.reader);
    let pool: WorkerPool | undefined;
    try {
      const kernel = instantiateKernel(module, memory, hostBase?.read);
      hostBase?.attach(kernel.exports);
      // One more than there are workers: the host executes short views.
      const shape = { limits, workers: workers + 1, parallelism: availableParallelism() };
      formatMemory(kernel.exports, memory, shape, gasSchedule, (bytes) =>
        bytes.set(randomFillSync(new Uint8Array(bytes.length))),
      );
      new Uint32Array(memory.buffer)[kernel.exports.AT_BASE.value >>> 2] = backing === undefined ? 0 : 1;
      attachKernel(kernel, workers, true);
      pool = new WorkerPool(module, memory, kernel.exports, {
        size: workers,
        heapMiB: limits.heapMiB,
        warmUp: await compileWarmUp(),
        reader: backing?.reader,
      });
      await pool.start();
      return new Engine(kernel, memory, pool, options, hostBase);
    } catch (error) {
      await pool?.close();
      await hostBase?.close();
      throw error;
    }
  }

  /** Install a contract's code in every worker. */
  async install(code: Code): Promise<void> {
    await this.#pool.install(code);
    this.#host.install(code);
  }

  /** Add a contract's address to the table that `self` reads from. Returns its index. @throws CapacityError */
  addContract(address: Uint8Array): number {
    try {
      return this.#contracts.add(address);
    } catch (cause) {
      throw memoryExhausted(this.#limits, { cause });
    }
  }

  /** Encode calls: into memory of their own if they are `kept`, else into what the next `encode` uses again. @throws CapacityError, MisuseError */
  async encode(transactions: readonly Transaction[], targets: Targets, kept: boolean): Promise<EncodedCalls> {
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
      this.#encoder.encode(transactions, from, Math.min(from + CALLS_PER_TURN, count), calls, targets);
    }
    return calls;
  }

  /** Look again for what calls name and was not there when they were encoded. */
  resolve(calls: EncodedCalls, targets: Targets): void {
    this.#encoder.resolve(calls, targets);
  }

  /** A copy of calls that means the same elsewhere. */
  record(calls: EncodedCalls, targetOf: (contract: number, entry: number) => CallTarget): RecordedCalls {
    return this.#encoder.record(calls, targetOf);
  }

  /** What the last block changed, until the next one begins. */
  changes(): Change[] {
    return readChanges(this.#kernel.exports, this.#memory, this.#workers);
  }

  /**
   * Execute a block and commit it. On an error nothing has changed.
   * @throws CapacityError, WorkerError, StoreError, AbortError, InvariantError
   */
  async run(encoded: EncodedCalls, context: BlockContext, { mode, begun, signal }: RunOptions): Promise<ExecutedBlock> {
    await this.#prepare();
    await this.#writeBlock(encoded, context);
    const calls = encoded.count;
    const started = performance.now();
    let decision = this.#decide(mode, calls);
    const tried = decision.mode;
    const yields = mode === 'auto' ? this.#kernel.exports.POLICY_YIELD.value : 0;
    let isFirst = true;
    const sequentialFrom = await this.#complete(signal, (obstacle) => {
      if (obstacle === 'limit') decision = { mode: 'sequential', reason: 'limit' };
      const number = mode === 'view' ? this.#kernel.exports.VIEW.value : this.#modeNumber(decision.mode);
      const participants = this.#participants(decision, calls);
      this.#kernel.exports.beginBlock(calls, number, participants, this.#policy.bits | yields, this.#policy.grain);
      if (isFirst) begun?.(this.#running(calls));
      isFirst = false;
      return { participants, isSpeculative: decision.mode === 'block-stm' };
    });
    const wallMs = performance.now() - started;
    const participants = this.#participants(decision, calls);
    const executed = await this.#copyOut(calls, participants);
    // What was tried is what took so long, also where it had to be done again otherwise.
    if (mode === 'auto') this.#router.record({ mode: tried, calls, gas: executed.gasUsed, ms: wallMs });
    const outcome = sequentialFrom > 0 ? { ...decision, sequentialFrom } : decision;
    return { ...executed, decision: outcome, workers: participants, wallMs };
  }

  /**
   * Set values, as one block without calls.
   * @throws CapacityError, WorkerError, StoreError
   */
  async patch(values: Iterable<PatchedValue>): Promise<void> {
    const { exports } = this.#kernel;
    const entries = encodePatch(values, this.#layout.absent);
    await this.#prepare();
    await copyInTurns(this.#memory, this.#prepareBytes(entries.length), entries);
    await this.#complete(undefined, () => {
      exports.beginBlock(0, exports.PATCH.value, 1, 0, 0);
      return { participants: 1, isSpeculative: false };
    });
  }

  /**
   * Execute one call that writes nothing, and give what it left to `read`, which must not keep it. On this thread, if it is short.
   * @throws CapacityError, WorkerError, StoreError, InvariantError
   */
  async view<Result>(
    encoded: EncodedCalls,
    context: BlockContext,
    read: (results: CallResults) => Result,
  ): Promise<Result> {
    const entry = this.#encoder.entryOf(encoded, 0);
    if (entry < 0 || this.#called.has(entry)) {
      const here = await this.#viewHere(encoded, context);
      if (here !== undefined) return read(here);
    }
    const executed = await this.run(encoded, context, { mode: 'view' });
    this.#called.add(entry);
    return read(executed);
  }

  /** Undefined where the call takes longer than the event loop should wait, or meets a limit. */
  async #viewHere(encoded: EncodedCalls, context: BlockContext): Promise<RunningBlock | undefined> {
    const { exports } = this.#kernel;
    if (this.#cleaningDue) return undefined;
    this.#hostBase?.refresh();
    await this.#writeBlock(encoded, context);
    const limit = this.#encoder.limitGas(exports, this.#memory, HOST_GAS);
    exports.beginBlock(1, exports.VIEW.value, 1, 0, 0);
    const isOver = this.#host.run();
    const isFaulted = this.#load(exports.AT_FAULT.value) !== 0;
    if (isFaulted) exports.rollback();
    if (isFaulted || !isOver) return undefined;
    const running = this.#running(1);
    const gasUsed = running.transactions.getBigUint64(running.layout.gasUsed, true);
    return limit > HOST_GAS && gasUsed >= HOST_GAS ? undefined : running;
  }

  /** Workers, and room: before every block. */
  async #prepare(): Promise<void> {
    await this.#pool.start();
    if (this.#cleaningDue && this.#backing === undefined) await this.#clean();
  }

  /**
   * Execute what `begin` sets up until it is done, whatever must be set up anew for it: on fresh workers, with a larger index, after a cleaning, sequentially.
   * @returns where the block went on sequentially, 0 if it did not.
   */
  async #complete(
    signal: AbortSignal | undefined,
    begin: (obstacle?: Obstacle) => { readonly participants: number; readonly isSpeculative: boolean },
  ): Promise<number> {
    let retries = this.#retries;
    let isClean = false;
    let obstacle: Obstacle | undefined;
    for (;;) {
      const { participants, isSpeculative } = begin(obstacle);
      obstacle = undefined;
      try {
        const fault = await this.#attempt(participants, signal);
        if (typeof fault !== 'number') {
          this.#cleaningDue = this.#isNearlyFull();
          return fault.sequentialFrom;
        }
        signal?.throwIfAborted();
        const { FAULT_INDEX, FAULT_INVARIANT, FAULT_STORE } = this.#kernel.exports;
        const isLimit = fault !== FAULT_INVARIANT.value && fault !== FAULT_STORE.value;
        if (fault === FAULT_INDEX.value) await this.#index.grow();
        else if (isLimit && (isSpeculative || (this.#backing !== undefined && !isClean))) {
          // A limit that perhaps only an incarnation met which read what never was; or what is in memory is not all of this block's.
          await this.#clean();
          if (isClean || this.#backing === undefined) obstacle = 'limit';
          isClean = true;
        } else {
          this.#cleaningDue = true;
          throw await faultError(this.#kernel.exports, fault, this.#limits, () => this.#pool.failures());
        }
      } catch (error) {
        if (signal?.aborted) throw new AbortError('execute: the block was cancelled', { cause: signal.reason });
        if (!(error instanceof WorkerError) || this.#pool.isClosed || retries-- === 0) throw error;
        await this.#pool.start();
      }
    }
  }

  #participants({ mode }: Decision, calls: number): number {
    return mode === 'block-stm' ? Math.max(1, Math.min(this.#workers, calls)) : 1;
  }

  #decide(mode: BlockMode, calls: number): Decision {
    if (mode === 'auto') return this.#router.choose(calls);
    return { mode: mode === 'block-stm' ? mode : 'sequential', reason: 'option' };
  }

  /**
   * Execute what is set up. Resolves to where it went on sequentially, 0 if it did not; or, if it was taken back, to the kernel's fault.
   * @throws WorkerError, and then it was taken back, too.
   */
  async #attempt(
    participants: number,
    signal: AbortSignal | undefined,
  ): Promise<number | { readonly sequentialFrom: number }> {
    const { exports } = this.#kernel;
    const cancellation = signal === undefined ? undefined : this.#cancelOn(signal);
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
    } finally {
      cancellation?.[Symbol.dispose]();
    }
    const fault = this.#load(exports.AT_FAULT.value);
    if (fault === 0) return { sequentialFrom };
    exports.rollback();
    return fault;
  }

  /** Have the workers leave their block on `signal`; end them, if they do not. */
  #cancelOn(signal: AbortSignal): Disposable {
    let timer: NodeJS.Timeout | undefined;
    const cancel = (): void => {
      this.#kernel.exports.setFault(this.#kernel.exports.FAULT_INVARIANT.value);
      timer = setTimeout(() => void this.#pool.stop(), CANCEL_PATIENCE_MS);
    };
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel);
    return {
      [Symbol.dispose]: () => {
        signal.removeEventListener('abort', cancel);
        clearTimeout(timer);
      },
    };
  }

  #running(count: number): RunningBlock {
    const { exports } = this.#kernel;
    const { buffer } = this.#memory;
    const size = count << exports.TRANSACTION_SHIFT.value;
    return {
      layout: this.#layout,
      transactions: new DataView(buffer, exports.transactionsBase.value >>> 0, size),
      reports: new LiveReports(this.#memory),
      progress: this.#progress,
    };
  }

  async #writeBlock(calls: EncodedCalls, context: BlockContext): Promise<void> {
    const { exports } = this.#kernel;
    const address = this.#prepareBytes(calls.size);
    const view = new DataView(this.#memory.buffer);
    view.setBigUint64(exports.AT_HEIGHT.value, context.height, true);
    view.setBigUint64(exports.AT_TIMESTAMP.value, context.timestamp, true);
    view.setBigUint64(exports.AT_CHAIN_ID.value, context.chainId, true);
    new Uint8Array(this.#memory.buffer).set(context.seed, exports.AT_SEED.value);
    await calls.place(exports, this.#memory, address);
  }

  /** Void the last block; where `bytes` bytes of the next one go. @throws CapacityError */
  #prepareBytes(bytes: number): number {
    const address = bytes < 2 ** 32 ? this.#kernel.exports.prepareBlock(bytes) >>> 0 : 0;
    if (address === 0) throw memoryExhausted(this.#limits);
    return address;
  }

  #modeNumber(mode: Mode): number {
    const { SEQUENTIAL, BLOCK_STM } = this.#kernel.exports;
    return mode === 'sequential' ? SEQUENTIAL.value : BLOCK_STM.value;
  }

  /** Of locations; where there is a store, of memory too. */
  #isNearlyFull(): boolean {
    const { AT_LOCATIONS_USED, AT_POOL_FREE, poolBase, poolEnd } = this.#kernel.exports;
    const { locations } = this.#limits;
    if (this.#load(AT_LOCATIONS_USED.value) > locations - (locations >>> 3)) return true;
    const pool = (poolEnd.value >>> 0) - (poolBase.value >>> 0);
    return this.#backing !== undefined && this.#load(AT_POOL_FREE.value) - (poolBase.value >>> 0) > pool / 2;
  }

  /** Whether a next block may meet a limit that less in memory would keep it from. */
  get isCleaningDue(): boolean {
    return this.#cleaningDue;
  }

  /** Have all of the state leave memory: the store has it. */
  async evict(): Promise<void> {
    await this.#index.evict(this.#contracts);
    this.evictions++;
    this.#cleaningDue = false;
  }

  /** Forget what need not be in memory: absent values; or, where there is a store, everything. */
  async #clean(): Promise<void> {
    if (this.#backing !== undefined) {
      if (await this.#backing.settled()) await this.evict();
      return;
    }
    await this.#index.sweep(this.#load(this.#kernel.exports.AT_LOCATIONS_USED.value));
    this.#cleaningDue = false;
  }

  async #copyOut(count: number, participants: number): Promise<Omit<ExecutedBlock, 'decision' | 'workers' | 'wallMs'>> {
    const { exports } = this.#kernel;
    const { WORKER_REPORTS, WORKER_WRITES } = exports;
    return {
      layout: this.#layout,
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

  /** Keep the process from ending. */
  hold(): void {
    this.#pool.hold(true);
  }

  letGo(): void {
    this.#pool.hold(false);
  }

  /** SHA-256 over the committed state, see state.ts. */
  async stateHash(): Promise<string> {
    return this.#pool.ask((control) => control.stateHash());
  }

  /** End the workers. A block that runs rejects with a WorkerError. */
  async close(): Promise<void> {
    await this.#pool.close();
  }

  /** Let go of the store, when nobody asks for anything any more. */
  async closeReader(): Promise<void> {
    await this.#hostBase?.close();
  }
}
