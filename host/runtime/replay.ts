import { decodeBody } from '../store/body.js';
import { memoryStore } from '../store/memory.js';
import type { Store, StoredBlock } from '../store/store.js';
import { BlockBranch } from './branch.js';
import type { BlockHeader } from './chain.js';
import { MisuseError } from './errors.js';
import { Machine } from './machine.js';
import { refuseUnknown } from './option-schema.js';
import type { ResolvedOptions } from './options.js';
import type { Replay, ReplayOptions } from './runtime-interface.js';

/** Execute blocks of `store` again, and compare what they give with what they gave. @throws MisuseError, StoreError */
export async function replay(store: Store, options: ResolvedOptions, given: ReplayOptions): Promise<Replay> {
  refuseUnknown('replay', given, ['from', 'to', 'executor', 'snapshot', 'progress']);
  const { from, to, executor = 'sequential', snapshot, progress } = given;
  const { blocks } = await store.statistics();
  const own = { ...options, executor, store: memoryStore(), logger: undefined, clock: undefined };
  await using machine = await Machine.create(own);
  // In turn, so that the process does not end while it is read.
  const base = snapshot === undefined ? undefined : await machine.inTurn(() => machine.restore(snapshot));
  const chain = BlockBranch.chainOf(machine);
  const start = (base?.height ?? 0n) + 1n;
  const last = to ?? blocks?.last ?? 0n;
  const first = from ?? start;
  if (blocks !== undefined && (blocks.first > start || first < start)) {
    throw new MisuseError(
      'ERR_ARGUMENT',
      `replay: blocks from ${start} on are needed and those from ${blocks.first} to ${blocks.last} are kept: ` +
        'name a snapshot of the block before',
    );
  }
  let compared = 0;
  for (let height = start; height <= last; height++) {
    const expected = await store.block(height);
    if (expected === undefined) throw new MisuseError('ERR_ARGUMENT', `replay: block ${height} is not kept`);
    const actual = await executeAgain(chain, expected, store);
    // Once it is compared nobody asks for it.
    await own.store.prune(height);
    progress?.(height);
    if (height < first) continue;
    compared++;
    if (actual.hash !== expected.header.hash) {
      return { blocks: compared, difference: { height, expected: expected.header, actual } };
    }
  }
  return { blocks: compared, difference: undefined };
}

async function executeAgain(chain: BlockBranch, { header, body }: StoredBlock, store: Store): Promise<BlockHeader> {
  const { deployments, transactions } = decodeBody(body);
  const contracts = await Promise.all(
    deployments.map(async ({ address, codeHash }) => ({ address, wasm: await store.code(codeHash) })),
  );
  const { height, timestamp, chainId, seed } = header;
  return chain.executeAgain({ height, timestamp, chainId, seed }, contracts, transactions);
}
