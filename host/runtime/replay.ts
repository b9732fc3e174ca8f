import * as v from 'valibot';
import { decodeBody } from '../store/body.js';
import { memoryStore } from '../store/memory.js';
import type { Store, StoredBlock, StoreHeights } from '../store/store.js';
import { BlockBranch } from './branch.js';
import type { BlockHeader } from './chain.js';
import { MisuseError } from './errors.js';
import { Machine } from './machine.js';
import { aFunction, oneOf, options, resolve } from './option-schema.js';
import { type ResolvedOptions, storeSchema } from './options.js';
import type { Replay, ReplayOptions } from './runtime-interface.js';

const replaySchema = options({
  from: v.optional(v.bigint('a bigint')),
  to: v.optional(v.bigint('a bigint')),
  executor: v.optional(oneOf(['auto', 'sequential', 'block-stm']), 'sequential'),
  snapshot: v.optional(v.string('the path of a file')),
  store: v.optional(storeSchema),
  progress: v.optional(aFunction<(height: bigint) => void>()),
});

/** Execute blocks of `store` again, and compare what they give with what they gave. @throws MisuseError, StoreError */
export async function replay(store: Store, resolved: ResolvedOptions, given: ReplayOptions): Promise<Replay> {
  const { from, to, executor, snapshot, progress, store: scratch } = resolve('replay', replaySchema, given);
  const kept = await store.heights();
  const own = { ...resolved, executor, store: scratch ?? memoryStore(), logger: undefined, clock: undefined };
  await using machine = await Machine.create(own);
  // In turn, so that the process does not end while it is read.
  const base = snapshot === undefined ? undefined : await machine.inTurn(() => machine.restore(snapshot));
  const start = (base?.height ?? 0n) + 1n;
  const range = { start, first: from ?? start, last: to ?? kept?.last ?? 0n };
  refuseRange(range, kept);
  if (base !== undefined) await refuseOtherChain(store, base);
  const chain = BlockBranch.chainOf(machine);
  let compared = 0;
  for (let height = start; height <= range.last; height++) {
    const expected = await store.block(height);
    if (expected === undefined) throw new MisuseError('ERR_ARGUMENT', `replay: block ${height} is not kept`);
    const actual = await executeAgain(chain, expected, store);
    // Once it is compared nobody asks for it.
    await own.store.prune(height);
    progress?.(height);
    if (height < range.first) continue;
    compared++;
    if (actual.hash !== expected.header.hash) {
      return { blocks: compared, difference: { height, expected: expected.header, actual } };
    }
  }
  return { blocks: compared, difference: undefined };
}

interface Range {
  /** The first block to be executed. */
  readonly start: bigint;
  /** The first to be compared. */
  readonly first: bigint;
  readonly last: bigint;
}

/** What cannot be compared must not look as if it had been. @throws MisuseError `ERR_ARGUMENT` */
function refuseRange({ start, first, last }: Range, kept: StoreHeights | undefined): void {
  if (kept === undefined) {
    throw new MisuseError('ERR_ARGUMENT', 'replay: no block is kept that could be executed again');
  }
  if (kept.first > start) {
    throw new MisuseError(
      'ERR_ARGUMENT',
      `replay: blocks from ${start} on are needed, and those from ${kept.first} to ${kept.last} are kept: name a snapshot of block ${kept.first - 1n}`,
    );
  }
  if (first < start || first > last || last > kept.last) {
    throw new MisuseError(
      'ERR_ARGUMENT',
      `replay: expected blocks from ${start} to ${kept.last}, found from ${first} to ${last}`,
    );
  }
}

/** @throws MisuseError `ERR_ARGUMENT` where the snapshot is of another chain. */
async function refuseOtherChain(store: Store, base: BlockHeader): Promise<void> {
  const next = await store.block(base.height + 1n);
  if (next === undefined || next.header.parentHash === base.hash) return;
  throw new MisuseError(
    'ERR_ARGUMENT',
    `replay: the snapshot is of another chain: its block ${base.height} is not this chain's`,
  );
}

async function executeAgain(chain: BlockBranch, { header, body }: StoredBlock, store: Store): Promise<BlockHeader> {
  const { deployments, transactions } = decodeBody(body);
  const contracts = await Promise.all(
    deployments.map(async ({ address, codeHash }) => ({ address, wasm: await store.code(codeHash) })),
  );
  const { height, timestamp, chainId, seed } = header;
  return chain.executeAgain({ height, timestamp, chainId, seed }, contracts, transactions);
}
