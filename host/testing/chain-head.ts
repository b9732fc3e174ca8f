import {
  type BlockContext,
  type BlockResult,
  type Branch,
  type DeployedContract,
  type DeployOptions,
  MisuseError,
  type Receipt,
  type Runtime,
  type Transaction,
  type UpgradeOptions,
} from '../index.js';
import type { Rehearsal } from './chain-options.js';
import type { Position } from './chain-position.js';
import { History, type HistoryEntry } from './history.js';

/** Where a chain has come to: what it is on, its time, and what led there; and what is executed there. */
export class ChainHead {
  readonly #runtime: Runtime;
  /** Of all its blocks. */
  readonly #context: Partial<BlockContext>;
  #branch: Branch;
  #history: History | undefined;
  /** Blocks and views that have begun. */
  #running = 0;
  /** Of the next block. */
  time: bigint;

  constructor(runtime: Runtime, time: bigint, context: Partial<BlockContext>) {
    this.#runtime = runtime;
    this.#branch = runtime;
    this.time = time;
    this.#context = context;
  }

  /** The runtime, or a fork of it after `goTo`. */
  get branch(): Branch {
    return this.#branch;
  }

  get history(): readonly HistoryEntry[] {
    return History.entries(this.#history);
  }

  /** More has led here. */
  note(entry: HistoryEntry): void {
    this.#history = History.after(this.#history, entry);
  }

  async deploy(wasm: Uint8Array, options: DeployOptions): Promise<DeployedContract> {
    return this.#busy(this.#branch.deploy(wasm, { ...options, context: this.#nextContext() }));
  }

  async upgrade(address: Uint8Array, wasm: Uint8Array, options: UpgradeOptions): Promise<DeployedContract> {
    return this.#busy(this.#branch.upgrade(address, wasm, { ...options, context: this.#nextContext() }));
  }

  /** As one block. `height`: the next one, if it is not given. */
  async execute(transactions: readonly Transaction[], height?: bigint): Promise<BlockResult> {
    const context = { ...this.#nextContext(), ...(height !== undefined && { height }) };
    return this.#busy(this.#branch.execute({ transactions, context }));
  }

  async view(call: Transaction): Promise<Receipt> {
    return this.#busy(this.#branch.view(call));
  }

  async stateHash(): Promise<string> {
    return this.#busy(this.#branch.stateHash());
  }

  /** What a block would give: it is executed on a fork, which is dropped. */
  async rehearse(transactions: readonly Transaction[]): Promise<Rehearsal> {
    return this.#busy(this.#rehearse(transactions));
  }

  async #rehearse(transactions: readonly Transaction[]): Promise<Rehearsal> {
    await using fork = this.#branch.fork();
    const result = await fork.execute({ transactions, context: this.#nextContext() });
    const { receipts, writeSet, stats } = result;
    return { receipts, writeSet, stats, stateHash: await result.stateHash() };
  }

  /** To come back to. Its branch is a fork of this one. */
  position(): Omit<Position, 'contractNames'> {
    return { branch: this.#branch.fork(), time: this.time, history: this.#history };
  }

  /** Go on from there. The position is as good as before. */
  goTo({ branch, time, history }: Omit<Position, 'contractNames'>): void {
    const left = this.#branch;
    this.#branch = branch.fork();
    this.time = time;
    this.#history = history;
    // The runtime is what all forks share.
    if (left !== this.#runtime) void left.close();
  }

  /** @throws MisuseError `ERR_ARGUMENT` while calls are running. */
  refuseRunning(what: string): void {
    if (this.#running === 0) return;
    const calls = this.#running === 1 ? 'a call is' : `${this.#running} calls are`;
    throw new MisuseError('ERR_ARGUMENT', `${what}: ${calls} still running: await them first`);
  }

  #nextContext(): Partial<BlockContext> {
    return { ...this.#context, timestamp: this.time };
  }

  async #busy<Result>(running: Promise<Result>): Promise<Result> {
    this.#running++;
    try {
      return await running;
    } finally {
      this.#running--;
    }
  }
}
