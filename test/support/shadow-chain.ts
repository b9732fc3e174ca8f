import { expect } from 'vitest';
import { type ChainBlock, createRuntime, type Runtime, type Store } from '../../dist/host/index.js';
import { makeHeader, NO_PARENT, sha256 } from '../../dist/host/store/header.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';
import { describe } from './runtimes.js';

const LIMITS = { memoryMiB: 64, locations: 8192, transactions: 4096 };

/**
 * What a chain must be: its blocks, executed one after another by a runtime in memory that has never been killed. It is asked for block after block as the chain grows.
 */
export class ShadowChain {
  readonly #runtime: Runtime;
  #headHash = NO_PARENT;

  private constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  static async create(): Promise<ShadowChain> {
    return new ShadowChain(await createRuntime({ executor: 'sequential', workers: 1, limits: LIMITS }));
  }

  /** Open the chain in `directory`, compare all that is new since the last time, and the state. Resolves to its height. */
  async check(directory: string, replays: boolean): Promise<bigint> {
    const store = lmdbStore(directory);
    await using runtime = await createRuntime({ store, executor: 'sequential', workers: 1, limits: LIMITS });
    const { head } = runtime;
    expect(runtime.height).toBe(head?.height ?? 0n);
    // No block that this has seen is missing, or another.
    expect(runtime.height).toBeGreaterThanOrEqual(this.#runtime.height);
    if (this.#runtime.height > 0n) expect(await hashOf(store, this.#runtime.height)).toBe(this.#headHash);
    for (let height = this.#runtime.height + 1n; height <= runtime.height; height++) {
      await this.#follow(runtime, store, height);
    }
    if (head !== undefined) expect(this.#headHash).toBe(head.hash);
    expect(await runtime.block(runtime.height + 1n)).toBeUndefined();
    expect(await runtime.stateHash()).toBe(await this.#runtime.stateHash());
    if (replays) {
      expect(await runtime.replay()).toEqual({ blocks: Number(runtime.height), difference: undefined });
    }
    return runtime.height;
  }

  async #follow(runtime: Runtime, store: Store, height: bigint): Promise<void> {
    const stored = await store.block(height);
    if (stored === undefined) throw new Error(`block ${height} is missing below the head`);
    const { header } = stored;
    expect(header).toMatchObject({ height, parentHash: this.#headHash });
    expect(makeHeader(header).hash).toBe(header.hash);
    expect(sha256(stored.body)).toBe(header.callsHash);
    expect(sha256(stored.receipts)).toBe(header.receiptsHash);
    const block = (await runtime.block(height)) as ChainBlock;
    expect(block.receipts.length).toBe(block.transactions.length);
    await this.#execute(block, store);
    this.#headHash = header.hash;
  }

  async #execute({ header, deployments, transactions, receipts }: ChainBlock, store: Store): Promise<void> {
    for (const { address, codeHash } of deployments) {
      await this.#runtime.deploy(await store.code(codeHash), { address });
    }
    if (deployments.length > 0) return;
    const { height, timestamp, chainId, seed } = header;
    const result = await this.#runtime.execute({ transactions, context: { height, timestamp, chainId, seed } });
    expect(receipts.map(describe)).toEqual([...result.receipts].map(describe));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#runtime.close();
  }
}

async function hashOf(store: Store, height: bigint): Promise<string | undefined> {
  return (await store.block(height))?.header.hash;
}
