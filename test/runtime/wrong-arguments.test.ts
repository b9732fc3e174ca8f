import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../dist/host/contract/index.js';
import {
  type Contract,
  check,
  createRuntime,
  defineClient,
  encodeInput,
  instrument,
  type Runtime,
} from '../../dist/host/index.js';
import { registerMetrics } from '../../dist/host/prometheus/index.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';
import { contractWasm, SMALL_MEMORY } from '../support/runtimes.js';

const alice = new Uint8Array(32).fill(1);

let runtime: Runtime;
let token: Contract;
let wasm: Uint8Array;
beforeAll(async () => {
  runtime = await createRuntime({ workers: 1, limits: SMALL_MEMORY });
  wasm = await contractWasm('token');
  token = await runtime.deploy(wasm);
});
afterAll(() => runtime.close());

test('a field of a transaction that nobody reads is refused, and nothing is executed', async () => {
  const { height } = runtime;
  const call = token.transaction(alice, 'mint', { to: alice, amount: 1n });
  const message = 'transactions[1]: unknown option "gaslimit", known are sender, contract, method, input, gasLimit';
  const block = { transactions: [call, { ...call, gaslimit: 5 }] };
  await expect(runtime.execute(block)).rejects.toMatchObject({ code: 'ERR_OPTION', message });
  await expect(runtime.encodeBlock(block)).rejects.toMatchObject({ code: 'ERR_OPTION', message });
  await expect(runtime.view({ ...call, value: 1n } as never)).rejects.toThrow('unknown option "value"');
  // What it inherits is not its own: whoever has a class of transactions may give it methods.
  const inherited = Object.assign(Object.create({ label: 'pay' }), call);
  expect((await runtime.view(inherited)).status).toBe('ok');
  await expect(runtime.view({ ...call, gasLimit: null } as never)).rejects.toThrow(
    '.gasLimit: expected a whole number',
  );
  expect(runtime.height).toBe(height);
});

test('the address of a contract is a copy: whoever writes to it changes nothing', async () => {
  const { address } = token;
  token.address.fill(0);
  runtime.contract(address)?.address.fill(0);
  expect(token.address).toEqual(address);
  expect(runtime.contract(address)?.address).toEqual(address);
  const call = token.transaction(alice, 'mint', { to: alice, amount: 1n });
  expect(call.contract).toEqual(address);
  const { receipts, writeSet } = await runtime.execute({ transactions: [call] });
  expect(receipts.get(0).status).toBe('ok');
  expect(writeSet[0]?.contract).toEqual(address);
});

describe('null, where an object with options goes, is said to be none', () => {
  const nothing = null as never;
  const client = () => runtime.contract(defineClient(token.interface as never), token.address);
  const cases: Readonly<Record<string, [code: string, what: string, call: () => unknown]>> = {
    createRuntime: ['ERR_OPTION', 'options: expected an object', () => createRuntime(nothing)],
    deploy: ['ERR_OPTION', 'deploy: expected an object', () => runtime.deploy(wasm, nothing)],
    upgrade: ['ERR_OPTION', 'upgrade: expected an object', () => runtime.upgrade(alice, wasm, nothing)],
    execute: ['ERR_OPTION', 'execute: expected an object', () => runtime.execute({ transactions: [] }, nothing)],
    context: [
      'ERR_OPTION',
      'context: expected an object',
      () => runtime.execute({ transactions: [], context: nothing }),
    ],
    transaction: ['ERR_OPTION', 'options: expected an object', () => token.transaction(alice, 'mint', {}, nothing)],
    args: ['ERR_ARGUMENT', 'token.mint takes arguments by name', () => token.transaction(alice, 'mint', nothing)],
    encodeInput: [
      'ERR_ARGUMENT',
      'token.mint takes arguments by name; found 5',
      () => encodeInput(token.interface as never, 'mint', 5 as never),
    ],
    decodeOutput: ['ERR_ARGUMENT', 'token.totalSupply gives bytes', () => token.decodeOutput('totalSupply', nothing)],
    'a typed view': ['ERR_OPTION', 'options: expected an object', () => client().view.totalSupply?.({}, nothing)],
    'a client': ['ERR_ARGUMENT', 'contract: expected a client', () => runtime.contract(nothing, alice)],
    check: ['ERR_OPTION', 'check: expected an object', () => check(wasm, nothing)],
    'check of nothing': ['ERR_ARGUMENT', 'check: wasm must be a Uint8Array', () => check(nothing)],
    instrument: ['ERR_ARGUMENT', 'instrument: wasm must be a Uint8Array', () => instrument(nothing)],
    lmdbStore: ['ERR_OPTION', 'lmdbStore: expected an object', () => lmdbStore('chain', nothing)],
    registerMetrics: ['ERR_OPTION', 'registerMetrics: expected an object', () => registerMetrics(runtime, nothing)],
    compile: ['ERR_OPTION', 'compile: expected an object', () => compile('no/such.ts', nothing)],
    'compile of nothing': ['ERR_ARGUMENT', 'compile: expected the path', () => compile(nothing)],
  };
  test.each(Object.entries(cases))('%s', async (_, [code, message, call]) => {
    const made = async () => call();
    await expect(made()).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  test('an unknown option of check and of a typed view is named', async () => {
    expect(() => check(wasm, { limit: {} } as never)).toThrow(
      'check: unknown option "limit", known are limits, sourceMap',
    );
    await expect(client().view.totalSupply?.({}, { sendr: alice } as never)).rejects.toThrow('unknown option "sendr"');
    expect(() => registerMetrics(runtime, { registry: new Registry(), prefix: null } as never)).toThrow(
      'prefix: expected',
    );
  });
});
