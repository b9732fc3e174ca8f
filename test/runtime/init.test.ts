import { expect, test } from 'vitest';
import {
  type Branch,
  createRuntime,
  FirstCallError,
  MisuseError,
  memoryStore,
  type Runtime,
  type RuntimeOptions,
  type Store,
} from '../../dist/host/index.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';
import { withDirectory } from '../support/directories.js';
import { startedInterface, startedWasm } from '../support/initialized.js';
import { address } from '../support/programs.js';
import { contractWasm, SMALL_MEMORY } from '../support/runtimes.js';

const alice = address(1);
const wasm = startedWasm(startedInterface('start'));
const alone = startedWasm(startedInterface('begin'));

async function keptBy(branch: Branch, at: Uint8Array): Promise<unknown> {
  const contract = branch.contract(at);
  const { output } = await branch.view(
    contract?.transaction(alice, 'value') ?? { sender: alice, contract: at, method: 'value', input: new Uint8Array(0) },
  );
  return contract?.decodeOutput('value', output);
}

const stores: readonly [string, (directory: string) => Store | undefined][] = [
  ['no store', () => undefined],
  ['a store in memory', () => memoryStore()],
  ['a store on disk', (directory) => lmdbStore(directory)],
];

async function withRuntime(
  store: Store | undefined,
  test: (runtime: Runtime) => Promise<void>,
  options: RuntimeOptions = {},
): Promise<void> {
  const kept = store === undefined ? {} : { store };
  await using runtime = await createRuntime({ workers: 2, limits: SMALL_MEMORY, ...kept, ...options });
  await test(runtime);
}

test.each(stores)('with %s, a deployment and its init are one block', (_, store) =>
  withDirectory((directory) =>
    withRuntime(store(directory), async (runtime) => {
      const blocks = runtime.subscribe('blocks');
      const contract = await runtime.deploy(wasm, { init: { args: { amount: 5 }, sender: alice } });
      expect(runtime.height).toBe(1n);
      expect(await keptBy(runtime, contract.address)).toBe(5n);
      const { value: block } = await blocks.next();
      expect(block.receipts.length).toBe(1);
      expect(contract.receipt).toEqual(block.receipts.get(0));
      expect(block.receipts.get(0)).toMatchObject({ status: 'ok', events: [{ contract: contract.address }] });
      expect(block.writeSet).toHaveLength(2);
      expect(Buffer.from(block.writeSet[1].value)).toEqual(Buffer.from(alice.subarray(0, 8)));
    }),
  ),
);

test.each(stores)('with %s, an init that does not end ok has left nothing', (_, store) =>
  withDirectory((directory) =>
    withRuntime(store(directory), async (runtime) => {
      const counter = await runtime.deploy(await contractWasm('counter'));
      await runtime.execute({ transactions: [counter.transaction(alice, 'add', { amount: 3 })] });
      const before = await runtime.stateHash();
      for (const at of [undefined, address(77)]) {
        const failed = runtime.deploy(wasm, { init: { args: { amount: 0 } }, ...(at && { address: at }) });
        await expect(failed).rejects.toMatchObject({
          name: 'FirstCallError',
          code: 'ERR_INIT',
          message: 'deploy: start ended reverted (revert: none); no block was made',
          receipt: { index: 0, status: 'reverted', events: [] },
        });
        await expect(failed).rejects.toBeInstanceOf(FirstCallError);
        await expect(failed).rejects.toBeInstanceOf(MisuseError);
      }
      expect(runtime.height).toBe(2n);
      expect(await runtime.stateHash()).toBe(before);
      expect(runtime.metrics()).toMatchObject({ blocks: 2, rejectedBlocks: 2 });
      expect(runtime.contract(address(77))).toBeUndefined();
      // Neither the address nor anything at it was taken.
      const contract = await runtime.deploy(wasm, { init: { args: { amount: 9 } }, address: address(77) });
      expect([runtime.height, await keptBy(runtime, contract.address)]).toEqual([3n, 9n]);
      await runtime.execute({ transactions: [counter.transaction(alice, 'add', { amount: 4 })] });
      expect(counter.decodeOutput('get', (await runtime.view(counter.transaction(alice, 'get'))).output)).toBe(7n);
    }),
  ),
);

test('an init that runs out of gas has left nothing either', () =>
  withRuntime(
    undefined,
    async (runtime) => {
      const failed = runtime.deploy(wasm, { init: { args: { amount: 1 } } });
      await expect(failed).rejects.toMatchObject({ code: 'ERR_INIT', receipt: { status: 'outOfGas' } });
      expect(runtime.height).toBe(0n);
    },
    { limits: { ...SMALL_MEMORY, gas: 10 } },
  ));

test('what init needs is asked for, and what it does not take is refused', () =>
  withRuntime(memoryStore(), async (runtime) => {
    const refused = async (given: object, message: string | RegExp, code = 'ERR_ARGUMENT', code_ = wasm) => {
      const deployed = runtime.deploy(code_, given as never);
      await expect(deployed).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    };
    await refused({}, 'started.start has to be called: init.args must have amount \\(u64\\)');
    await refused({ init: {} }, 'started.start argument "amount" \\(u64\\) is missing');
    await refused({ init: { args: { amount: -1 } } }, 'argument "amount" must be a u64; found -1');
    await refused({ init: { args: { amount: 1, fee: 1 } } }, 'has no argument "fee"');
    await refused({ init: { args: { amount: 1 }, sender: 'alice' } }, 'init.sender', 'ERR_OPTION');
    await refused({ init: { amount: 1 } }, 'unknown option "amount"', 'ERR_OPTION');
    await refused(
      { init: {} },
      'the contract has no method of that kind',
      'ERR_ARGUMENT',
      await contractWasm('counter'),
    );
    expect([runtime.height, runtime.head]).toEqual([0n, undefined]);
  }));

test('an init that takes nothing is called by itself, by nobody unless somebody is named', () =>
  withRuntime(undefined, async (runtime) => {
    const blocks = runtime.subscribe('blocks');
    const contract = await runtime.deploy(alone);
    expect(await keptBy(runtime, contract.address)).toBe(7n);
    const { value: block } = await blocks.next();
    expect(block.receipts.length).toBe(1);
    const other = await runtime.deploy(startedWasm(startedInterface()));
    expect(await keptBy(runtime, other.address)).toBe(0n);
  }));

test.each(stores.slice(1))('with %s, such blocks are kept, replayed and gone on with', (_, store) =>
  withDirectory(async (directory) => {
    const chain = store(directory) as Store;
    let head: unknown;
    await withRuntime(chain, async (runtime) => {
      await runtime.deploy(wasm, { address: address(50), init: { args: { amount: 5 }, sender: alice } });
      await expect(runtime.deploy(wasm, { init: { args: { amount: 0 } } })).rejects.toThrow('reverted');
      await runtime.deploy(alone, { address: address(51) });
      const set = runtime.contract(address(51))?.transaction(alice, 'set', { amount: 8 });
      await (await runtime.execute({ transactions: [set as never] })).durable;
      const block = await runtime.block(1n);
      expect(block?.deployments).toMatchObject([{ address: address(50) }]);
      expect(block?.transactions).toMatchObject([{ sender: alice, contract: address(50), method: 'start' }]);
      expect(block?.receipts).toMatchObject([{ status: 'ok' }]);
      for (const executor of ['sequential', 'block-stm'] as const) {
        expect(await runtime.replay({ executor })).toEqual({ blocks: 3, difference: undefined });
      }
      head = runtime.head;
      if (chain.reader === undefined) {
        expect([await keptBy(runtime, address(50)), await keptBy(runtime, address(51))]).toEqual([5n, 8n]);
      }
    });
    if (_ !== 'a store on disk') return;
    await withRuntime(lmdbStore(directory), async (runtime) => {
      expect(runtime.head).toEqual(head);
      expect([await keptBy(runtime, address(50)), await keptBy(runtime, address(51))]).toEqual([5n, 8n]);
      expect(await runtime.replay()).toEqual({ blocks: 3, difference: undefined });
    });
  }),
);

test.each(stores)('with %s, forks initialise contracts of their own', (_, store) =>
  withDirectory((directory) =>
    withRuntime(store(directory), async (runtime) => {
      await runtime.deploy(wasm, { address: address(50), init: { args: { amount: 5 } } });
      const before = await runtime.stateHash();
      await using fork = runtime.fork();
      await using other = fork.fork();
      await expect(fork.deploy(wasm, { address: address(60), init: { args: { amount: 0 } } })).rejects.toThrow('none');
      await fork.deploy(wasm, { address: address(60), init: { args: { amount: 6 } } });
      expect(runtime.contract(address(60))).toBeUndefined();
      await runtime.deploy(wasm, { address: address(60), init: { args: { amount: 7 } } });
      const values = await Promise.all([runtime, fork].map((branch) => keptBy(branch, address(60))));
      expect(values).toEqual([7n, 6n]);
      expect([await keptBy(fork, address(50)), await keptBy(other, address(50))]).toEqual([5n, 5n]);
      expect(await other.stateHash()).toBe(before);
    }),
  ),
);

test('blocks that were encoded before do not call what was never deployed', () =>
  withRuntime(undefined, async (runtime) => {
    const at = address(70);
    const call = { sender: alice, contract: at, method: 'value', input: new Uint8Array(0) };
    const failing = runtime.deploy(wasm, { address: at, init: { args: { amount: 0 } } });
    const encoded = await runtime.encodeBlock({ transactions: [call] });
    await expect(failing).rejects.toThrow('none');
    expect((await runtime.execute(encoded)).receipts.get(0)).toMatchObject({ error: { code: 'unknownContract' } });
    await runtime.deploy(wasm, { address: at, init: { args: { amount: 4 } } });
    expect((await runtime.execute(encoded)).receipts.get(0)).toMatchObject({ status: 'ok' });
  }));
