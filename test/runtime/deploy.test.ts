import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRuntime, memoryStore, type Runtime } from '../../dist/host/index.js';
import { address } from '../support/programs.js';
import { contractWasm, SMALL_MEMORY } from '../support/runtimes.js';
import { buildModule, I32, I64 } from '../support/wasm.js';

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createRuntime({ executor: 'block-stm', workers: 2, limits: SMALL_MEMORY });
});
afterAll(() => runtime.close());

const noop = { name: 'noop', body: [] };
const importing = (module: string, name: string, parameters: number[], results: number[]): Uint8Array =>
  buildModule({ imports: [{ module, name, type: { parameters, results } }], methods: [noop] });

test.each([
  ['bytes that are not Wasm', Uint8Array.of(1, 2, 3), 'malformed', 'not a WebAssembly module'],
  ['no bytes', new Uint8Array(0), 'malformed', 'not a WebAssembly module'],
  ['an unknown module', importing('env', 'abort', [I32], []), 'importName', '"env.abort"'],
  [
    'a function of the kernel that is not of the interface',
    importing('blockstm', 'rollback', [], []),
    'importName',
    '"blockstm.rollback"',
  ],
  ['a known import of another type', importing('blockstm', 'push', [I32], []), 'importSignature', 'push'],
  ['a start function', buildModule({ methods: [noop], hasStart: true }), 'start', 'start function'],
  ['no method', buildModule({}), 'noMethod', 'no method'],
])('%s: a typed error that says what', async (_, wasm, code, message) => {
  const deployed = runtime.deploy(wasm);
  await expect(deployed).rejects.toMatchObject({
    name: 'ContractCodeError',
    code: 'ERR_CHECK',
    message: expect.stringContaining(message),
    findings: [expect.objectContaining({ code })],
  });
});

test('a module that imports what it may, with the right types, is deployed after all those refusals', async () => {
  const contract = await runtime.deploy(importing('blockstm', 'push', [I64], []));
  expect(contract.methods).toEqual(['noop']);
  const { receipts } = await runtime.execute({
    transactions: [{ sender: address(0), contract: contract.address, method: 'noop', input: new Uint8Array(0) }],
  });
  expect(receipts.get(0).status).toBe('ok');
});

test('one code at many addresses is one code, and each address has a state of its own', async () => {
  const wasm = await contractWasm('counter');
  const contracts = [];
  for (let i = 0; i < 20; i++) contracts.push(await runtime.deploy(wasm, i % 2 ? { address: address(100 + i) } : {}));
  expect(new Set(contracts.map(({ codeHash }) => codeHash)).size).toBe(1);
  expect(new Set(contracts.map((one) => Buffer.from(one.address).toString('hex'))).size).toBe(20);
  const transactions = contracts.map((one, i) => one.transaction(address(0), 'add', { amount: BigInt(i) }));
  await runtime.execute({ transactions });
  const receipt = await runtime.view((contracts[7] as (typeof contracts)[0]).transaction(address(0), 'get'));
  expect(receipt.output[0]).toBe(7);
});

test('an address that is taken or malformed is refused', async () => {
  const wasm = await contractWasm('counter');
  await runtime.deploy(wasm, { address: address(500) });
  await expect(runtime.deploy(wasm, { address: address(500) })).rejects.toMatchObject({ code: 'ERR_ARGUMENT' });
  await expect(runtime.deploy(wasm, { address: new Uint8Array(20) })).rejects.toMatchObject({ code: 'ERR_ARGUMENT' });
  for (const wasm of ['wasm', { wasm: new Uint8Array(0) }, undefined]) {
    await expect(runtime.deploy(wasm as never)).rejects.toMatchObject({ code: 'ERR_ARGUMENT' });
  }
  await expect(runtime.deploy(wasm, { adress: address(1) } as never)).rejects.toMatchObject({ code: 'ERR_OPTION' });
});

test('a transaction with wrong arguments is refused where it is made', async () => {
  const token = await runtime.deploy(await contractWasm('token'));
  expect(() => token.transaction(address(0), 'transfer', { to: address(1), amount: -1n })).toThrow(/transfer.*amount/s);
  expect(() => token.transaction(address(0), 'fly')).toThrow(/fly/);
  expect(() => token.transaction('alice' as never, 'totalSupply')).toThrow(/sender/);
});

test('a deployment that is refused does not keep the next from being kept, and its block has the context given', async () => {
  await using chain = await createRuntime({ workers: 1, store: memoryStore(), limits: SMALL_MEMORY });
  const wasm = await contractWasm('counter');
  await expect(chain.deploy(wasm, { context: { height: 9n } })).rejects.toMatchObject({ code: 'ERR_ARGUMENT' });
  await expect(chain.deploy(wasm, { context: { hight: 1n } as never })).rejects.toMatchObject({ code: 'ERR_OPTION' });
  const counter = await chain.deploy(wasm, { context: { chainId: 5n, timestamp: 6n } });
  expect(chain.head).toMatchObject({ height: 1n, chainId: 5n, timestamp: 6n });
  const { durable } = await chain.execute({ transactions: [counter.transaction(address(0), 'add', { amount: 1n })] });
  expect((await durable).height).toBe(2n);
});

test('blocks end with the head, whatever is asked for', async () => {
  await using chain = await createRuntime({ workers: 1, store: memoryStore(), limits: SMALL_MEMORY });
  await chain.deploy(await contractWasm('counter'));
  const heights = [];
  for await (const { header } of chain.blocks(1n, 2n ** 64n - 1n)) heights.push(header.height);
  expect(heights).toEqual([1n]);
});
