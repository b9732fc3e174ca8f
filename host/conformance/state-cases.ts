import assert from 'node:assert/strict';
import type { StateEntry, Store } from '../index.js';
import type { Cases } from './chain-cases.js';
import { LONGEST_KEY, LONGEST_VALUE } from './recorded-chain.js';
import { entries, expectSame } from './trial.js';

/** Blocks after which the longest key has the longest value, and some value has no bytes. */
const FULL = 4;

async function stateOf(store: Store): Promise<StateEntry[]> {
  const view = await store.view();
  try {
    return await entries(view.state());
  } finally {
    view.close();
  }
}

export const stateCases: Cases = {
  'the state ascends by address and then by key': async (trial) => {
    const state = await stateOf(await trial.filled(FULL));
    assert.ok(state.length > 5);
    for (const [index, next] of state.slice(1).entries()) {
      const last = state[index] as StateEntry;
      assert.ok((Buffer.compare(last.contract, next.contract) || Buffer.compare(last.key, next.key)) < 0);
    }
  },

  'keys and values of every length are kept': async (trial) => {
    const state = await stateOf(await trial.filled(FULL));
    const keys = state.map(({ key }) => key.length);
    const values = state.map(({ value }) => value.length);
    assert.equal(Math.min(...keys), 1);
    assert.equal(Math.max(...keys), LONGEST_KEY);
    assert.equal(Math.min(...values), 0);
    assert.equal(Math.max(...values), LONGEST_VALUE);
    expectSame(state, trial.chain.state(FULL));
  },

  'a value that was removed is gone, and one without bytes is not': async (trial) => {
    const store = await trial.filled(FULL + 1);
    expectSame(await stateOf(store), trial.chain.state(FULL + 1));
    expectSame(await stateOf((await trial.reopened(store)).store), trial.chain.state(FULL + 1));
  },

  'what is committed, and what is pruned, does not show in a view': async (trial) => {
    const store = await trial.empty();
    const views = [await store.view()];
    for (const record of trial.chain.records()) {
      await store.commit([record]);
      views.push(await store.view());
    }
    await store.prune(BigInt(trial.chain.length));
    for (const [count, view] of views.entries()) {
      expectSame(view.chain, trial.head(count));
      expectSame(await entries(view.state()), trial.chain.state(count));
      view.close();
    }
  },

  'what is committed while a view is read does not show': async (trial) => {
    const store = await trial.filled(FULL);
    const view = await store.view();
    const found: StateEntry[] = [];
    for await (const entry of view.state()) {
      if (found.push(entry) === 1) await store.commit(trial.chain.records().slice(FULL));
    }
    view.close();
    expectSame(found, trial.chain.state(FULL));
    expectSame(await stateOf(store), trial.chain.state());
  },

  'a view can be read again, and its reader may stop': async (trial) => {
    const store = await trial.filled();
    const view = await store.view();
    for await (const entry of view.state()) {
      assert.ok(entry.key.length > 0);
      break;
    }
    expectSame(await entries(view.state()), trial.chain.state());
    expectSame(await entries(view.state()), trial.chain.state());
    view.close();
  },

  'the bytes of a view are the reader’s own': async (trial) => {
    const store = await trial.filled();
    const view = await store.view();
    for await (const { contract, key, value } of view.state()) {
      for (const bytes of [contract, key, value]) bytes.fill(0xaa);
    }
    expectSame(await entries(view.state()), trial.chain.state());
    view.close();
    await trial.expectChain(store, trial.chain.length);
  },
};
