import type { PatchedValue } from '../engine/changes.js';
import { Engine } from '../engine/engine.js';
import { ownMemory, sharedMemory } from '../engine/snapshot.js';
import { readSnapshot } from '../store/snapshot-reader.js';
import { hashState } from '../store/state-hash.js';
import type { Store, StoredChain } from '../store/store.js';
import { KERNEL_GAS } from '../wasm/gas-schedule.js';
import { Backtraces } from './backtraces.js';
import { resolveContext } from './block.js';
import { Branches, patchInParts, type StateNode } from './branches.js';
import type { BlockHeader } from './chain.js';
import { type CheckedCode, Codes } from './codes.js';
import { Contracts } from './contracts.js';
import { CapacityError, MisuseError, StoreError } from './errors.js';
import { OpenRuntimes } from './open-runtimes.js';
import type { ResolvedOptions } from './options.js';
import { Pipeline } from './pipeline.js';
import { Tally } from './tally.js';
import type { BlockContext } from './types.js';

/**
 * What a runtime and its forks share: the engine, the code that it has installed, the store, and the order of turns. One block, view, deployment or hash at a time, in the order
 * asked for.
 */
export class Machine {
  readonly options: ResolvedOptions;
  readonly engine: Engine;
  readonly pipeline: Pipeline | undefined;
  readonly branches: Branches;
  readonly codes: Codes;
  /** Undefined without the option. */
  readonly backtraces: Backtraces | undefined;
  /** Those of the chain. */
  readonly contracts = new Contracts();
  readonly tally = new Tally();
  #last: Promise<unknown> = Promise.resolve();
  /** Operations that wait for their turn, or have it. */
  #operations = 0;
  /** Index up to which records have named the addresses of contracts. */
  #named = 0;
  #closing: Promise<void> | undefined;

  private constructor(engine: Engine, options: ResolvedOptions, pipeline: Pipeline | undefined) {
    this.engine = engine;
    this.options = options;
    this.pipeline = pipeline;
    this.branches = new Branches(engine);
    this.codes = new Codes(options.backtraces);
    this.backtraces = options.backtraces ? new Backtraces(this.codes) : undefined;
  }

  /** @throws MisuseError, StoreError, WorkerError */
  static async create(options: ResolvedOptions): Promise<Machine> {
    const { store, pending, logger } = options;
    const chain = await store?.open();
    let machine: Machine | undefined;
    try {
      const pipeline = store && new Pipeline(store, chain?.head, pending, logger);
      const settled = async (): Promise<boolean> => {
        await pipeline?.readable();
        return machine?.branches.isMainInMemory ?? true;
      };
      const backing = store?.reader && { reader: store.reader, settled };
      // A store has threads of its own that read them.
      const copies = store === undefined ? ownMemory : sharedMemory;
      const engine = await Engine.create({ ...options, backing, copies }, Object.values(KERNEL_GAS));
      machine = new Machine(engine, options, pipeline);
      if (chain !== undefined) await machine.load(chain);
    } catch (error) {
      await machine?.engine.close();
      await machine?.engine.closeReader();
      await store?.close();
      throw error;
    }
    machine.engine.letGo();
    OpenRuntimes.add(machine, logger);
    logger?.debug({ workers: options.workers, height: chain?.head?.height }, 'runtime started');
    return machine;
  }

  /** Install the contracts of a chain; and read its state, where that has to be in memory. @throws StoreError */
  async load({ contracts }: StoredChain): Promise<void> {
    const { store } = this.options;
    if (store === undefined) return;
    const indexes = new Map<string, number>();
    for (const { address, codeHash } of contracts) {
      const code = await this.install(await store.code(codeHash));
      if (code.hash !== codeHash) {
        const digits = Buffer.from(address).toString('hex');
        const message = `the contract 0x${digits} was deployed under another gas schedule: this release cannot go on with its chain`;
        throw new StoreError('ERR_STORE_VERSION', message);
      }
      this.contracts.put(code, address, (added) => {
        const index = this.engine.room.addContract(added);
        indexes.set(Buffer.from(added).toString('hex'), index);
        return index;
      });
    }
    if (store.reader === undefined) await this.#readState(indexes);
  }

  async #readState(indexes: ReadonlyMap<string, number>): Promise<void> {
    const view = await this.options.store?.view();
    if (view === undefined) return;
    const values = async function* (): AsyncGenerator<PatchedValue, void, undefined> {
      for await (const { contract, key, value } of view.state()) {
        yield { contract: indexes.get(Buffer.from(contract).toString('hex')) as number, key, value };
      }
    };
    try {
      await patchInParts(this.engine, values());
    } finally {
      view.close();
    }
  }

  /**
   * Do `operation` with the state at `node` in memory. Where that is a fork's, only this makes room for it: what the store keeps is the chain's.
   * @throws CapacityError, WorkerError, StoreError
   */
  async at<Result>(node: StateNode, operation: () => Promise<Result>): Promise<Result> {
    const isBacked = this.options.store?.reader !== undefined;
    if (isBacked && this.engine.room.isCleaningDue) await this.#makeRoom();
    let isThere = false;
    try {
      await this.branches.enter(node);
      isThere = true;
      return await operation();
    } catch (error) {
      // For the chain itself the engine has made room, once it was there.
      const isInVain = isThere && node === this.branches.main;
      if (!(error instanceof CapacityError) || !isBacked || isInVain) throw error;
      await this.#makeRoom();
      await this.branches.enter(node);
      return operation();
    }
  }

  async #makeRoom(): Promise<void> {
    await this.pipeline?.readable();
    await this.engine.room.evict();
    this.branches.restart();
  }

  /** Begin with the chain of a snapshot. @throws StoreError, MisuseError */
  async restore(file: string): Promise<BlockHeader | undefined> {
    const chain = await readSnapshot(file, this.options.store as Store, (wasm) => this.codes.check(wasm));
    try {
      await this.load(chain);
    } catch (error) {
      // What is in memory is no longer what the store has: no block may be put behind it.
      this.pipeline?.stop(error);
      throw error;
    }
    this.pipeline?.restart(chain.head);
    return chain.head;
  }

  /** The context of the chain's last block when it was opened: what a view sees. */
  get headContext(): BlockContext {
    const head = this.pipeline?.head;
    if (head === undefined) return resolveContext(undefined, 0n, 0n);
    const { height, timestamp, chainId, seed } = head;
    return { height, timestamp, chainId, seed };
  }

  /** Addresses of contracts, by their index in the engine, that no record has named yet. */
  newAddresses(): [index: number, address: Uint8Array][] {
    const addresses = this.contracts.addressesFrom(this.#named);
    const last = addresses.at(-1);
    if (last !== undefined) this.#named = last[0] + 1;
    return addresses;
  }

  /** The digest of what is stored at `node`. */
  async storedHash(node: StateNode): Promise<string> {
    const { store } = this.options;
    if (store?.reader === undefined) return this.at(node, () => this.engine.storedHash());
    await this.pipeline?.settled();
    const view = await store.view();
    try {
      const differences = this.branches.difference(node).map(({ contract, key, value }) => ({
        contract: this.contracts.addressOf(contract),
        key,
        value,
      }));
      return await hashState(view.state(), differences);
    } finally {
      view.close();
    }
  }

  /** The code of `wasm`, installed in every worker. @throws ContractCodeError, WorkerError */
  async install(wasm: Uint8Array): Promise<CheckedCode> {
    const { code, isNew } = await this.codes.check(wasm);
    if (isNew) {
      await this.engine.install(code);
      this.codes.add(code);
    }
    return code;
  }

  /** The workers keep the process from ending while something is asked for. */
  async inTurn<Result>(operation: () => Promise<Result>): Promise<Result> {
    this.refuseClosed();
    if (this.#operations++ === 0) this.engine.hold();
    const turn = this.#last.then(async () => {
      this.refuseClosed();
      try {
        return await operation();
      } catch (error) {
        if (this.#closing === undefined) throw error;
        throw new MisuseError('ERR_CLOSED', 'the runtime was closed before this was done; no state has changed', {
          cause: error,
        });
      } finally {
        if (--this.#operations === 0 && this.#closing === undefined) this.engine.letGo();
      }
    });
    this.#last = turn.catch(() => {});
    return turn;
  }

  refuseClosed(): void {
    if (this.#closing !== undefined) throw new MisuseError('ERR_CLOSED', 'the runtime is closed');
  }

  /** A running block is dropped; what was committed is made durable. @throws StoreError where it could not be, and nobody was told; then too all is closed. */
  async close(): Promise<void> {
    this.#closing ??= this.#close();
    await this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    const { store, logger } = this.options;
    OpenRuntimes.remove(this);
    this.engine.hold();
    await this.engine.close();
    await this.#last;
    try {
      await this.pipeline?.end();
    } finally {
      await this.engine.closeReader();
      await store?.close();
      logger?.debug({ height: this.pipeline?.head?.height }, 'runtime closed');
    }
  }
}
