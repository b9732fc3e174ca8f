import type { ClientTypes } from '../contract/client.js';
import { decodeBody } from '../store/body.js';
import { decodeReceipt, decodeReceipts } from '../store/receipts.js';
import { writeSnapshot } from '../store/snapshot-writer.js';
import type { Store, StoredBlock } from '../store/store.js';
import { BlockLine } from './block-line.js';
import { BlockBranch } from './branch.js';
import type { BlockHeader, ChainBlock } from './chain.js';
import { MisuseError } from './errors.js';
import { Machine } from './machine.js';
import { resolveOptions } from './options.js';
import type { Pipeline } from './pipeline.js';
import { replay } from './replay.js';
import type {
  ChainEvent,
  EventFilter,
  Metrics,
  Replay,
  ReplayOptions,
  Runtime,
  RuntimeOptions,
} from './runtime-interface.js';
import { Subscriptions } from './subscriptions.js';
import type { TypedChainEvent, TypedEventFilter } from './typed.js';
import type { BlockResult, ExecutorName, Receipt } from './types.js';

/**
 * Start a runtime: reserve its memory, start its worker threads, open its store.
 * @throws MisuseError `ERR_OPTION` naming the option; StoreError.
 */
export async function createRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  return new ChainRuntime(await Machine.create(resolveOptions(options)));
}

type Subscription = AsyncIterableIterator<BlockResult | ChainEvent | TypedChainEvent<ClientTypes>>;

/** The chain itself: what is executed here is kept, where there is a store. */
class ChainRuntime extends BlockBranch implements Runtime {
  readonly workers: number;
  readonly executor: ExecutorName;
  readonly #subscriptions = new Subscriptions();

  constructor(machine: Machine) {
    super(machine, machine.contracts, BlockLine.chainOf(machine));
    this.workers = machine.options.workers;
    this.executor = machine.options.executor;
  }

  get #store(): { readonly store: Store; readonly pipeline: Pipeline } {
    const { options, pipeline } = this.machine;
    if (options.store === undefined || pipeline === undefined) {
      throw new MisuseError('ERR_NO_STORE', 'the runtime has no store: it keeps nothing of the past');
    }
    this.machine.refuseClosed();
    return { store: options.store, pipeline };
  }

  get head(): BlockHeader | undefined {
    return this.#store.pipeline.head;
  }

  protected override executed(result: BlockResult): void {
    this.#subscriptions.publish(result);
  }

  async block(height: bigint): Promise<ChainBlock | undefined> {
    const stored = await this.#stored(height);
    if (stored === undefined) return undefined;
    return { header: stored.header, ...decodeBody(stored.body), receipts: decodeReceipts(stored.receipts) };
  }

  async receipt(height: bigint, index: number): Promise<Receipt | undefined> {
    if (!Number.isSafeInteger(index) || index < 0) {
      throw new MisuseError('ERR_ARGUMENT', `index: expected a whole number from 0, found ${String(index)}`);
    }
    const stored = await this.#stored(height);
    return stored === undefined ? undefined : decodeReceipt(stored.receipts, index);
  }

  async #stored(height: bigint): Promise<StoredBlock | undefined> {
    refuseNoHeight(height);
    return this.#store.store.block(height);
  }

  async *blocks(from?: bigint, to?: bigint): AsyncGenerator<ChainBlock, void, undefined> {
    const kept = await this.#store.store.heights();
    if (kept === undefined) return;
    const end = this.head?.height ?? 0n;
    const last = to === undefined || to > end ? end : to;
    for (let height = from === undefined || from < kept.first ? kept.first : from; height <= last; height++) {
      const block = await this.block(height);
      if (block !== undefined) yield block;
    }
  }

  async replay(options: ReplayOptions = {}): Promise<Replay> {
    const { store } = this.#store;
    return replay(store, this.machine.options, options);
  }

  async snapshot(file: string): Promise<BlockHeader | undefined> {
    const { store, pipeline } = this.#store;
    refuseNoPath('snapshot', file);
    await pipeline.settled();
    return writeSnapshot(store, file);
  }

  async restore(file: string): Promise<BlockHeader | undefined> {
    void this.#store;
    refuseNoPath('restore', file);
    return this.machine.inTurn(async () => {
      if (this.height > 0n) throw new MisuseError('ERR_ARGUMENT', 'restore: the chain has blocks already');
      const head = await this.machine.restore(file);
      this.restart(this.machine.headContext);
      return head;
    });
  }

  async prune(height: bigint): Promise<number> {
    const { store, pipeline } = this.#store;
    refuseNoHeight(height);
    return this.machine.inTurn(async () => {
      await pipeline.settled();
      const head = pipeline.head?.height ?? 0n;
      if (height > head) {
        throw new MisuseError(
          'ERR_ARGUMENT',
          `prune: height: expected at most the head's, which is ${head}, found ${height}`,
        );
      }
      return store.prune(height);
    });
  }

  subscribe(what: 'blocks'): AsyncIterableIterator<BlockResult>;
  subscribe(what: 'events', filter?: EventFilter): AsyncIterableIterator<ChainEvent>;
  subscribe<Types extends ClientTypes>(
    what: 'events',
    filter: TypedEventFilter<Types>,
  ): AsyncIterableIterator<TypedChainEvent<Types>>;
  subscribe(what: 'blocks' | 'events', filter: EventFilter | TypedEventFilter<ClientTypes> = {}): Subscription {
    this.machine.refuseClosed();
    if (what === 'blocks') return this.#subscriptions.blocks();
    if (what === 'events') return this.#subscriptions.events(filter);
    throw new MisuseError('ERR_ARGUMENT', `subscribe: expected "blocks" or "events", found ${String(what)}`);
  }

  metrics(): Metrics {
    const { tally, pipeline, engine } = this.machine;
    const durableHeight = pipeline === undefined ? this.height : (pipeline.head?.height ?? 0n);
    return {
      height: this.height,
      durableHeight,
      pendingBlocks: pipeline?.length ?? 0,
      evictions: engine.room.evictions,
      ...tally,
    };
  }

  override async close(): Promise<void> {
    this.#subscriptions.end();
    await this.machine.close();
  }
}

/** @throws MisuseError `ERR_ARGUMENT` */
function refuseNoHeight(height: unknown): void {
  if (typeof height === 'bigint') return;
  const found = typeof height === 'number' ? `the number ${height}` : String(height);
  throw new MisuseError('ERR_ARGUMENT', `height: expected a bigint, found ${found}`);
}

/** @throws MisuseError `ERR_ARGUMENT` */
function refuseNoPath(what: string, file: unknown): void {
  if (typeof file !== 'string' || file === '') {
    throw new MisuseError('ERR_ARGUMENT', `${what}: expected the path of a file, found ${String(file)}`);
  }
}
