import assert from 'node:assert/strict';
import type { BlockHeader, BlockRecord, Store, StoredBlock } from '../index.js';
import { expectSame, type Trial } from './trial.js';

/** What is asked of a store, by the sentence that it is to keep. */
export type Cases = Readonly<Record<string, (trial: Trial) => Promise<void>>>;

/** Everything that a store can be asked while it is open. */
const USES: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
  commit: (store) => store.commit([]),
  settle: (store) => store.settle(),
  block: (store) => store.block(1n),
  heights: (store) => store.heights(),
  code: (store) => store.code('00'.repeat(32)),
  view: (store) => store.view(),
  prune: (store) => store.prune(1n),
  restore: (store) => store.restore({ head: undefined, contracts: [] }, new Map(), (async function* () {})()),
  statistics: (store) => store.statistics(),
};

export const chainCases: Cases = {
  'a new store is a chain without a block': async (trial) => {
    const store = await trial.closed();
    expectSame(await store.open(), { head: undefined, contracts: [] });
    await trial.expectChain(store, 0);
    assert.equal(await store.prune(9n), 0);
  },

  'a store that is open cannot be opened, and goes on': async (trial) => {
    const store = await trial.filled();
    await assert.rejects(store.open(), { code: 'ERR_ARGUMENT' });
    await trial.expectChain(store, trial.chain.length);
  },

  'a store that is not open can be asked nothing': async (trial) => {
    const store = await trial.closed();
    for (const use of Object.values(USES)) await assert.rejects(use(store), { code: 'ERR_CLOSED' });
    await store.open();
    await store.close();
    for (const use of Object.values(USES)) await assert.rejects(use(store), { code: 'ERR_CLOSED' });
  },

  'close can be called again': async (trial) => {
    const store = await trial.filled();
    await Promise.all([store.close(), store.close()]);
    await store.close();
  },

  'blocks committed one by one have the headers of the chain': async (trial) => {
    const store = await trial.empty();
    for (const [index, record] of trial.chain.records().entries()) {
      expectSame(await store.commit([record]), [trial.chain.headers[index]]);
      await trial.expectChain(store, index + 1);
    }
  },

  'blocks committed at once have the same headers': async (trial) => {
    const store = await trial.empty();
    const records = trial.chain.records();
    expectSame(await store.commit(records.slice(0, 4)), trial.chain.headers.slice(0, 4));
    expectSame(await store.commit([]), []);
    expectSame(await store.commit(records.slice(4)), trial.chain.headers.slice(4));
    await trial.expectChain(store, trial.chain.length);
  },

  'of a commit that fails nothing is kept, and the next one may succeed': async (trial) => {
    const store = await trial.filled(3);
    const [good, other] = trial.chain.records().slice(3) as [BlockRecord, BlockRecord];
    // No header can say such a height.
    const bad: BlockRecord = { ...other, context: { ...other.context, height: 2n ** 64n } };
    await assert.rejects(store.commit([good, bad]), { code: /^ERR_STORE/ });
    await trial.expectChain(store, 3);
    expectSame(await store.commit([good, other]), trial.chain.headers.slice(3, 5));
    const { store: next, chain } = await trial.reopened(store);
    expectSame(chain, trial.head(5));
    await trial.expectChain(next, 5);
  },

  'records are left as they were': async (trial) => {
    const records = trial.chain.records();
    const shared = (): Uint8Array[] =>
      records
        .flatMap(({ transactions, reports, writes }) => [transactions, reports.buffer, writes.buffer])
        .map((buffer) => Uint8Array.from(new Uint8Array(buffer)));
    // A clone has memory of its own, but for what is shared.
    const before = [structuredClone(records), shared()];
    const store = await trial.filled();
    await store.close();
    expectSame([records, shared()], before);
  },

  'what was committed outlasts close, and the chain goes on from there': async (trial) => {
    let store = await trial.empty();
    for (let count = 0; count < trial.chain.length; count++) {
      expectSame(await store.commit(trial.chain.recordsAfter(count).slice(0, 1)), [trial.chain.headers[count]]);
      const reopened = await trial.reopened(store);
      store = reopened.store;
      expectSame(reopened.chain, trial.head(count + 1));
      await trial.expectChain(store, count + 1);
    }
  },

  'close waits for what is being committed': async (trial) => {
    const store = await trial.empty();
    const committed = store.commit(trial.chain.records());
    const { store: next, chain } = await trial.reopened(store);
    expectSame(await committed, trial.chain.headers);
    expectSame(chain, trial.head(trial.chain.length));
    await trial.expectChain(next, trial.chain.length);
  },

  'no block is kept of a height that the chain does not have': async (trial) => {
    const store = await trial.filled(2);
    for (const height of [-1n, 0n, 3n, 2n ** 64n - 1n, 2n ** 64n]) assert.equal(await store.block(height), undefined);
  },

  'the blocks handed out are the reader’s own': async (trial) => {
    const store = await trial.filled();
    for (const { height } of trial.chain.headers) {
      const { header, body, receipts } = (await store.block(height)) as StoredBlock;
      for (const bytes of [header.seed, body, receipts]) bytes.fill(0xaa);
    }
    const view = await store.view();
    for (const { address } of view.chain.contracts) address.fill(0xaa);
    view.chain.head?.seed.fill(0xaa);
    view.close();
    await trial.expectChain(store, trial.chain.length);
  },

  'the headers handed out are the caller’s own': async (trial) => {
    const store = await trial.empty();
    for (const { seed } of await store.commit(trial.chain.records())) seed.fill(0xaa);
    const { store: next, chain } = await trial.reopened(store);
    (chain.head as BlockHeader).seed.fill(0xaa);
    await trial.expectChain(next, trial.chain.length);
  },

  'the code of a contract is as it was deployed': async (trial) => {
    const store = await trial.filled();
    const [contract] = trial.chain.contracts;
    const hash = contract?.codeHash as string;
    const wasm = await store.code(hash);
    expectSame(wasm, trial.chain.wasm);
    wasm.fill(0);
    expectSame(await store.code(hash), trial.chain.wasm);
    expectSame(await (await trial.reopened(store)).store.code(hash), trial.chain.wasm);
  },

  'code that no contract has is not there': async (trial) => {
    const store = await trial.filled();
    await assert.rejects(store.code('ab'.repeat(32)), { code: /^ERR_STORE/ });
  },
};
