import type { ClientTypes, ContractClient } from '../contract/client.js';
import type { EncodedCalls } from '../engine/calls.js';
import type { ExecutedBlock } from '../engine/executed-block.js';
import type { FirstCallKind } from '../engine/protocol.js';
import type { BlockRecord, Deployment } from '../store/record.js';
import { checkBlock, checkContext, resolveContext } from './block.js';
import { deploySchema, executeSchema, upgradeSchema } from './branch-options.js';
import type { StateNode } from './branches.js';
import { abortable, cancelled } from './cancellation.js';
import type { BlockHeader } from './chain.js';
import { ClientContract } from './client-contract.js';
import type { CheckedCode } from './codes.js';
import type { Contracts } from './contracts.js';
import { OwnedBlock } from './encoded-block.js';
import { AbortError, MisuseError } from './errors.js';
import { ReceiptFeed } from './execution.js';
import { FirstCall } from './first-call.js';
import type { Machine } from './machine.js';
import { resolve } from './option-schema.js';
import { ReceiptDecoder } from './receipts.js';
import { ExecutedBlockResult } from './result.js';
import type { Branch, ExecuteOptions } from './runtime-interface.js';
import { stateHash } from './state-hash.js';
import type { TypedContract } from './typed.js';
import type {
  Block,
  BlockContext,
  BlockResult,
  Contract,
  DeployedContract,
  DeployOptions,
  EncodedBlock,
  Execution,
  FirstCallOptions,
  Receipt,
  Transaction,
  UpgradeOptions,
} from './types.js';

/** What is to be executed as one block. */
interface BlockInput {
  readonly context: Partial<BlockContext> | undefined;
  readonly deployments: readonly Deployment[];
  /** Those of the branch, with what the block deploys. */
  readonly contracts: Contracts;
  /** Their calls, when it is their turn. */
  readonly calls: () => EncodedCalls | Promise<EncodedCalls>;
  /** Throws where the block is not to stand: then it is taken back. */
  readonly accept?: ((executed: ExecutedBlock) => void) | undefined;
}

/** Code that the workers have, and where it is to be. */
interface InstalledCode {
  readonly code: CheckedCode;
  readonly address: Uint8Array;
  readonly wasm: Uint8Array;
}

/** A line of blocks, each on the state that the one before left: the chain, or a fork of it. */
export class BlockBranch implements Branch {
  protected readonly machine: Machine;
  protected readonly contracts: Contracts;
  #node: StateNode;
  #context: BlockContext;
  /** Counts executed blocks, so that a result knows whether the state is still its own. */
  #blocks = 0;
  /** Not a fork of it: what is executed here is kept. */
  readonly #isChain: boolean;
  #isClosed = false;

  /** The chain of a machine, as far as it has come. */
  static chainOf(machine: Machine): BlockBranch {
    return new BlockBranch(machine, machine.contracts, machine.branches.main, machine.headContext, true);
  }

  constructor(machine: Machine, contracts: Contracts, node: StateNode, context: BlockContext, isChain: boolean) {
    this.machine = machine;
    this.contracts = contracts;
    this.#node = node;
    this.#context = context;
    this.#isChain = isChain;
  }

  get height(): bigint {
    return this.#context.height;
  }

  async deploy(wasm: Uint8Array, given: DeployOptions = {}): Promise<DeployedContract> {
    const { address, context, init } = resolve('deploy', deploySchema, given);
    const choose = (code: CheckedCode) => this.contracts.chooseAddress(code, address);
    return this.#putCode(wasm, choose, context, 'init', init as FirstCallOptions | undefined);
  }

  async upgrade(address: Uint8Array, wasm: Uint8Array, given: UpgradeOptions = {}): Promise<DeployedContract> {
    const { context, migrate, allowUnsafe } = resolve('upgrade', upgradeSchema, given);
    const choose = (code: CheckedCode) => this.contracts.chooseUpgraded(code, address, allowUnsafe);
    return this.#putCode(wasm, choose, context, 'migrate', migrate as FirstCallOptions | undefined);
  }

  /** A block that has the code at the address that is chosen for it, and calls its method of that kind. */
  async #putCode(
    wasm: Uint8Array,
    choose: (code: CheckedCode) => Uint8Array,
    context: Partial<BlockContext> | undefined,
    kind: FirstCallKind,
    given: FirstCallOptions | undefined,
  ): Promise<DeployedContract> {
    if (context !== undefined) checkContext(context);
    return this.#inTurn(async () => {
      const code = await this.machine.install(wasm);
      const address = choose(code);
      const firstCall = new FirstCall(kind, code, address, given);
      const result = await this.#deployNow(context, [{ code, address, wasm }], firstCall.transactions, (executed) =>
        firstCall.refuseFailed(executed, this.contracts, this.machine.backtraces),
      );
      await result.settled();
      return firstCall.madeOf(this.contracts.get(address) as Contract, result);
    });
  }

  /** A block as it was executed before, elsewhere. Needs a store. @throws as `deploy` and `execute` do */
  async executeAgain(
    context: BlockContext,
    contracts: readonly { readonly address: Uint8Array; readonly wasm: Uint8Array }[],
    transactions: readonly Transaction[],
  ): Promise<BlockHeader> {
    return this.#inTurn(async () => {
      const installed: InstalledCode[] = [];
      for (const { address, wasm } of contracts)
        installed.push({ code: await this.machine.install(wasm), address, wasm });
      const { durable } = await this.#deployNow(context, installed, transactions);
      return durable;
    });
  }

  /** In its turn: a block that has codes in their places, and then these calls. */
  async #deployNow(
    context: Partial<BlockContext> | undefined,
    installed: readonly InstalledCode[],
    transactions: readonly Transaction[],
    accept?: BlockInput['accept'],
  ): Promise<ExecutedBlockResult> {
    const { engine } = this.machine;
    const contracts = this.contracts.forBlock();
    try {
      const deployments = installed.map(({ code, address, wasm }): Deployment => {
        const isUpgrade = contracts.get(address) !== undefined;
        contracts.put(code, address, (added) => engine.room.addContract(added));
        return { address: new Uint8Array(address), codeHash: code.hash, isUpgrade, wasm: new Uint8Array(wasm) };
      });
      const calls = () => engine.encode(transactions, contracts, false);
      return await this.#executeNow({ context, deployments, contracts, calls, accept });
    } catch (error) {
      contracts.drop();
      throw error;
    }
  }

  contract(address: Uint8Array): Contract | undefined;
  contract<Types extends ClientTypes>(client: ContractClient<Types>, address: Uint8Array): TypedContract<Types>;
  contract<Types extends ClientTypes>(
    given: Uint8Array | ContractClient<Types>,
    address?: Uint8Array,
  ): Contract | TypedContract<Types> | undefined {
    if (address === undefined || given instanceof Uint8Array) return this.contracts.get(given as Uint8Array);
    if (typeof (given as { interface?: unknown } | null)?.interface !== 'object') {
      throw new MisuseError('ERR_ARGUMENT', 'contract: expected a client, as blockstm build writes it, and an address');
    }
    const contract = this.contracts.get(address);
    if (contract !== undefined) return new ClientContract(given, contract, (call) => this.view(call));
    const digits = Buffer.from(address).toString('hex');
    throw new MisuseError('ERR_ARGUMENT', `contract: there is no contract at 0x${digits}`);
  }

  async encodeBlock(block: Block): Promise<EncodedBlock> {
    this.#refuseClosed();
    const { transactions, context } = checkBlock(block);
    const { seed } = resolveContext(context, 0n, 0n);
    const given = Object.freeze({ ...context, ...(context?.seed !== undefined && { seed }) });
    const { revision } = this.contracts;
    const calls = await this.machine.engine.encode([...transactions], this.contracts, true);
    const encoded: unknown = new OwnedBlock(this, calls, given, revision);
    return encoded as EncodedBlock;
  }

  execute(block: Block | EncodedBlock, given: ExecuteOptions = {}): Execution {
    const feed = new ReceiptFeed(this.contracts);
    return feed.attach(this.#execute(block, given, feed));
  }

  async #execute(block: Block | EncodedBlock, given: ExecuteOptions, feed: ReceiptFeed): Promise<BlockResult> {
    const { signal } = resolve('execute', executeSchema, given);
    const { contracts } = this;
    const { engine } = this.machine;
    // The caller may go on to use its array; the transactions in it must stay as they are.
    const owned = block instanceof OwnedBlock ? block.of(this) : [...checkBlock(block).transactions];
    const calls = () =>
      Array.isArray(owned) ? engine.encode(owned, contracts, false) : owned.calls(engine, contracts);
    const input = { context: { ...block.context }, deployments: [], contracts, calls };
    const turn = this.#inTurn(() => this.#executeNow(input, feed, signal));
    return signal === undefined ? turn : abortable(turn, signal, feed);
  }

  /** In its turn. */
  async #executeNow(
    { context: given, deployments, contracts, calls: callsOf, accept }: BlockInput,
    feed?: ReceiptFeed,
    signal?: AbortSignal,
  ): Promise<ExecutedBlockResult> {
    const { machine } = this;
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
      if (contracts !== this.contracts) this.contracts.adopt(contracts);
      tally.add(executed);
      const { height } = context;
      const { aborts, wallMs } = executed;
      resolved.logger?.debug({ height, calls: encoded.count, aborts, wallMs }, 'block executed');
      const durable = record && pipeline?.push({ ...record, addresses: machine.newAddresses() });
      const number = ++this.#blocks;
      const stateHash = () => this.#stateHash(number);
      const result = new ExecutedBlockResult(
        executed,
        contracts,
        height,
        resolved,
        durable,
        stateHash,
        machine.backtraces,
      );
      this.executed(result);
      return result;
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
    const { clock } = this.machine.options;
    return clock === undefined ? 0n : BigInt(Math.floor(clock() / 1000));
  }

  /** Blocks that are kept are found by their height. */
  #refuseGap({ height }: BlockContext): void {
    const next = this.#context.height + 1n;
    if (!this.#isChain || this.machine.pipeline === undefined || height === next) return;
    throw new MisuseError(
      'ERR_ARGUMENT',
      `context.height: the next block of this chain has height ${next}, got ${height}`,
    );
  }

  /** The feed reads where the next block will be written: it ends before this block's turn does. */
  async #run(
    calls: EncodedCalls,
    context: BlockContext,
    feed: ReceiptFeed | undefined,
    signal: AbortSignal | undefined,
  ): Promise<ExecutedBlock> {
    const { engine, options: resolved } = this.machine;
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
      this.machine.engine.takeBack();
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
    const { machine } = this;
    if (!this.#isChain || machine.pipeline === undefined) return undefined;
    const recorded = await machine.engine.record(calls, (contract, entry) => ({
      contract: contracts.addressOf(contract),
      method: machine.codes.methodOf(entry),
    }));
    const logs = { reports: reports.log, writes: writes.log };
    return { context, deployments, calls: recorded, layout, transactions: transactions.buffer, ...logs };
  }

  /** A block was executed. */
  protected executed(_result: BlockResult): void {}

  async view(call: Transaction): Promise<Receipt> {
    return this.#inTurn(async () => {
      const { machine, contracts } = this;
      const calls = await machine.engine.encode([call], contracts, false);
      machine.tally.views++;
      return machine.at(this.#node, async () => {
        machine.engine.room.show(contracts);
        return machine.engine.view(calls, this.#context, (results) =>
          new ReceiptDecoder(results, contracts, machine.backtraces).decode(0),
        );
      });
    });
  }

  async stateHash(): Promise<string> {
    return this.#stateHash(undefined);
  }

  async #stateHash(block: number | undefined): Promise<string> {
    return this.#inTurn(async () => {
      if (block !== undefined && block !== this.#blocks) {
        throw new MisuseError(
          'ERR_STATE_MOVED',
          'stateHash: a later block has been executed; ask before you execute the next',
        );
      }
      return stateHash(await this.machine.storedHash(this.#node), this.contracts.all());
    });
  }

  fork(): Branch {
    this.#refuseClosed();
    this.#node.retain();
    return new BlockBranch(this.machine, this.contracts.fork(), this.#node, this.#context, false);
  }

  /** Another chain has been put in the place of an empty one. */
  protected restart(context: BlockContext): void {
    this.#context = context;
  }

  async #inTurn<Result>(operation: () => Promise<Result>): Promise<Result> {
    this.#refuseClosed();
    return this.machine.inTurn(async () => {
      this.#refuseClosed();
      return operation();
    });
  }

  #refuseClosed(): void {
    this.machine.refuseClosed();
    if (this.#isClosed) throw new MisuseError('ERR_CLOSED', 'the fork is closed');
  }

  /** What has begun here is done first: it needs the state that it began with. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const release = async () => this.#node.release();
    // With the runtime everything is over.
    await this.machine.inTurn(release).catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
