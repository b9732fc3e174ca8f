import type { EncodedCalls } from '../engine/calls.js';
import { Engine, type ExecutedBlock } from '../engine/engine.js';
import { KERNEL_GAS } from '../wasm/gas-schedule.js';
import { checkBlock, resolveContext } from './block.js';
import { Contracts } from './contracts.js';
import { OwnedBlock } from './encoded-block.js';
import { MisuseError } from './errors.js';
import { ReceiptFeed } from './execution.js';
import { refuseUnknown } from './option-check.js';
import { type ResolvedOptions, resolveOptions } from './options.js';
import { LazyReceipts } from './receipts.js';
import { ExecutedBlockResult } from './result.js';
import type {
  Block,
  BlockContext,
  BlockResult,
  Contract,
  DeployOptions,
  EncodedBlock,
  Execution,
  ExecutorName,
  Receipt,
  Runtime,
  RuntimeOptions,
  Transaction,
} from './types.js';

/**
 * Start a runtime: reserve its memory and start its worker threads. They keep the process alive until `close`.
 * @throws MisuseError `ERR_OPTION` naming the option.
 */
export async function createRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  const resolved = resolveOptions(options);
  const contracts = new Contracts();
  return new QueuedRuntime(await Engine.create(resolved, Object.values(KERNEL_GAS), contracts), contracts, resolved);
}

/** Every operation takes its turn: one block, view, deployment or hash at a time, in the order asked for. */
class QueuedRuntime implements Runtime {
  readonly workers: number;
  readonly executor: ExecutorName;
  readonly #engine: Engine;
  readonly #contracts: Contracts;
  #context: BlockContext = resolveContext(undefined, 0n);
  /** Counts executed blocks, so that a result knows whether the state is still its own. */
  #blocks = 0;
  #last: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(engine: Engine, contracts: Contracts, options: ResolvedOptions) {
    this.#engine = engine;
    this.#contracts = contracts;
    this.workers = options.workers;
    this.executor = options.executor;
  }

  get height(): bigint {
    return this.#context.height;
  }

  async deploy(wasm: Uint8Array, options: DeployOptions = {}): Promise<Contract> {
    refuseUnknown('deploy', options, ['address']);
    return this.#inTurn(async () => {
      const { code, isNew } = await this.#contracts.check(wasm);
      const address = this.#contracts.chooseAddress(code, options.address);
      if (isNew) {
        await this.#engine.install(code);
        this.#contracts.addCode(code);
      }
      return this.#contracts.add(code, address, this.#engine.addContract(address));
    });
  }

  async encodeBlock(block: Block): Promise<EncodedBlock> {
    this.#refuseClosed();
    const { transactions, context } = checkBlock(block);
    const { seed } = resolveContext(context, 0n);
    const given = Object.freeze({ ...context, ...(context?.seed !== undefined && { seed }) });
    const encoded: unknown = new OwnedBlock(this, await this.#engine.encode([...transactions], true), given);
    return encoded as EncodedBlock;
  }

  execute(block: Block | EncodedBlock): Execution {
    const feed = new ReceiptFeed(this.#contracts);
    return feed.attach(this.#execute(block, feed));
  }

  async #execute(block: Block | EncodedBlock, feed: ReceiptFeed): Promise<BlockResult> {
    // The caller may go on to use its array; the transactions in it must stay as they are.
    const calls = block instanceof OwnedBlock ? block.callsFor(this) : [...checkBlock(block).transactions];
    const given = { ...block.context };
    return this.#inTurn(async () => {
      const context = resolveContext(given, this.#context.height + 1n);
      const encoded = Array.isArray(calls) ? await this.#engine.encode(calls, false) : calls;
      const executed = await this.#run(encoded, context, feed);
      this.#context = context;
      const number = ++this.#blocks;
      return new ExecutedBlockResult(executed, this.#contracts, context.height, this.executor, () =>
        this.#stateHash(number),
      );
    });
  }

  /** The feed reads where the next block will be written: it ends before this block's turn does. */
  async #run(calls: EncodedCalls, context: BlockContext, feed: ReceiptFeed): Promise<ExecutedBlock> {
    try {
      return await this.#engine.run(calls, context, this.executor, (running) => feed.begin(running));
    } finally {
      feed.end();
    }
  }

  async view(call: Transaction): Promise<Receipt> {
    return this.#inTurn(async () => {
      const executed = await this.#engine.run(await this.#engine.encode([call], false), this.#context, 'view');
      return new LazyReceipts(executed, this.#contracts).get(0);
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
      return this.#engine.stateHash();
    });
  }

  async #inTurn<Result>(operation: () => Promise<Result>): Promise<Result> {
    this.#refuseClosed();
    const turn = this.#last.then(async () => {
      this.#refuseClosed();
      try {
        return await operation();
      } catch (error) {
        if (this.#closing === undefined) throw error;
        throw new MisuseError('ERR_CLOSED', 'the runtime was closed before this was done; no state has changed', {
          cause: error,
        });
      }
    });
    this.#last = turn.catch(() => {});
    return turn;
  }

  #refuseClosed(): void {
    if (this.#closing !== undefined) throw new MisuseError('ERR_CLOSED', 'the runtime is closed');
  }

  async close(): Promise<void> {
    this.#closing ??= this.#engine.close();
    await this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
