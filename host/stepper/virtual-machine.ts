import { CallEncoder, EncodedCalls, type Targets } from '../engine/calls.js';
import { ContractTable } from '../engine/contract-table.js';
import { Directory } from '../engine/directory.js';
import { faultError } from '../engine/faults.js';
import { hashImports } from '../engine/hashes.js';
import { attachKernel, compileKernel, type Kernel, kernelOf, NestedCalls, type ReadBase } from '../engine/kernel.js';
import { formatMemory, reserveMemory } from '../engine/memory.js';
import type { Code } from '../engine/protocol.js';
import { type ResultLayout, resultLayout } from '../engine/result-layout.js';
import { copyTransactions, LogSnapshot, ownMemory } from '../engine/snapshot.js';
import { storedHash } from '../engine/state.js';
import { readCounters, readMemoryUse } from '../engine/statistics.js';
import { Tape } from '../engine/tape.js';
import { CapacityError, InvariantError } from '../runtime/errors.js';
import { LazyReceipts } from '../runtime/receipts.js';
import type { BlockContext, Limits, Transaction, WriteSetEntry } from '../runtime/types.js';
import { decodeWriteSet } from '../runtime/write-set.js';
import { KERNEL_GAS } from '../wasm/gas-schedule.js';
import { compileCodes, targetOf, UNKNOWN_TARGET } from './codes.js';
import { EvictedState } from './evicted-state.js';
import type { SteppedOutcome, SteppedSetup } from './stepped-block.js';
import { VirtualWorker } from './virtual-worker.js';

export interface VirtualMachineOptions {
  /** The Wasm of the contracts' code. */
  readonly codes: readonly Uint8Array[];
  readonly workers: number;
  readonly limits: Omit<Limits, 'heapMiB'>;
  /** Workers that run at once, as the kernel is told; it wakes no more. */
  readonly parallelism: number;
  /** Default: the shipped one. */
  readonly kernel?: WebAssembly.Module;
  /** What the tape takes the time from. Default: every reading is a moment of its own. */
  readonly clock?: () => number;
  /** Called where a kernel with probes is at one, with what that says, and where one reads what is not in memory. */
  readonly probe?: (place?: number) => void;
  /** What a worker's contracts are given in place of its kernel's own imports. */
  readonly wrap?: (kernel: Kernel, index: number) => Kernel;
}

/** A contract of the next block. */
export interface SteppedContract {
  readonly address: Uint8Array;
  /** The number of its code among those that the machine was made with. */
  readonly code: number;
}

/** What contracts have that are called without an address: where one is asked for, it is this. */
const NO_ADDRESS = new Uint8Array(32);

/** Keys are hashed alike in every run, so that every run takes the same steps. */
const SECRET = 0x5a;

/** The index of locations is made as large as this many times growing makes it, before there are any. */
const INDEX_GROWTHS = 8;

/**
 * A memory as that of a runtime, whose workers are all on this thread. It sets blocks up and takes their results out; which worker takes the next
 * step, `enter` to `leave`, is its driver's to say.
 */
export class VirtualMachine {
  readonly workers: readonly VirtualWorker[];
  readonly memory: WebAssembly.Memory;
  /** The host's instance of the kernel. */
  readonly host: Kernel;
  readonly layout: ResultLayout;
  readonly #codes: readonly Code[];
  readonly #table: ContractTable;
  readonly #directory: Directory;
  readonly #evicted: EvictedState;
  readonly #encoder: CallEncoder;
  readonly #limits: Limits;
  readonly #words: Int32Array;
  /** By index. */
  readonly #addresses: Uint8Array[] = [];
  /** The workers that have yet to take a step of those that end a block. */
  #leaving: { readonly step: 'arrive' | 'commit' | 'depart'; readonly workers: VirtualWorker[] } = {
    step: 'depart',
    workers: [],
  };
  /** Of the blocks that run contracts, by the digits of the address. */
  #deployed = new Map<string, { readonly index: number; readonly code: Code }>();

  private constructor(
    memory: WebAssembly.Memory,
    host: Kernel,
    workers: readonly VirtualWorker[],
    codes: readonly Code[],
    evicted: EvictedState,
    limits: VirtualMachineOptions['limits'],
  ) {
    this.memory = memory;
    this.host = host;
    this.workers = workers;
    this.layout = resultLayout(host.exports);
    this.#words = new Int32Array(memory.buffer);
    this.#codes = codes;
    this.#evicted = evicted;
    this.#limits = limits;
    this.#encoder = new CallEncoder(host.exports, limits.gas);
    this.#table = new ContractTable(host.exports, memory);
    this.#directory = new Directory(host.exports, memory);
    for (const code of codes) this.#directory.addCode(code);
  }

  /** @throws MisuseError `ERR_OPTION` where the memory is too small for the tables; CapacityError where the machine refuses an instance's memory; ContractCodeError `ERR_CHECK` */
  static async create(options: VirtualMachineOptions): Promise<VirtualMachine> {
    const { limits, workers, parallelism, probe = () => {}, wrap = (kernel) => kernel, clock = counting() } = options;
    const module = options.kernel ?? (await compileKernel());
    const codes = await compileCodes(options.codes);
    const memory = reserveMemory(limits);
    const evicted = new EvictedState(memory, probe);
    const host = instantiate(module, memory, { probe: () => {}, base: evicted.read, clock });
    const shape = { limits, workers, parallelism };
    formatMemory(host.exports, memory, shape, Object.values(KERNEL_GAS), (bytes) => bytes.fill(SECRET));
    attachKernel(host, workers, false);
    for (let i = 0; i < INDEX_GROWTHS; i++) host.exports.beginIndex(1);
    const virtual = Array.from({ length: workers }, (_, index) => {
      const kernel = instantiate(module, memory, { probe, base: evicted.read, clock });
      // Reading a virtual clock takes no time. Without one, readings are shared as on threads.
      if (options.clock !== undefined) kernel.exports.readingGas.value = 0n;
      attachKernel(kernel, index, true);
      try {
        return new VirtualWorker(wrap(kernel, index), codes);
      } catch (cause) {
        if (!(cause instanceof RangeError)) throw cause;
        const message = `the machine refused worker ${index} of ${workers} the memory of its contracts' instances: V8 reserves some 10 GiB of address space for each`;
        throw new CapacityError('memory', message, { cause });
      }
    });
    return new VirtualMachine(memory, host, virtual, codes, evicted, limits);
  }

  /** The address of a contract, for what decodes receipts. */
  addressOf(index: number): Uint8Array {
    return this.#addresses[index] ?? NO_ADDRESS;
  }

  /** Have the blocks from here on call these contracts, which have no state, and be able to call one another; no others. */
  deploy(contracts: readonly SteppedContract[]): void {
    const deployed = contracts.map(({ address, code }) => ({
      address,
      index: this.add(address),
      code: this.#codes[code] as Code,
    }));
    this.#deployed = new Map(deployed.map((contract) => [Buffer.from(contract.address).toString('hex'), contract]));
    const from = () => deployed.map(({ index, code }) => ({ index, code: code.firstEntry }));
    this.#directory.show({ origin: {}, count: deployed.length, from });
  }

  /** The index of a new contract: of the first code, where a block is begun with it. */
  add(address: Uint8Array = NO_ADDRESS): number {
    this.#addresses.push(address);
    return this.#table.add(address);
  }

  /** Set up a block: on the contracts that are deployed; where there are none, on one of the first code, without state unless one is named. */
  async begin(transactions: readonly Transaction[], setup: SteppedSetup): Promise<void> {
    const { transactions: limit } = this.#limits;
    if (transactions.length > limit)
      throw new InvariantError(`a stepped block of ${transactions.length} calls, the machine has room for ${limit}`);
    const { exports } = this.host;
    const calls = new EncodedCalls(transactions.length, this.#encoder.recordBytes);
    this.#encoder.encode(transactions, 0, transactions.length, calls, { methodsOf: this.#targets(setup.contract) });
    await calls.place(exports, this.memory, exports.prepareBlock(calls.size) >>> 0);
    if (setup.context !== undefined) this.#writeContext(setup.context);
    const mode = setup.mode === 'sequential' ? exports.SEQUENTIAL.value : exports.BLOCK_STM.value;
    const { bits, grain } = setup.policy;
    exports.beginBlock(transactions.length, mode, setup.participants, bits, grain);
    for (const worker of this.workers) worker.gasSpent = 0;
  }

  #writeContext({ height, timestamp, chainId, seed }: BlockContext): void {
    const { AT_HEIGHT, AT_TIMESTAMP, AT_CHAIN_ID, AT_SEED } = this.host.exports;
    const view = new DataView(this.memory.buffer);
    view.setBigUint64(AT_HEIGHT.value, height, true);
    view.setBigUint64(AT_TIMESTAMP.value, timestamp, true);
    view.setBigUint64(AT_CHAIN_ID.value, chainId, true);
    new Uint8Array(this.memory.buffer).set(seed, AT_SEED.value);
  }

  /** Where calls go. */
  #targets(contract: number | undefined): Targets['methodsOf'] {
    if (this.#deployed.size > 0) {
      return (address) => {
        const known = this.#deployed.get(Buffer.from(address).toString('hex'));
        return {
          find: (method) => (known === undefined ? UNKNOWN_TARGET : targetOf(known.code, known.index, method)),
        };
      };
    }
    const index = contract ?? this.add();
    return () => ({ find: (method) => targetOf(this.#codes[0] as Code, index, method) });
  }

  /** What the block has met that ends it, a limit or the kernel broken; undefined where there is nothing. The worker that met it has trapped. */
  async fault(): Promise<Error | undefined> {
    const { exports } = this.host;
    const fault = this.word(exports.AT_FAULT.value);
    return fault === 0 ? undefined : faultError(exports, fault, this.#limits, async () => []);
  }

  /**
   * The first `participants` workers have nothing to do any more: let them leave the block.
   * @throws CapacityError where it has met a limit; InvariantError where it has not ended, or the kernel found itself broken.
   */
  async leave(participants: number): Promise<void> {
    const workers = this.workers.slice(0, participants);
    const fault = await this.fault();
    if (fault !== undefined) throw fault;
    if (workers.some(({ isDone }) => !isDone)) {
      throw new InvariantError('everybody sleeps, and the block has not ended');
    }
    for (const step of ['arrive', 'commit', 'depart'] as const) {
      this.#leaving = { step, workers: [...workers] };
      while (this.leaveOne());
    }
  }

  /** Have the next of the workers that leave take the step that all are at: also from a probe, in the middle of another's. False if none is left that has to. */
  leaveOne(): boolean {
    const { step, workers } = this.#leaving;
    const worker = workers.shift();
    worker?.kernel.exports[step]();
    return worker !== undefined;
  }

  /** What the block of `count` calls has left. */
  async copyOut(count: number, participants: number): Promise<SteppedOutcome> {
    const { exports } = this.host;
    const { WORKER_REPORTS, WORKER_WRITES } = exports;
    const log = (at: number) => LogSnapshot.copy(exports, this.memory, participants, at, ownMemory);
    const transactions = await copyTransactions(exports, this.memory, count, ownMemory);
    const { layout } = this;
    return {
      receipts: new LazyReceipts({ layout, transactions, reports: await log(WORKER_REPORTS.value) }, this),
      writeSet: decodeWriteSet({ layout, writes: await log(WORKER_WRITES.value) }, this),
      ...readCounters(exports, this.memory, participants),
      blockBytes: readMemoryUse(exports, this.memory, count).blockBytes,
    };
  }

  /** What the workers have written down of the block, where its policy asked for that. */
  async tape(participants: number): Promise<Tape> {
    return Tape.copy(this.host.exports, this.memory, participants);
  }

  /** The word at `address`, which all workers share. */
  word(address: number): number {
    return this.#words[address >>> 2] as number;
  }

  setWord(address: number, value: number): void {
    this.#words[address >>> 2] = value;
  }

  get wakeWord(): number {
    return this.word(this.host.exports.AT_WAKE.value);
  }

  /** The digest of what is stored. */
  storedHash(): string {
    return storedHash(this.host.exports, this.memory);
  }

  /** Values that were read from what has left memory. */
  get baseReads(): number {
    return this.#evicted.reads;
  }

  /** Have everything leave memory: `written`, what blocks since the last time have written on `contract`, is in the base from now on. */
  evict(contract: number, written: readonly WriteSetEntry[]): void {
    const { exports } = this.host;
    this.#evicted.add(contract, written);
    exports.prepareBlock(0);
    while (exports.evictLocations(0, this.#limits.locations) !== 0);
    this.#table.outlive(() => exports.endEviction());
    this.#directory.placeAgain();
    for (let i = 0; i < INDEX_GROWTHS; i++) exports.beginIndex(1);
    this.setWord(exports.AT_BASE.value, 1);
  }
}

interface Given {
  readonly probe: (place?: number) => void;
  readonly base: ReadBase;
  readonly clock: () => number;
}

function counting(): () => number {
  let moment = 0;
  return () => ++moment;
}

function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory, given: Given): Kernel {
  const calls = new NestedCalls();
  const env = { memory, ...given, call: calls.run, ...hashImports(memory) };
  return kernelOf(new WebAssembly.Instance(module, { env }), calls);
}
