import type { ClientTypes, ContractClient } from '../contract/client.js';
import type { FirstCallKind } from '../engine/protocol.js';
import type { Deployment } from '../store/record.js';
import { checkBlock, checkContext, resolveContext } from './block.js';
import { type BlockInput, BlockLine } from './block-line.js';
import { deploySchema, executeSchema, upgradeSchema } from './branch-options.js';
import { abortable } from './cancellation.js';
import type { BlockHeader } from './chain.js';
import { ClientContract } from './client-contract.js';
import type { CheckedCode } from './codes.js';
import type { Contracts } from './contracts.js';
import { OwnedBlock } from './encoded-block.js';
import { MisuseError } from './errors.js';
import { ReceiptFeed } from './execution.js';
import { FirstCall } from './first-call.js';
import type { Machine } from './machine.js';
import { resolve } from './option-schema.js';
import type { ExecutedBlockResult } from './result.js';
import type { Branch, ExecuteOptions } from './runtime-interface.js';
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

/** Code that the workers have, and where it is to be. */
interface InstalledCode {
  readonly code: CheckedCode;
  readonly address: Uint8Array;
  readonly wasm: Uint8Array;
}

/** The chain, or a fork of it, as its owner has it: checks what is asked for and takes its turn. What is executed then is the line's. */
export class BlockBranch implements Branch {
  protected readonly machine: Machine;
  protected readonly contracts: Contracts;
  readonly #line: BlockLine;
  #isClosed = false;

  /** The chain of a machine, as far as it has come. */
  static chainOf(machine: Machine): BlockBranch {
    return new BlockBranch(machine, machine.contracts, BlockLine.chainOf(machine));
  }

  /** `line`: of the same contracts. */
  constructor(machine: Machine, contracts: Contracts, line: BlockLine) {
    this.machine = machine;
    this.contracts = contracts;
    this.#line = line;
  }

  get height(): bigint {
    return this.#line.context.height;
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
      const calls = () => engine.blocks.encode(transactions, contracts, false);
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
    const calls = await this.machine.engine.blocks.encode([...transactions], this.contracts, true);
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
      Array.isArray(owned) ? engine.blocks.encode(owned, contracts, false) : owned.calls(engine, contracts);
    const input = { context: { ...block.context }, deployments: [], contracts, calls };
    const turn = this.#inTurn(() => this.#executeNow(input, feed, signal));
    return signal === undefined ? turn : abortable(turn, signal, feed);
  }

  /** In its turn. */
  async #executeNow(input: BlockInput, feed?: ReceiptFeed, signal?: AbortSignal): Promise<ExecutedBlockResult> {
    const stateHashAt = (block: number) => this.#inTurn(() => this.#line.stateHash(block));
    const result = await this.#line.execute(input, stateHashAt, feed, signal);
    this.executed(result);
    return result;
  }

  /** A block was executed. */
  protected executed(_result: BlockResult): void {}

  async view(call: Transaction): Promise<Receipt> {
    return this.#inTurn(() => this.#line.view(call));
  }

  async stateHash(): Promise<string> {
    return this.#inTurn(() => this.#line.stateHash(undefined));
  }

  fork(): Branch {
    this.#refuseClosed();
    const contracts = this.contracts.fork();
    return new BlockBranch(this.machine, contracts, this.#line.fork(contracts));
  }

  /** Another chain has been put in the place of an empty one. */
  protected restart(context: BlockContext): void {
    this.#line.restart(context);
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
    const release = async () => this.#line.release();
    // With the runtime everything is over.
    await this.machine.inTurn(release).catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
