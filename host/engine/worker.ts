/**
 * A worker thread. Between blocks it waits on its start word without blocking its event loop, so that the control plane
 * is served; within a block it is one loop of kernel steps and contract calls, and sleeps with `Atomics.wait`.
 *
 * What only some workers need is loaded by those: each file is read and compiled by every thread anew, and a runtime has started when all have.
 */
import { parentPort } from 'node:worker_threads';
import { expose } from 'comlink/dist/esm/comlink.mjs';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import type { Base } from './base.js';
import { loadDigests, loadVerification } from './hashes.js';
import { Instances } from './instances.js';
import { attachKernel, instantiateKernel, type Kernel } from './kernel.js';
import type { Code, WorkerControl, WorkerFailure, WorkerSetup } from './protocol.js';
import { StoreGate } from './store-gate.js';
import { FailedCalls, FRAMES_MAX } from './traces.js';
import { learnTraps, trapNumber } from './traps.js';

// A trap is the ordinary way out of a call that met an ESTIMATE; without a stack trace it costs a quarter.
Error.stackTraceLimit = 0;

let kernel: Kernel | undefined;
let instances: Instances;
let memory: WebAssembly.Memory;
let words: Int32Array;
let spins = 0;
let base: Base | undefined;
let failure: WorkerFailure | undefined;
let failedCalls: FailedCalls | undefined;
const traps = learnTraps();

/** Where the machine refuses the memory to warm up with, the first block takes longer. */
function nothingLost(): void {}

function loaded(): Kernel {
  if (kernel === undefined) throw new Error('the worker has no kernel yet');
  return kernel;
}

const control: WorkerControl = {
  async load(setup: WorkerSetup): Promise<void> {
    memory = setup.memory;
    words = new Int32Array(memory.buffer);
    spins = setup.spins;
    if (setup.reader !== undefined) {
      const { Base } = await import('./base.js');
      base = await Base.open(memory, setup.reader, { gate: new StoreGate(setup.storeGate, setup.index) });
    }
    kernel = instantiateKernel(setup.kernel, memory, base?.read);
    base?.attach(kernel.exports);
    attachKernel(kernel, setup.index, true);
    instances = new Instances(kernel);
    if (setup.warmUp !== undefined) {
      const { warmUp } = await import('./warm-up.js');
      await warmUp(setup.kernel, setup.warmUp).catch(nothingLost);
    }
    const { workerLine, WORKER_START } = kernel.exports;
    if (setup.traces) {
      Error.stackTraceLimit = FRAMES_MAX;
      failedCalls = new FailedCalls(kernel.exports, memory);
    }
    const start = (workerLine(setup.index) + WORKER_START.value) >>> 2;
    void serveBlocks(start, Atomics.load(words, start));
  },

  async install(code: Code): Promise<void> {
    await loadDigests(code.module);
    await loadVerification(code.module);
    instances.install(code);
  },

  async storedHash(): Promise<string> {
    const { storedHash } = await import('./state.js');
    return storedHash(loaded().exports, memory);
  },

  traces: (epoch, indexes) => failedCalls?.tracesOf(epoch, indexes) ?? [],
  failure: () => failure ?? describeFailure(base?.failure),
};

/**
 * The start word counts this worker's blocks. The count is kept here and not read back: the host may have started the next block
 * before this worker has returned from the last.
 */
async function serveBlocks(start: number, blocksBefore: number): Promise<never> {
  for (let blocks = blocksBefore; ; blocks = (blocks + 1) | 0) {
    while (Atomics.load(words, start) === blocks) {
      const change = Atomics.waitAsync(words, start, blocks);
      if (change.async) await change.value;
    }
    runBlock();
  }
}

function runBlock(): void {
  const { exports } = loaded();
  exports.enter();
  failedCalls?.enter();
  try {
    base?.refresh();
    runCalls();
  } catch (error) {
    report(error);
  }
  exports.arrive();
  awaitAll();
  try {
    exports.commit();
  } catch (error) {
    report(error);
  }
  exports.depart();
}

/** The kernel left a step by a trap: because it faulted the block, or because it is broken. */
function report(error: unknown): void {
  const { exports } = loaded();
  if (Atomics.load(words, exports.AT_FAULT.value >>> 2) !== 0) return;
  failure = describeFailure(error);
  exports.setFault(exports.FAULT_INVARIANT.value);
}

function describeFailure(error: unknown): WorkerFailure | undefined {
  if (error === undefined) return undefined;
  if (!(error instanceof Error)) return { message: String(error), code: undefined };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { message: code === undefined ? `${error.name}: ${error.message}` : error.message, code };
}

function runCalls(): void {
  const { next, unwound, IDLE } = loaded().exports;
  const { methods } = instances;
  const idle = IDLE.value;
  if (instances.isRenewalDue && !renewed()) return;
  let entry = next();
  for (;;) {
    if (entry >= 0) {
      try {
        (methods[entry] as () => void)();
      } catch (error) {
        failedCalls?.keep(error);
        unwound(trapNumber(traps, error) ?? unknown(error));
      }
      if (instances.isRenewalDue && !renewed()) return;
      entry = next();
    } else if (entry === idle) entry = awaitWork();
    else return;
  }
}

/** Instances whose memory has grown are replaced. False, and the block is faulted, where the machine has no memory for another. */
function renewed(): boolean {
  try {
    instances.renew();
    return true;
  } catch {
    const { setFault, FAULT_CONTRACT_MEMORY } = loaded().exports;
    setFault(FAULT_CONTRACT_MEMORY.value);
    return false;
  }
}

/** Not a trap that a contract can raise: V8's stack has run out before the call's own, or it is something worse. */
function unknown(error: unknown): number {
  report(error);
  return 0;
}

/** Nothing to do: ask again for a while, then sleep until somebody has made work. Returns what `next` does. */
function awaitWork(): number {
  const { next, park, unpark, AT_WAKE, IDLE } = loaded().exports;
  const idle = IDLE.value;
  for (let spin = 0; spin < spins; spin++) {
    const entry = next();
    if (entry !== idle) return entry;
  }
  const ticket = park();
  const entry = next();
  // Who is notified is taken off the count of those parked by the one who notifies.
  if (entry === idle && Atomics.wait(words, AT_WAKE.value >>> 2, ticket) === 'ok') return next();
  unpark();
  return entry === idle ? next() : entry;
}

/** Wait until every participant has left the execution phase. */
function awaitAll(): void {
  const { AT_ARRIVED, AT_PARTICIPANTS } = loaded().exports;
  const at = AT_ARRIVED.value >>> 2;
  const participants = words[AT_PARTICIPANTS.value >>> 2] as number;
  for (let spin = 0; spin < spins; spin++) if (Atomics.load(words, at) === participants) return;
  for (;;) {
    const arrived = Atomics.load(words, at);
    if (arrived === participants) return;
    Atomics.wait(words, at, arrived);
  }
}

if (parentPort === null) throw new Error('worker.js is started by the runtime, not by hand');
expose(control, nodeEndpoint(parentPort));
