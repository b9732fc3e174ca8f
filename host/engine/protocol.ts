/**
 * The control plane: everything that the host ever asks of a worker by message. Within a block nothing is posted.
 */

import type { StoreReaderSource } from '../store/store.js';
import type { Trace } from './traces.js';

/** What a method is that begins a code's life: of a contract that is new, or of one that had another code. */
export type FirstCallKind = 'init' | 'migrate';

/** A contract's code, as every worker installs it. */
export interface Code {
  readonly module: WebAssembly.Module;
  /** The exports that are methods, in the order of their entries. */
  readonly methods: readonly string[];
  /** The entry of the first method in the workers' method tables. */
  readonly firstEntry: number;
  /** Those that only the block calls which puts the code in its place, by name. Undefined: none. */
  readonly firstCalls?: ReadonlyMap<string, FirstCallKind>;
}

export interface WorkerSetup {
  readonly kernel: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly index: number;
  /** How often an idle worker asks for work before it parks. */
  readonly spins: number;
  /** The contract to warm up with; one worker does it for all. */
  readonly warmUp: Code | undefined;
  /** What reads the state that is not in memory. */
  readonly reader: StoreReaderSource | undefined;
  /** See store-gate.ts. */
  readonly storeGate: SharedArrayBuffer;
  /** Whether it keeps where calls failed. */
  readonly traces: boolean;
}

/** An error, told to the host. `code`: that of an error of the store. */
export interface WorkerFailure {
  readonly message: string;
  readonly code: string | undefined;
}

export interface WorkerControl {
  /** Instantiate the kernel, attach to the memory and wait for blocks. */
  load(setup: WorkerSetup): Promise<void>;
  /** Load what the contract has computed for it, and instantiate it. Throws what WebAssembly throws. */
  install(code: Code): Promise<void>;
  /** SHA-256 over the committed state, 64 hex digits. Between blocks. */
  storedHash(): Promise<string>;
  /** What made this worker fault the block, if it did: as broken, or since it could not read the store. */
  failure(): WorkerFailure | undefined;
  /** Where those of the calls `indexes` were that failed here in the block of `epoch`. Between blocks. */
  traces(epoch: number, indexes: readonly number[]): [index: number, trace: Trace][];
}
