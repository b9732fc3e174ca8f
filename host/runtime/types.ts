import type { Value } from '../contract/codec.js';
import type { ContractInterface } from '../contract/interface.js';
import type { StorageLayout } from '../contract/layout.js';
import type { BlockTelemetry } from '../trace/types.js';
import type { SourcePosition } from '../wasm/finding.js';
import type { BlockHeader } from './chain.js';

/**
 * How a block is executed. All give the same receipts, write set and state, byte for byte. `auto` takes one of the others for each block, by
 * what blocks took before, and turns to `sequential` within a block where speculation fails.
 */
export type ExecutorName = 'auto' | 'sequential' | 'block-stm';

/** What an executor did with a block, and why. */
export interface Decision {
  readonly mode: 'sequential' | 'block-stm';
  /**
   * `option`: the executor was given. `limit`: speculation met a limit, so only what happens sequentially counts. Under `auto`: `one worker`; `small`, so little work that waking threads takes longer; `measured`, the mode that
   * was faster lately; `trial`, a mode of which that is not known, or not any more: the first three blocks are `sequential`, the next three `block-stm`.
   */
  readonly reason: 'option' | 'one worker' | 'small' | 'measured' | 'trial' | 'limit';
  /** TxIndex from which on the block was executed sequentially, since speculation failed too often. */
  readonly sequentialFrom?: number;
}

/** One call of a block. */
export interface Transaction {
  /** Who calls: 32 bytes. */
  readonly sender: Uint8Array;
  /** The contract called: the 32 bytes of its address. */
  readonly contract: Uint8Array;
  /** The name of the contract's exported method. */
  readonly method: string;
  /** The encoded arguments, see `encodeInput`; a whole number of 8-byte words for contracts built with the SDK. */
  readonly input: Uint8Array;
  /** What the call may use at most, a whole number up to 2^53 - 1. Default `limits.gas`. */
  readonly gasLimit?: number;
}

/** What every call of a block can read about the block. */
export interface BlockContext {
  /** Position of the block in the chain. Default: one more than the last executed block's, from 1. With a store nothing else is accepted; without, any value. */
  readonly height: bigint;
  /** Unix time in seconds. Default 0: a runtime never reads the clock, so that a block is reproducible. */
  readonly timestamp: bigint;
  /** Default 0. */
  readonly chainId: bigint;
  /** 32 bytes. Default all zero. */
  readonly seed: Uint8Array;
}

/** An ordered list of calls. */
export interface Block {
  readonly transactions: readonly Transaction[];
  readonly context?: Partial<BlockContext>;
}

declare const encodedBlock: unique symbol;

/** A block as `Runtime.encodeBlock` prepared it. It can be executed any number of times, by the runtime that encoded it. */
export interface EncodedBlock {
  /** Nothing else is one. */
  readonly [encodedBlock]: true;
  /** Calls in it. */
  readonly length: number;
  readonly context: Partial<BlockContext>;
}

export type ReceiptStatus = 'ok' | 'reverted' | 'outOfGas' | 'trapped' | 'invalid';

/**
 * Something a call announced; kept only if the call's status is `ok`. Its arrays are copies and the reader's own, but those of more than 64 bytes may lie in an
 * `ArrayBuffer` with others, as those of Node's `Buffer` do: do not transfer their `buffer`.
 */
export interface ContractEvent {
  /** The address of the contract that announced it. */
  readonly contract: Uint8Array;
  readonly topic: Uint8Array;
  readonly data: Uint8Array;
}

/** Why a call failed. Code and message are the same under every executor, worker count and run. */
export interface ContractFailure {
  /** Stable and documented in the README: `revert`, `unreachable`, `badInput`, ... */
  readonly code: string;
  readonly message: string;
  /**
   * Where, in the author's own files: the first place of the backtrace that is not a library's. Only with the option `backtraces`, and where the contract was compiled with `debug`. No part of the
   * chain: the receipts of `Runtime.receipt` and `block` have none, nor have those that come while a block still runs.
   */
  readonly position?: SourcePosition;
  /** What had been called, the innermost first: at most 64 functions of the module. Of what the compiler has inlined only the innermost is named. Only with the option `backtraces`; no part of the chain. */
  readonly backtrace?: readonly BacktraceFrame[];
}

/** A function that was entered and not left. File, line and column are there where the contract carries a source map; not of a function that another was inlined into. */
export interface BacktraceFrame {
  /** Its name, without its file; "function 12" where the contract carries no names. */
  readonly function: string;
  /** Relative to the contract's folder; a library's begins with "~lib/". */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1, in UTF-16 units. */
  readonly column?: number;
  /** The text of that line, where the contract carries it. */
  readonly source?: string;
  /** The contract that it is the code of. */
  readonly contract?: Uint8Array;
}

/** What became of one call. */
export interface Receipt {
  /** TxIndex: the call's position in its block. */
  readonly index: number;
  readonly status: ReceiptStatus;
  /** By the gas schedule: the same under every executor, worker count and run. All of the limit where the status is `outOfGas`. */
  readonly gasUsed: number;
  /** The encoded result, see `decodeOutput`; empty unless `ok`. May share its `buffer`, see `ContractEvent`. */
  readonly output: Uint8Array;
  readonly events: readonly ContractEvent[];
  readonly error?: ContractFailure;
}

/** One changed location. `value` is undefined where the block removed it. */
export interface WriteSetEntry {
  readonly contract: Uint8Array;
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/** Counters of one block. Under `sequential` every call is one execution and the rest are 0. */
export interface BlockStatistics {
  readonly executor: ExecutorName;
  readonly decision: Decision;
  /** Workers that took part: no more than there were calls, and one under `sequential`. */
  readonly workers: number;
  /** Those of them that executed anything: one where the others began when all had been executed, as in blocks of few, cheap calls, and then nothing can be aborted. 0 of an empty block. */
  readonly executingWorkers: number;
  /** Incarnations started, those that ran into an ESTIMATE included. */
  readonly executions: number;
  /** Incarnations whose read set failed validation. */
  readonly aborts: number;
  /** Read sets compared with the store. */
  readonly validations: number;
  /** Incarnations that met an ESTIMATE and waited for the lower call that left it. */
  readonly dependencyWaits: number;
  /** Gas that its calls used. */
  readonly gasUsed: number;
  /** Shared memory that the block took: calls, inputs, versions, read and write sets, reports. In bytes; free again for the next block. */
  readonly blockBytes: number;
  /** Shared memory that the state takes after the block: locations, and the heap of long keys and values. In bytes. */
  readonly stateBytes: number;
  /** From the start of the workers to the last commit, in milliseconds: encoding and copying out not included. */
  readonly wallMs: number;
}

export interface BlockResult {
  readonly height: bigint;
  /** In block order; each is decoded when it is asked for, anew every time. */
  readonly receipts: Receipts;
  /** The changed locations, sorted by contract and key; decoded when first asked for. */
  readonly writeSet: readonly WriteSetEntry[];
  readonly stats: BlockStatistics;
  /** What its workers did, call by call: statistics, the graph of dependencies, a timeline, explanations. Undefined without the option `telemetry`. */
  readonly telemetry: BlockTelemetry | undefined;
  /**
   * SHA-256 over the whole state after this block, as 64 hex digits (see `Runtime.stateHash`).
   * @throws MisuseError `ERR_STATE_MOVED` once a later block has been executed.
   */
  stateHash(): Promise<string>;
  /**
   * The block's header, when the block outlasts the process. Rejects with the StoreError for which it will not; then so does every `execute` that follows.
   * @throws MisuseError `ERR_NO_STORE` where the runtime has no store.
   */
  readonly durable: Promise<BlockHeader>;
}

/** A read-only list that decodes lazily. */
export interface Receipts extends Iterable<Receipt> {
  readonly length: number;
  /** @throws RangeError where `index` is not a whole number in [0, length). */
  get(index: number): Receipt;
}

/**
 * A block on its way: a promise of its result, and its receipts in order, each as soon as it is final, while later calls still run.
 *
 * A receipt that was given out is never taken back. Still the block stands as a whole or not at all: where the promise rejects, the iterator throws the same
 * error, the receipts before it are those of a block that was not committed, and no state has changed. Who leaves the loop early learns it from the promise only.
 */
export interface Execution extends Promise<BlockResult>, AsyncIterable<Receipt> {}

export interface DeployOptions {
  /** 32 bytes. Default: SHA-256 of the code hash and the number of contracts deployed before. */
  readonly address?: Uint8Array;
  /** Of the block that the deployment is. */
  readonly context?: Partial<BlockContext>;
  /** The call of the contract's `init` method, in the same block: both happen, or neither. May be left out where the method takes no arguments. */
  readonly init?: FirstCallOptions;
}

export interface UpgradeOptions {
  /** Of the block that the upgrade is. */
  readonly context?: Partial<BlockContext>;
  /** The call of the new code's `migrate` method, in the same block: both happen, or neither. May be left out where the method takes no arguments. */
  readonly migrate?: FirstCallOptions;
  /** Also where the storage layouts say that the new code would not find, or would misread, what the old one has stored. Default false. */
  readonly allowUnsafe?: boolean;
}

/** The call that a contract's code begins with. */
export interface FirstCallOptions {
  /** Named arguments, encoded by the interface. Default: none. */
  readonly args?: Readonly<Record<string, unknown>>;
  /** Who calls: 32 bytes. Default: all zero. */
  readonly sender?: Uint8Array;
}

/** A deployed contract. */
export interface Contract {
  /** 32 bytes, a copy each time. */
  readonly address: Uint8Array;
  /** SHA-256 of the version of the gas schedule (u32, little-endian) and the Wasm bytes, as 64 hex digits. */
  readonly codeHash: string;
  /** The names of its methods. */
  readonly methods: readonly string[];
  /** From the Wasm's `blockstm.interface` section; undefined for a module without one. */
  readonly interface: ContractInterface | undefined;
  /** From the Wasm's `blockstm.layout` section; undefined for a module without one. */
  readonly layout: StorageLayout | undefined;
  /**
   * A transaction with named arguments, encoded by the interface.
   * @throws MisuseError `ERR_ARGUMENT` naming the method and the argument; `ERR_OPTION` for an unknown option.
   */
  transaction(
    sender: Uint8Array,
    method: string,
    args?: Readonly<Record<string, unknown>>,
    options?: Pick<Transaction, 'gasLimit'>,
  ): Transaction;
  /**
   * The result of a call that ended `ok`, from its receipt's `output`; undefined for a method without a result.
   * @throws MisuseError `ERR_ARGUMENT` where that is not one value of the method's output type.
   */
  decodeOutput(method: string, output: Uint8Array): Value | undefined;
}

/** A contract as `deploy` and `upgrade` give it. */
export interface DeployedContract extends Contract {
  /** Of the call of its `init` or `migrate` method; undefined where the code has none. */
  readonly receipt: Receipt | undefined;
}

/** Every capacity. Exceeding one rejects the block with a CapacityError that names it; the runtime works on. Only `gas` is of a call: exceeding it is in the receipt. */
export interface Limits {
  /** Shared memory reserved, in MiB, touched only as needed. Default 1024; 16 to 4095. */
  readonly memoryMiB: number;
  /** Locations known at once, those of absent keys that were looked up included. Default 1,048,576. */
  readonly locations: number;
  /** Calls in a block. Default 262,144. */
  readonly transactions: number;
  /** Gas of a call that names no limit: about 0.1 ns each. Default 100,000,000; 0 to 2^53 - 1. */
  readonly gas: number;
  /** JavaScript heap of each worker thread, in MiB, 8 to 65,536. Default: as large as V8 sees fit. A worker that exceeds it dies. */
  readonly heapMiB?: number | undefined;
}

/**
 * How `block-stm` goes about it. None of it changes a result, only how long it takes and how many incarnations it takes; the
 * defaults are for speed, the others are for measuring what each is worth.
 */
export interface Policy {
  /** What a read must find again at the frontier: the same version, or the same bytes. Default `value`. */
  readonly validate: 'version' | 'value';
  /** Consecutive calls that a worker claims and executes together: 1 to 1,024. Default `auto`: by what calls cost. */
  readonly grain: 'auto' | number;
  /** Whether what an aborted call wrote is marked, so that calls that read it wait. Default true; only where calls are claimed one by one. */
  readonly estimates: boolean;
  /** What a call does that reads such a mark: wait for its writer, or be executed again at once. Default `park`. */
  readonly suspend: 'park' | 'abort';
  /** Whether `add` and `subtract` of the contract interface leave the value unread. Default true. */
  readonly deltas: boolean;
}
