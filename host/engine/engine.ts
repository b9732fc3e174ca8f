import { randomFillSync } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { CapacityError } from '../runtime/errors.js';
import type { BlockContext, Limits, Policy } from '../runtime/types.js';
import { Attempts } from './attempts.js';
import { Base } from './base.js';
import { BlockEncoder } from './block-encoder.js';
import { BlockMemory } from './block-memory.js';
import { type BlockMode, Planner } from './block-plan.js';
import { CallEncoder, copyInTurns, type EncodedCalls } from './calls.js';
import { type Change, encodePatch, type PatchedValue, readChanges } from './changes.js';
import type { CallResults, ExecutedBlock, RunningBlock } from './executed-block.js';
import { loadDigests } from './hashes.js';
import { HOST_READS } from './host-caller.js';
import { attachKernel, compileKernel, instantiateKernel, type Kernel } from './kernel.js';
import { formatMemory, reserveMemory } from './memory.js';
import { WorkerPool } from './pool.js';
import type { Code } from './protocol.js';
import type { CallTarget, RecordedCalls } from './recorded-calls.js';
import { Room, type StateBacking } from './room.js';
import { ShortViews } from './short-views.js';
import type { CopyMemory } from './snapshot.js';
import { Tape } from './tape.js';
import { TRACES_MAX, type Traces } from './traces.js';
import { compileWarmUp } from './warm-up.js';

export interface EngineOptions {
  readonly limits: Limits;
  readonly workers: number;
  readonly policy: Policy;
  /** How often a block is executed again on fresh workers after one has died. */
  readonly retries: number;
  /** Where the state is that is not in memory. Undefined: all of it is in memory. */
  readonly backing?: StateBacking | undefined;
  /** Whether it is kept where calls failed: it takes time where they do. */
  readonly backtraces: boolean;
  /** Whether the workers write down what they do. */
  readonly telemetry: boolean;
  /** Where what blocks leave is copied to. */
  readonly copies: CopyMemory;
}

/** How one block is to be executed. */
export interface RunOptions {
  readonly mode: BlockMode;
  /** Told when the first of its calls may be running; what it is given is valid until the promise settles. */
  readonly begun?: (running: RunningBlock) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Whether workers of this process have warmed up: the kernel that they share is compiled once. */
let isWarm = false;

/** The shared memory, the host's kernel instance and the workers of one runtime. Its methods must not overlap, but for `blocks.encode` of calls that are kept. */
export class Engine {
  /** Of the state in memory. */
  readonly room: Room;
  /** Makes what `run` and `view` execute. */
  readonly blocks: BlockEncoder;
  readonly #kernel: Kernel;
  readonly #memory: WebAssembly.Memory;
  readonly #pool: WorkerPool;
  readonly #workers: number;
  readonly #planner: Planner;
  readonly #attempts: Attempts;
  readonly #shortViews: ShortViews;
  /** Whether it is kept where calls failed. */
  readonly #backtraces: boolean;
  readonly #hostBase: Base | undefined;
  readonly #encoder: CallEncoder;
  readonly #block: BlockMemory;

  private constructor(
    kernel: Kernel,
    memory: WebAssembly.Memory,
    pool: WorkerPool,
    { limits, workers, policy, retries, backing, backtraces, telemetry, copies }: EngineOptions,
    hostBase: Base | undefined,
  ) {
    this.#kernel = kernel;
    this.#memory = memory;
    this.#pool = pool;
    this.#workers = workers;
    this.#planner = new Planner(kernel.exports, workers, policy, telemetry);
    this.#backtraces = backtraces;
    this.#hostBase = hostBase;
    this.room = new Room(kernel.exports, memory, limits, backing);
    this.#attempts = new Attempts(kernel.exports, memory, pool, this.room, retries);
    this.#encoder = new CallEncoder(kernel.exports, limits.gas);
    this.blocks = new BlockEncoder(this.#encoder, limits.transactions);
    this.#block = new BlockMemory(kernel.exports, memory, limits, copies);
    this.#shortViews = new ShortViews({
      kernel,
      memory,
      room: this.room,
      encoder: this.#encoder,
      block: this.#block,
      base: hostBase,
      backtraces,
    });
  }

  /** Reserve memory and start the workers. `gasSchedule`: what the kernel charges, in its order. @throws MisuseError, WorkerError */
  static async create(options: EngineOptions, gasSchedule: readonly number[]): Promise<Engine> {
    const { limits, workers, backing, backtraces } = options;
    const module = await compileKernel();
    const memory = reserveMemory(limits);
    const hostBase =
      backing === undefined ? undefined : await Base.open(memory, backing.reader, { readsMax: HOST_READS });
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
        warmUp: isWarm ? undefined : await compileWarmUp(),
        reader: backing?.reader,
        traces: backtraces,
      });
      await pool.start();
      isWarm = true;
      return new Engine(kernel, memory, pool, options, hostBase);
    } catch (error) {
      await pool?.close();
      await hostBase?.close();
      throw error;
    }
  }

  /** Install a contract's code in every worker. */
  async install(code: Code): Promise<void> {
    // Not what verifies signatures: one takes more gas than a call has on this thread.
    await loadDigests(code.module);
    try {
      this.#shortViews.install(code);
    } catch (cause) {
      throw new CapacityError('memory', 'the machine refused the memory of an instance of the contract', { cause });
    }
    await this.#pool.install(code);
    this.room.addCode(code);
  }

  /** A copy of the calls of the last block that means the same elsewhere. @throws CapacityError, and then the block is taken back. */
  async record(calls: EncodedCalls, targetOf: (contract: number, entry: number) => CallTarget): Promise<RecordedCalls> {
    return this.#orTakeBack(() => this.#encoder.record(calls, targetOf));
  }

  /** Let the last block not have happened, until the next one begins. */
  takeBack(): void {
    this.#kernel.exports.rollback();
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
    await this.#block.write(encoded, context);
    const calls = encoded.count;
    const started = performance.now();
    const plan = this.#planner.plan(mode, calls);
    let isFirst = true;
    const sequentialFrom = await this.#attempts.complete(signal, (hasMetLimit) => {
      if (hasMetLimit) plan.meetLimit();
      plan.begin();
      if (isFirst) begun?.(this.#block.running(calls));
      isFirst = false;
      return plan;
    });
    const wallMs = performance.now() - started;
    const { participants, availableWorkers } = plan;
    const executed = await this.#orTakeBack(() => this.#block.copyOut(calls, participants));
    const tape = plan.isTaped
      ? await this.#orTakeBack(() => Tape.copy(this.#kernel.exports, this.#memory, participants))
      : undefined;
    if (tape !== undefined) this.room.outlive(tape);
    plan.record(executed.gasUsed, wallMs);
    const decision = plan.decisionFrom(sequentialFrom);
    const traces = await this.#traces(executed.transactions);
    return { ...executed, decision, workers: participants, availableWorkers, wallMs, traces, tape };
  }

  /** Where the first of the failed calls failed, of those that have been executed. */
  async #traces(transactions: DataView): Promise<Traces | undefined> {
    if (!this.#backtraces) return undefined;
    const { shift, status } = this.#block.layout;
    const failed: number[] = [];
    for (let at = status; at < transactions.byteLength && failed.length < TRACES_MAX; at += 1 << shift) {
      if (transactions.getUint32(at, true) !== 0) failed.push(at >>> shift);
    }
    if (failed.length === 0) return new Map();
    // The block has been committed: that a worker dies now is no reason to say that it has not.
    return this.#pool.traces(this.#load(this.#kernel.exports.AT_EPOCH.value), failed).catch(() => new Map());
  }

  /**
   * Set values, as one block without calls.
   * @throws CapacityError, WorkerError, StoreError
   */
  async patch(values: Iterable<PatchedValue>): Promise<void> {
    const { exports } = this.#kernel;
    const entries = encodePatch(values, this.#block.layout.absent);
    await this.#prepare();
    await copyInTurns(this.#memory, this.#block.reserve(entries.length), entries);
    await this.#attempts.complete(undefined, () => {
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
    if (this.#shortViews.isTried(entry)) {
      const here = await this.#shortViews.run(encoded, context);
      if (here !== undefined) return read(here);
    }
    const executed = await this.run(encoded, context, { mode: 'view' });
    this.#shortViews.noteCalled(entry);
    return read(executed);
  }

  /** Workers, and room: before every block. */
  async #prepare(): Promise<void> {
    await this.#pool.start();
    if (this.room.isCleaningDue && !this.room.isBacked) await this.room.clean();
  }

  /** What is made of a block takes memory, too: where there is none, the block has not happened. @throws CapacityError */
  async #orTakeBack<Result>(make: () => Result | Promise<Result>): Promise<Result> {
    try {
      return await make();
    } catch (cause) {
      this.takeBack();
      throw new CapacityError('memory', 'the machine has too little memory left for what the block has left', {
        cause,
      });
    }
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
  async storedHash(): Promise<string> {
    return this.#pool.ask((control) => control.storedHash());
  }

  /** End the workers. A block that runs rejects with a WorkerError. */
  async close(): Promise<void> {
    await this.room.captureTapes();
    await this.#pool.close();
  }

  /** Let go of the store, when nobody asks for anything any more. */
  async closeReader(): Promise<void> {
    await this.#hostBase?.close();
  }
}
