import assert from 'node:assert/strict';
import type { StateEntry, Store, StoredChain } from '../index.js';
import type { Cases } from './chain-cases.js';
import { expectSame, iterate, type Trial } from './trial.js';

/** The block that the snapshot was made at. */
const AT = 5;

/** The first values of a state, and then none any more. */
async function* broken(state: readonly StateEntry[]): AsyncGenerator<StateEntry, void, undefined> {
  yield* state.slice(0, 3);
  throw new Error('the file is damaged');
}

function restore(trial: Trial, store: Store): Promise<void> {
  return store.restore(trial.head(AT), trial.codes, iterate(trial.chain.state(AT)));
}

async function expectRestored(trial: Trial, store: Store): Promise<void> {
  await trial.expectChain(store, AT, AT);
  const [contract] = trial.chain.contracts;
  expectSame(await store.code(contract?.codeHash as string), trial.chain.wasm);
}

/** Pruning and restoring, and what the figures say after it. */
export const historyCases: Cases = {
  'prune takes away the blocks below a height, and nothing of the state': async (trial) => {
    const { length } = trial.chain;
    const store = await trial.filled();
    assert.equal(await store.prune(-1n), 0);
    assert.equal(await store.prune(1n), 0);
    assert.equal(await store.prune(4n), 3);
    await trial.expectChain(store, length, 3);
    assert.equal(await store.prune(4n), 0);
    const { store: next, chain } = await trial.reopened(store);
    expectSame(chain, trial.head(length));
    await trial.expectChain(next, length, 3);
  },

  'prune never takes away the head, and the chain goes on': async (trial) => {
    const store = await trial.filled(AT);
    assert.equal(await store.prune(2n ** 70n), AT - 1);
    await trial.expectChain(store, AT, AT - 1);
    expectSame(await store.commit(trial.chain.records().slice(AT)), trial.chain.headers.slice(AT));
    await trial.expectChain(store, trial.chain.length, AT - 1);
    const { store: next } = await trial.reopened(store);
    await trial.expectChain(next, trial.chain.length, AT - 1);
  },

  'a store becomes the chain of a snapshot': async (trial) => {
    const store = await trial.empty();
    await restore(trial, store);
    await expectRestored(trial, store);
    assert.equal(await store.prune(BigInt(AT) + 1n), 0);
    const { store: next, chain } = await trial.reopened(store);
    expectSame(chain, trial.head(AT));
    await expectRestored(trial, next);
  },

  'a chain that was restored goes on': async (trial) => {
    const store = await trial.empty();
    await restore(trial, store);
    expectSame(await store.commit(trial.chain.recordsAfter(AT)), trial.chain.headers.slice(AT));
    await trial.expectChain(store, trial.chain.length, AT);
    assert.equal(await store.prune(BigInt(AT) + 2n), 1);
    await trial.expectChain(store, trial.chain.length, AT + 1);
    const { store: next, chain } = await trial.reopened(store);
    expectSame(chain, trial.head(trial.chain.length));
    await trial.expectChain(next, trial.chain.length, AT + 1);
  },

  'a store can become a chain without a block': async (trial) => {
    const store = await trial.empty();
    await store.restore({ head: undefined, contracts: [] }, new Map(), iterate([]));
    await trial.expectChain(store, 0);
    expectSame(await store.commit(trial.chain.records()), trial.chain.headers);
    await trial.expectChain((await trial.reopened(store)).store, trial.chain.length);
  },

  'of a snapshot that cannot be read to its end there is nothing': async (trial) => {
    const store = await trial.empty();
    const part = broken(trial.chain.state(AT));
    await assert.rejects(store.restore(trial.head(AT), trial.codes, part), { message: 'the file is damaged' });
    await trial.expectChain(store, 0);
    const [contract] = trial.chain.contracts;
    await assert.rejects(store.code(contract?.codeHash as string), { code: /^ERR_STORE/ });
    const { store: next, chain } = await trial.reopened(store);
    expectSame(chain, { head: undefined, contracts: [] });
    await trial.expectChain(next, 0);
  },

  'after a snapshot that cannot be read to its end, another can be restored': async (trial) => {
    const store = await trial.empty();
    // Another chain, of which nothing may be left.
    const [first] = trial.chain.state(AT) as [StateEntry];
    const chain: StoredChain = { head: undefined, contracts: [...trial.head(AT).contracts].reverse() };
    const other = broken([{ ...first, key: new Uint8Array(9) }]);
    await assert.rejects(store.restore(chain, trial.codes, other));
    await restore(trial, store);
    await expectRestored(trial, store);
    await expectRestored(trial, (await trial.reopened(store)).store);
  },

  'after a snapshot that cannot be read to its end, a chain can begin': async (trial) => {
    const store = await trial.empty();
    await assert.rejects(store.restore(trial.head(AT), trial.codes, broken(trial.chain.state(AT))));
    expectSame(await store.commit(trial.chain.records()), trial.chain.headers);
    await trial.expectChain(store, trial.chain.length);
    const { store: next, chain } = await trial.reopened(store);
    expectSame(chain, trial.head(trial.chain.length));
    await trial.expectChain(next, trial.chain.length);
  },

  'a chain is not replaced by that of a snapshot': async (trial) => {
    const store = await trial.filled(2);
    await assert.rejects(restore(trial, store), { code: 'ERR_ARGUMENT' });
    await trial.expectChain(store, 2);
    const { store: next, chain } = await trial.reopened(store);
    expectSame(chain, trial.head(2));
    await trial.expectChain(next, 2);
  },

  'a store that has something takes some bytes': async (trial) => {
    assert.ok((await (await trial.filled()).statistics()).bytes > 0);
  },
};
