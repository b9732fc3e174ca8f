import type { EncodedCalls } from '../engine/calls.js';
import type { ExecutedBlock } from '../engine/executed-block.js';
import type { BlockRecord, Deployment } from '../store/record.js';
import { resolveContext } from './block.js';
import type { StateNode } from './branches.js';
import { cancelled } from './cancellation.js';
import type { Contracts } from './contracts.js';
import { AbortError, MisuseError } from './errors.js';
import type { ReceiptFeed } from './execution.js';
import type { Machine } from './machine.js';
import { ReceiptDecoder } from './receipts.js';
import { ExecutedBlockResult } from './result.js';
import { stateHash } from './state-hash.js';
import type { BlockContext, Receipt, Transaction } from './types.js';

/** What is to be executed as one block. */
export interface BlockInput {
  readonly context: Partial<BlockContext> | undefined;
  readonly deployments: readonly Deployment[];
  /** Those of the branch, with what the block deploys. */
  readonly contracts: Contracts;
  /** Their calls, when it is their turn. */
  readonly calls: () => EncodedCalls | Promise<EncodedCalls>;
  /** Throws where the block is not to stand: then it is taken back. */
  readonly accept?: ((executed: ExecutedBlock) => void) | undefined;
}

/**
 * Where a branch has come to: the state that its last block left, on which the next one is put. Each of its methods that executes or reads is to be called in its turn.
 */
export class BlockLine {
  readonly #machine: Machine;
  /** Of the branch. */
  readonly #contracts: Contracts;
  #node: StateNode;
  #context: BlockContext;
  /** Counts executed blocks, so that a result knows whether the state is still its own. */
  #blocks = 0;
  /** Not a fork of it: what is executed here is kept. */
  readonly #isChain: boolean;

  /** The chain of a machine, as far as it has come. */
  static chainOf(machine: Machine): BlockLine {
    return new BlockLine(machine, machine.contracts, machine.branches.main, machine.headContext, true);
  }

  private constructor(
    machine: Machine,
    contracts: Contracts,
    node: StateNode,
    context: BlockContext,
    isChain: boolean,
  ) {
    this.#machine = machine;
    this.#contracts = contracts;
    this.#node = node;
    this.#context = context;
    this.#isChain = isChain;
  }

  /** Of the last block. */
  get context(): BlockContext {
    return this.#context;
  }

  /**
   * Execute a block. `stateHashAt`: the hash of the state that its block of this number left, for its result.
   * @throws MisuseError, CapacityError, WorkerError, StoreError, AbortError, InvariantError
   */
  async execute(
    { context: given, deployments, contracts, calls: callsOf, accept }: BlockInput,
    stateHashAt: (block: number) => Promise<string>,
    feed?: ReceiptFeed,
    signal?: AbortSignal,
  ): Promise<ExecutedBlockResult> {
    const machine = this.#machine;
    const { pipeline, branches, options: resolved, tally } = machine;
    try {
      if (this.#isChain) await pipeline?.room();
      if (signal?.aborted) throw cancelled(signal);
      const context = resolveContext(given, this.#context.height + 1n, this.#timestamp());
      this.#refuseGap(context);
      const encoded = await callsOf();
      const { executed, record } = await machine.at(this.#node, async () => {
        machine.engine.room.show(contracts);
        const executed = await this.#run(encoded, context, feed, signal);
        this.#accept(executed, accept);
        return { executed, record: await this.#record(encoded, context, deployments, executed, contracts) };
      });
      this.#node = branches.advance(this.#node, this.#isChain);
      this.#context = context;
      if (contracts !== this.#contracts) this.#contracts.adopt(contracts);
      tally.add(executed);
      const { height } = context;
      const { aborts, wallMs } = executed;
      resolved.logger?.debug({ height, calls: encoded.count, aborts, wallMs }, 'block executed');
      const durable = record && pipeline?.push({ ...record, addresses: machine.newAddresses() });
      const number = ++this.#blocks;
      const hash = () => stateHashAt(number);
      return new ExecutedBlockResult(executed, contracts, height, resolved, durable, hash, machine.backtraces);
    } catch (error) {
      const height = this.#context.height + 1n;
      if (error instanceof AbortError) resolved.logger?.debug({ height }, 'block cancelled');
      else {
        tally.rejectedBlocks++;
        resolved.logger?.warn({ err: error, height }, 'block rejected');
      }
      throw error;
    }
  }

  #timestamp(): bigint {
    const { clock } = this.#machine.options;
    return clock === undefined ? 0n : BigInt(Math.floor(clock() / 1000));
  }

  /** Blocks that are kept are found by their height. */
  #refuseGap({ height }: BlockContext): void {
    const next = this.#context.height + 1n;
    if (!this.#isChain || this.#machine.pipeline === undefined || height === next) return;
    throw new MisuseError(
      'ERR_ARGUMENT',
      `context.height: the next block of this chain has height ${next}, found ${height}`,
    );
  }

  /** The feed reads where the next block will be written: it ends before this block's turn does. */
  async #run(
    calls: EncodedCalls,
    context: BlockContext,
    feed: ReceiptFeed | undefined,
    signal: AbortSignal | undefined,
  ): Promise<ExecutedBlock> {
    const { engine, options: resolved } = this.#machine;
    try {
      return await engine.run(calls, context, {
        mode: resolved.executor,
        begun: (running) => feed?.begin(running),
        signal,
      });
    } finally {
      feed?.end();
    }
  }

  #accept(executed: ExecutedBlock, accept: BlockInput['accept']): void {
    try {
      accept?.(executed);
    } catch (refusal) {
      this.#machine.engine.takeBack();
      throw refusal;
    }
  }

  /** What the store is to be given, if the block is to be kept. What the machine has no memory for has not happened. @throws CapacityError */
  async #record(
    calls: EncodedCalls,
    context: BlockContext,
    deployments: readonly Deployment[],
    { layout, transactions, reports, writes }: ExecutedBlock,
    contracts: Contracts,
  ): Promise<Omit<BlockRecord, 'addresses'> | undefined> {
    const machine = this.#machine;
    if (!this.#isChain || machine.pipeline === undefined) return undefined;
    const recorded = await machine.engine.record(calls, (contract, entry) => ({
      contract: contracts.addressOf(contract),
      method: machine.codes.methodOf(entry),
    }));
    const logs = { reports: reports.log, writes: writes.log };
    return { context, deployments, calls: recorded, layout, transactions: transactions.buffer, ...logs };
  }

  /** Execute one call that writes nothing. @throws CapacityError, WorkerError, StoreError, InvariantError */
  async view(call: Transaction): Promise<Receipt> {
    const machine = this.#machine;
    const contracts = this.#contracts;
    const calls = await machine.engine.blocks.encode([call], contracts, false);
    machine.tally.views++;
    return machine.at(this.#node, async () => {
      machine.engine.room.show(contracts);
      return machine.engine.view(calls, this.#context, (results) =>
        new ReceiptDecoder(results, contracts, machine.backtraces).decode(0),
      );
    });
  }

  /** Of the state as it is, which `block` has left if that is given. @throws MisuseError `ERR_STATE_MOVED` */
  async stateHash(block: number | undefined): Promise<string> {
    if (block !== undefined && block !== this.#blocks) {
      throw new MisuseError(
        'ERR_STATE_MOVED',
        'stateHash: a later block has been executed; ask before you execute the next',
      );
    }
    return stateHash(await this.#machine.storedHash(this.#node), this.#contracts.all());
  }

  /** Another line that goes on from here, among `contracts`. */
  fork(contracts: Contracts): BlockLine {
    this.#node.retain();
    return new BlockLine(this.#machine, contracts, this.#node, this.#context, false);
  }

  /** Another chain has been put in the place of an empty one. */
  restart(context: BlockContext): void {
    this.#context = context;
  }

  /** Let go of the state. */
  release(): void {
    this.#node.release();
  }
}
