import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type Remote, wrap } from 'comlink/dist/esm/comlink.mjs';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { WorkerError } from '../runtime/errors.js';
import type { StoreReaderSource } from '../store/store.js';
import type { KernelExports } from './kernel.js';
import type { Code, WorkerControl, WorkerFailure } from './protocol.js';
import { WORKER_STACK_MIB } from './stack.js';
import { closeStoreGate, storeGateWords } from './store-gate.js';
import { lastTraces, type Traces } from './traces.js';

interface PoolWorker {
  readonly thread: Worker;
  readonly control: Remote<WorkerControl>;
  /** It ends, of itself or not. */
  readonly ended: Promise<unknown>;
}

export interface PoolOptions {
  /** Workers. */
  readonly size: number;
  /** The JavaScript heap of each; undefined: as large as V8 sees fit. */
  readonly heapMiB: number | undefined;
  /** What the first workers warm up with; undefined where the kernel has been compiled well before. */
  readonly warmUp: Code | undefined;
  readonly reader: StoreReaderSource | undefined;
  /** Whether they keep where calls failed. */
  readonly traces: boolean;
}

/** Polls before an idle worker parks: some tens of microseconds where each worker has a core, next to nothing where they share one. */
const SPINS_OWN_CORE = 2000;
const SPINS_SHARED_CORE = 20;

/**
 * The worker threads of one runtime. They persist across blocks. When one dies all are ended, since their state hangs
 * together, and the next block gets fresh ones.
 */
export class WorkerPool {
  readonly #module: WebAssembly.Module;
  readonly #memory: WebAssembly.Memory;
  readonly #kernel: KernelExports;
  readonly #words: Int32Array;
  readonly #size: number;
  readonly #heapMiB: number | undefined;
  readonly #reader: StoreReaderSource | undefined;
  readonly #traces: boolean;
  readonly #codes: Code[] = [];
  #workers: PoolWorker[] | undefined;
  /** Of these workers. */
  #storeGate = storeGateWords(0);
  /** Settles when a worker dies; made anew with the workers. */
  #death: Promise<never> | undefined;
  /** One of the workers has ended by itself: all are replaced before they are used again. */
  #hasDied = false;
  #isClosed = false;
  #isHeld = true;
  /** Settles when the last workers to be stopped have all ended. */
  #stopped: Promise<void> = Promise.resolve();

  /** What the first workers warm up with. */
  #warmUp: Code | undefined;

  constructor(
    module: WebAssembly.Module,
    memory: WebAssembly.Memory,
    kernel: KernelExports,
    { size, heapMiB, warmUp, reader, traces }: PoolOptions,
  ) {
    this.#module = module;
    this.#memory = memory;
    this.#kernel = kernel;
    this.#words = new Int32Array(memory.buffer);
    this.#size = size;
    this.#warmUp = warmUp;
    this.#heapMiB = heapMiB;
    this.#reader = reader;
    this.#traces = traces;
  }

  /** Start the workers, with every code installed, if there are none or one has died. @throws WorkerError */
  async start(): Promise<void> {
    if (this.#hasDied) await this.stop();
    await this.#stopped;
    if (this.#isClosed) throw new WorkerError('the workers were ended for good');
    if (this.#workers !== undefined) return;
    this.#hasDied = false;
    let reject: (error: WorkerError) => void = () => {};
    const promise = new Promise<never>((_, rejectDeath) => {
      reject = rejectDeath;
    });
    // Between two blocks nobody waits for this: a death there must not count as an unhandled rejection.
    promise.catch(() => {});
    this.#death = promise;
    this.#storeGate = storeGateWords(this.#size);
    this.#workers = Array.from({ length: this.#size }, (_, index) => this.#spawn(index, reject));
    const setup = this.#workers.map(async ({ control }, index) => {
      const spins = this.#size <= availableParallelism() ? SPINS_OWN_CORE : SPINS_SHARED_CORE;
      const warmUp = index === 0 ? this.#warmUp : undefined;
      const shared = {
        kernel: this.#module,
        memory: this.#memory,
        reader: this.#reader,
        storeGate: this.#storeGate,
        traces: this.#traces,
      };
      await control.load({ ...shared, index, spins, warmUp });
      for (const code of this.#codes) await control.install(code);
    });
    try {
      await this.#orDeath(Promise.all(setup));
    } catch (cause) {
      // Half of them would wait for ever.
      await this.stop();
      if (cause instanceof WorkerError) throw cause;
      throw new WorkerError(`the workers could not be set up: ${(cause as Error).message}`, { cause });
    }
    this.#warmUp = undefined;
  }

  #spawn(index: number, reject: (error: WorkerError) => void): PoolWorker {
    // Without the program's own --import and --require: a worker loads the engine and nothing else.
    const options = {
      name: `blockstm ${index}`,
      execArgv: [],
      resourceLimits: {
        stackSizeMb: WORKER_STACK_MIB,
        ...(this.#heapMiB !== undefined && { maxOldGenerationSizeMb: this.#heapMiB }),
      },
    };
    const thread = new Worker(new URL('./worker.js', import.meta.url), options);
    const died = (cause: unknown): void => {
      // A worker of an earlier generation has been replaced already.
      if (this.#workers?.[index]?.thread === thread) this.#hasDied = true;
      reject(new WorkerError(`worker ${index} died`, { cause }));
    };
    thread.once('error', died);
    thread.once('exit', (code) => died(new Error(`it exited with code ${code}`)));
    if (!this.#isHeld) thread.unref();
    const ended = new Promise((resolve) => thread.once('exit', resolve));
    return { thread, control: wrap<WorkerControl>(nodeEndpoint(thread)), ended };
  }

  async #orDeath<Result>(work: Promise<Result>): Promise<Result> {
    return Promise.race([work, this.#death as Promise<never>]);
  }

  /** Install a contract's code in every worker, now and in those to come. */
  async install(code: Code): Promise<void> {
    await this.start();
    await this.#orDeath(Promise.all((this.#workers as PoolWorker[]).map(({ control }) => control.install(code))));
    this.#codes.push(code);
  }

  /** Whether the workers keep the process from ending. They do not while they are idle. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    for (const { thread } of this.#workers ?? []) isHeld ? thread.ref() : thread.unref();
  }

  /** Ask one worker. Between blocks. */
  async ask<Result>(question: (control: Remote<WorkerControl>) => Promise<Result>): Promise<Result> {
    await this.start();
    return this.#orDeath(question((this.#workers as PoolWorker[])[0]?.control as Remote<WorkerControl>));
  }

  /** What the workers say made them fault the block. */
  async failures(): Promise<readonly WorkerFailure[]> {
    const answers = await this.#orDeath(Promise.all((this.#workers ?? []).map(({ control }) => control.failure())));
    return answers.filter((answer) => answer !== undefined);
  }

  /** Where those of the calls `indexes` failed that did, in the block of `epoch`, which has been executed. @throws WorkerError */
  async traces(epoch: number, indexes: readonly number[]): Promise<Traces> {
    const workers = this.#workers ?? [];
    const answers = await this.#orDeath(Promise.all(workers.map(({ control }) => control.traces(epoch, [...indexes]))));
    return lastTraces(answers.flat());
  }

  /** Run the block that is set up on the first `participants` workers, which must have been started. @throws WorkerError */
  async run(participants: number): Promise<void> {
    const { workerLine, WORKER_START } = this.#kernel;
    for (let index = 0; index < participants; index++) {
      const start = (workerLine(index) + WORKER_START.value) >>> 2;
      Atomics.add(this.#words, start, 1);
      Atomics.notify(this.#words, start);
    }
    await this.#orDeath(this.#departure(participants));
  }

  async #departure(participants: number): Promise<void> {
    const at = this.#kernel.AT_DEPARTED.value >>> 2;
    const workers = this.#workers;
    for (;;) {
      const departed = Atomics.load(this.#words, at);
      // Those who were ended depart no more.
      if (departed === participants || this.#workers !== workers) return;
      const change = Atomics.waitAsync(this.#words, at, departed);
      if (change.async) await change.value;
    }
  }

  /** End every worker and wait until each has ended; a block that runs rejects. The next `start` makes fresh ones. */
  async stop(): Promise<void> {
    const workers = this.#workers ?? [];
    this.#workers = undefined;
    if (workers.length > 0) this.#stopped = this.#end(workers);
    await this.#stopped;
  }

  /** Whoever is inside the store comes out first, see store-gate.ts. */
  async #end(workers: readonly PoolWorker[]): Promise<void> {
    const outside = closeStoreGate(this.#storeGate);
    const ends = workers.map(async ({ thread, ended }, index) => {
      // Nothing else may keep the process until then.
      thread.ref();
      await Promise.race([outside[index], ended]);
      await thread.terminate();
    });
    await Promise.all(ends);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** End every worker for good. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.stop();
  }
}
