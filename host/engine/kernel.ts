import { readFile } from 'node:fs/promises';
import { InvariantError } from '../runtime/errors.js';
import { CONTRACT_IMPORTS, CONTRACT_MODULE, WORKER_MODULE } from '../wasm/contract-imports.js';
import { type Clock, threadClock } from './clock.js';
import { hashImports } from './hashes.js';
import './web-assembly.js';

/** The version of the memory layout that this host was written for; the kernel asserts its own when it attaches. */
const LAYOUT_VERSION = 7;

/** What the code that the rewrite adds to a contract imports, as the kernel exports it; `grown` is the instance's own (instances.ts). */
const REWRITE_INTERFACE = ['gas', 'stackLeft', 'memoryLimit', 'memoryRefused'] as const;

/** A constant that the kernel exports as a global. */
type Constant = { readonly value: number };

/** What assembly/kernel/abi.ts exports, apart from the contract interface. Addresses and counts are u32 seen as i32. */
export interface KernelExports {
  format(bytes: bigint, workers: number, locations: number, transactions: number): bigint;
  attach(index: number, isWorker: number): number;

  enter(): void;
  next(): number;
  unwound(trapCode: number): void;
  runningCall(): number;
  runningIncarnation(): number;
  calledAt(below: number): number;
  beginAgain(): void;
  usedSoFar(): number;
  isUnread(slot: number): number;
  recordRead(slot: number): number;
  recordNow(slot: number): number;
  giveRead(slot: number, record: number): void;
  arrive(): void;
  commit(): void;
  depart(): void;
  park(): number;
  unpark(): void;

  prepareBlock(bytes: number): number;
  continueBlock(): number;
  beginBlock(count: number, mode: number, participants: number, policy: number, grain: number): void;
  rollback(): void;
  setFault(code: number): void;
  dropOrphans(from: number, end: number): number;
  beginIndex(larger: number): void;
  enterIndexed(from: number, end: number): number;
  sweepLocations(from: number, end: number, kept: number): number;
  endSweep(kept: number): void;
  takePersistentChunks(bytes: number): number;
  placeDirectory(contracts: number, contractSlots: number, methods: number, methodSlots: number): void;
  clearContracts(): void;
  enterContract(index: number, code: number): void;
  enterMethod(name: number, entry: number): void;
  evictLocations(from: number, end: number): number;
  endEviction(): void;
  workerLine(index: number): number;
  keyBytes(location: number): number;
  keyLength(location: number): number;
  locationContract(location: number): number;

  /** Gas left to the running call; below 0 where it asked for more. */
  readonly gas: { value: bigint };
  /** Stack left to it. */
  readonly stackLeft: { value: number };

  /** Of this worker, since it entered the block. */
  readonly executions: { readonly value: number };
  readonly aborts: { readonly value: number };
  readonly validations: { readonly value: number };
  readonly dependencyWaits: { readonly value: number };
  /** Gas of what shares a reading of the clock on the tape; 0 where reading it is free. */
  readonly readingGas: { value: bigint };
  /** Why the running call is being unwound. */
  readonly unwinding: { readonly value: number };
  readonly UNWIND_ESTIMATE: { readonly value: number };
  /** Sleepers that it has notified. */
  readonly notified: { value: number };
  /** 1 where nothing can invalidate what it executes. */
  readonly isExecutingFinal: { readonly value: number };

  readonly LAYOUT_VERSION: Constant;
  readonly ESTIMATE: Constant;
  readonly AT_EXECUTION: Constant;
  readonly AT_WAVE: Constant;
  readonly IDLE: Constant;
  readonly DONE: Constant;
  readonly SEQUENTIAL: Constant;
  readonly BLOCK_STM: Constant;
  readonly VIEW: Constant;
  readonly PATCH: Constant;
  readonly ABSENT: Constant;
  readonly AT_EPOCH: Constant;
  readonly AT_BASE: Constant;
  readonly AT_HEIGHT: Constant;
  readonly AT_TIMESTAMP: Constant;
  readonly AT_CHAIN_ID: Constant;
  readonly AT_SEED: Constant;
  readonly AT_ADDRESSES: Constant;
  readonly POLICY_VALUES: Constant;
  readonly POLICY_ESTIMATES: Constant;
  readonly POLICY_PARK: Constant;
  readonly POLICY_DELTAS: Constant;
  readonly POLICY_YIELD: Constant;
  readonly POLICY_CONFINED: Constant;
  readonly POLICY_TAPE: Constant;
  readonly NAME_BYTES: Constant;
  readonly MAX_METHOD_LENGTH: Constant;
  readonly AT_SECRETS: Constant;
  readonly AT_PARALLELISM: Constant;
  readonly AT_STACK_BYTES: Constant;
  readonly AT_GAS_SCHEDULE: Constant;
  readonly SECRETS: Constant;
  readonly AT_FAULT: Constant;
  readonly AT_FRONTIER: Constant;
  readonly AT_AWAITED: Constant;
  readonly AT_NEWS: Constant;
  readonly AT_WAKE: Constant;
  readonly AT_ARRIVED: Constant;
  readonly AT_DEPARTED: Constant;
  readonly AT_PARTICIPANTS: Constant;
  readonly AT_LOCATIONS_USED: Constant;
  readonly WORKER_START: Constant;
  readonly WORKER_REPORTS: Constant;
  readonly WORKER_WRITES: Constant;
  readonly WORKER_STATS: Constant;
  readonly WORKER_TAPE: Constant;
  readonly WORKER_UNDO: Constant;
  readonly WRITE_HEAD: Constant;
  readonly UNDO_PREVIOUS: Constant;
  readonly UNDO_LOCATION: Constant;
  readonly UNDO_COMMITTED: Constant;
  readonly UNDO_RECORD: Constant;
  readonly CALL_SHIFT: Constant;
  readonly TRANSACTION_SHIFT: Constant;
  readonly CALL_ENTRY: Constant;
  readonly CALL_CONTRACT: Constant;
  readonly CALL_INPUT: Constant;
  readonly CALL_INPUT_LENGTH: Constant;
  readonly CALL_SENDER: Constant;
  readonly CALL_GAS_LIMIT: Constant;
  readonly callsBase: Constant;
  readonly transactionsBase: Constant;
  readonly locationsBase: Constant;
  readonly poolBase: Constant;
  readonly poolEnd: Constant;
  readonly AT_POOL_FREE: Constant;
  readonly LOCATION_SIZE: Constant;
  readonly LOCATION_COMMITTED: Constant;
  readonly LOCATION_RECORD: Constant;
  readonly TX_RESULT: Constant;
  readonly TX_CODE: Constant;
  readonly TX_OUTPUT: Constant;
  readonly TX_OUTPUT_LENGTH: Constant;
  readonly TX_EVENTS: Constant;
  readonly TX_GAS_USED: Constant;
  readonly TAPE_FINAL: Constant;
  readonly TAPE_SPECULATIVE: Constant;
  readonly TAPE_UNWOUND: Constant;
  readonly TAPE_ABORT: Constant;
  readonly TAPE_RESUMED: Constant;
  readonly TAPE_VALIDATION: Constant;
  readonly TAPE_COMMIT: Constant;
  readonly TAPE_IDLE: Constant;
  readonly TAPE_ENTERED: Constant;
  readonly TAPE_ARRIVED: Constant;
  readonly TAPE_VERDICTS: Constant;
  readonly TAPE_BEFORE: Constant;
  readonly TAPE_RECORD: Constant;
  readonly TAPE_VERDICTS_SIZE: Constant;
  readonly CAUSE_VALIDATION: Constant;
  readonly CAUSE_ESTIMATE: Constant;
  readonly CAUSE_CASCADE: Constant;
  readonly TAPE_READ: Constant;
  readonly TAPE_WRITTEN: Constant;
  readonly TAPE_ADDED: Constant;
  readonly TAPE_COUNTED: Constant;
  readonly FAULT_MEMORY: Constant;
  readonly FAULT_LOCATIONS: Constant;
  readonly FAULT_INVARIANT: Constant;
  readonly FAULT_CONTRACT_MEMORY: Constant;
  readonly FAULT_INDEX: Constant;
  readonly FAULT_STORE: Constant;
}

/**
 * Runs the method `entry` for another contract, on the instance number `position` of its code. If it `isTried`, returns the number of the trap that ended it, 0 where
 * it returned; else what it throws is the caller's. -1 where the machine has no memory for an instance. See assembly/kernel/frames.ts.
 */
export type RunMethod = (entry: number, position: number, isTried: number) => number;

/** An instance of the kernel over the shared memory; every thread has its own. */
export interface Kernel {
  readonly exports: KernelExports;
  /** Have `run` run the methods that contracts call. */
  serve(run: RunMethod): void;
  /** The import object of an instrumented contract; `grown` is called when the instance has grown its memory. */
  contractImports(grown: () => void): ContractImports;
}

/** By module and name: `WebAssembly.Imports`. */
export type ContractImports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

let compiled: Promise<WebAssembly.Module> | undefined;

/** The kernel that the package was built with. Compiled once: what V8 makes of it as it runs is then every runtime's of the process. */
export async function compileKernel(): Promise<WebAssembly.Module> {
  compiled ??= readKernel();
  try {
    return await compiled;
  } catch (cause) {
    compiled = undefined;
    throw cause;
  }
}

async function readKernel(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(new URL('../../kernel.wasm', import.meta.url)));
}

/** Reads the committed value of a key that is not in memory: assembly/kernel/base.ts. */
export type ReadBase = (contract: number, key: number, length: number, to: number) => number;

const noBase: ReadBase = () => -1;
const noInstances: RunMethod = () => -1;

export function instantiateKernel(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  base: ReadBase = noBase,
  clock: Clock = threadClock(),
): Kernel {
  const calls = new NestedCalls();
  const env = { memory, base, clock, call: calls.run, ...hashImports(memory) };
  return kernelOf(new WebAssembly.Instance(module, { env }), calls);
}

/** What the kernel is given to call before there is anybody to serve it. */
export class NestedCalls {
  serve: RunMethod = noInstances;
  readonly run: RunMethod = (entry, position, isTried) => this.serve(entry, position, isTried);
}

export function kernelOf(instance: WebAssembly.Instance, calls: NestedCalls): Kernel {
  const { exports } = instance;
  return {
    exports: exports as unknown as KernelExports,
    serve: (run) => {
      calls.serve = run;
    },
    contractImports: (grown) => contractImports(exports, grown),
  };
}

/** The import object of a contract over an instance of the kernel with these exports. */
export function contractImports(exports: Readonly<Record<string, unknown>>, grown: () => void): ContractImports {
  const pick = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, exports[name]]));
  return {
    [CONTRACT_MODULE]: pick([...CONTRACT_IMPORTS.keys()]),
    [WORKER_MODULE]: { ...pick(REWRITE_INTERFACE), grown },
  };
}

/** Attach `kernel` to formatted memory as worker `index`, or as the host's, which is one past the last. */
export function attachKernel(kernel: Kernel, index: number, isWorker: boolean): void {
  const version = kernel.exports.attach(index, isWorker ? 1 : 0);
  if (version !== LAYOUT_VERSION || kernel.exports.LAYOUT_VERSION.value !== LAYOUT_VERSION) {
    throw new InvariantError(`the kernel's memory layout is version ${version}, the host expects ${LAYOUT_VERSION}`);
  }
}
