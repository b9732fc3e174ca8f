import { afterAll, describe, expect, test } from 'vitest';
import type { Contract, Runtime, Transaction } from '../../dist/host/index.js';
import { probeWasm } from '../support/probe.js';
import { address } from '../support/programs.js';
import { contractWasm, Runtimes } from '../support/runtimes.js';
import { buildModule } from '../support/wasm.js';

const runtimes = new Runtimes();
afterAll(() => runtimes.close());

const alice = address(1);
const bob = address(2);

/** Each test deploys contracts of its own, so that one runtime serves all of them. */
const SETTINGS = [
  { executor: 'sequential', workers: 1 },
  { executor: 'block-stm', workers: 1 },
  { executor: 'block-stm', workers: 2 },
  { executor: 'block-stm', workers: 5 },
  { executor: 'auto', workers: 2 },
] as const;

describe.each(SETTINGS)('$executor with $workers workers', (setting) => {
  const runtime = (): Promise<Runtime> => runtimes.get(setting);
  const deploy = async (name: string): Promise<Contract> => (await runtime()).deploy(await contractWasm(name));
  const probe = async (): Promise<Contract> => (await runtime()).deploy(await probeWasm());
  const run = async (...transactions: Transaction[]) => (await runtime()).execute({ transactions });
  const ask = async (contract: Contract, method: string, args: Record<string, unknown> = {}) => {
    const receipt = await (await runtime()).view(contract.transaction(alice, method, args));
    expect(receipt.error).toBeUndefined();
    return contract.decodeOutput(method, receipt.output);
  };

  test('a block of no calls changes nothing and counts as a block', async () => {
    const before = (await runtime()).height;
    const result = await run();
    expect(result.receipts.length).toBe(0);
    expect(result.writeSet).toEqual([]);
    expect(result.stats.executions).toBe(0);
    expect((await runtime()).height).toBe(before + 1n);
    expect(result.height).toBe(before + 1n);
  });

  test('a block of one call, and of fewer calls than workers', async () => {
    const counter = await deploy('counter');
    const call = counter.transaction(alice, 'add', { amount: 5n });
    expect((await run(call)).receipts.get(0).status).toBe('ok');
    expect((await run(call, call)).receipts.length).toBe(2);
    expect(await ask(counter, 'get')).toBe(15n);
  });

  test('receipts come in block order, with output, events and errors', async () => {
    const token = await deploy('token');
    const result = await run(
      token.transaction(alice, 'mint', { to: alice, amount: 100n }),
      token.transaction(alice, 'transfer', { to: bob, amount: 60n }),
      token.transaction(alice, 'transfer', { to: bob, amount: 60n }),
      token.transaction(bob, 'transfer', { to: alice, amount: 1n }),
    );
    expect([...result.receipts].map(({ index, status }) => `${index} ${status}`)).toEqual([
      '0 ok',
      '1 ok',
      '2 reverted',
      '3 ok',
    ]);
    const [, transfer, refused] = [...result.receipts];
    expect(transfer?.events).toHaveLength(1);
    expect(Buffer.from(transfer?.events[0]?.contract ?? [])).toEqual(Buffer.from(token.address));
    expect(Buffer.from(transfer?.events[0]?.data.subarray(0, 32) ?? [])).toEqual(Buffer.from(alice));
    expect(refused).toMatchObject({
      output: new Uint8Array(0),
      events: [],
      error: { code: 'revert', message: 'insufficient balance' },
    });
    expect(await ask(token, 'balanceOf', { owner: alice })).toBe(41n);
    expect(await ask(token, 'balanceOf', { owner: bob })).toBe(59n);
    expect(() => result.receipts.get(4)).toThrow(RangeError);
    expect(() => result.receipts.get(0.5)).toThrow(RangeError);
  });

  test('a failed call leaves no write, whatever the way it failed', async () => {
    const contract = await probe();
    const codes = ['revert', 'unreachable', 'divisionByZero', 'integerOverflow', 'stackLimit'];
    const result = await run(...codes.map((_, way) => contract.transaction(alice, 'writeThenFail', { way, zero: 0 })));
    expect([...result.receipts].map(({ error }) => error?.code)).toEqual(codes);
    expect(result.receipts.get(0).error?.message).toBe('told to');
    expect(result.receipts.get(1).status).toBe('trapped');
    expect(result.writeSet).toEqual([]);
  });

  test('a load out of bounds is a trap with a code of its own', async () => {
    const body = [0x41, 0x7f, 0x28, 0x02, 0x00, 0x1a];
    const contract = await (await runtime()).deploy(buildModule({ pages: 1, methods: [{ name: 'peek', body }] }));
    const result = await run({ sender: alice, contract: contract.address, method: 'peek', input: new Uint8Array(0) });
    expect(result.receipts.get(0)).toMatchObject({ status: 'trapped', error: { code: 'outOfBounds' } });
  });

  test('an unknown contract or method and an input that cannot be decoded are invalid calls, and the block goes on', async () => {
    const counter = await deploy('counter');
    const good = counter.transaction(alice, 'add', { amount: 1n });
    const result = await run(
      { ...good, contract: address(4711) },
      { ...good, method: 'decrement' },
      { ...good, input: new Uint8Array(3) },
      { ...good, input: new Uint8Array(16) },
      good,
    );
    expect([...result.receipts].map(({ status, error }) => `${status} ${error?.code}`)).toEqual([
      'invalid unknownContract',
      'invalid unknownMethod',
      'invalid badInput',
      'invalid badInput',
      'ok undefined',
    ]);
    expect(await ask(counter, 'get')).toBe(1n);
  });

  test('a call sees its block, its sender and its own contract', async () => {
    const contract = await probe();
    const seed = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
    const context = { height: 1000n + (await runtime()).height, timestamp: 2n ** 63n, chainId: 2n ** 64n - 1n, seed };
    const methods = ['height', 'timestamp', 'chainId', 'seedWord', 'self', 'sender'];
    const transactions = methods.map((method) => contract.transaction(bob, method));
    const { receipts } = await (await runtime()).execute({ transactions, context });
    const outputs = methods.map((method, index) => contract.decodeOutput(method, receipts.get(index).output));
    expect(outputs.slice(0, 4)).toEqual([context.height, context.timestamp, context.chainId, 0x0807060504030201n]);
    expect(Buffer.from(outputs[4] as Uint8Array)).toEqual(Buffer.from(contract.address));
    expect(Buffer.from(outputs[5] as Uint8Array)).toEqual(Buffer.from(bob));
  });

  test('keys to 256 bytes and values to 64 KiB, of any length; beyond that the call fails', async () => {
    const contract = await probe();
    const shapes = [
      [1, 0],
      [7, 1],
      [8, 8],
      [9, 31],
      [47, 32],
      [48, 33],
      [49, 40],
      [255, 4095],
      [256, 65_535],
      [255, 65_536],
    ] as const;
    const store = (keyLength: number, valueLength: number): Transaction =>
      contract.transaction(alice, 'store', { keyLength, valueLength });
    const stored = await run(...shapes.map(([keyLength, valueLength]) => store(keyLength, valueLength)));
    expect([...stored.receipts].map(({ error }) => error)).toEqual(shapes.map(() => undefined));
    const latest = new Map<number, number>(shapes);
    expect(stored.writeSet.map(({ key, value }) => [key.length, value?.length])).toEqual([...latest]);
    for (const [keyLength, valueLength] of latest) expect(await ask(contract, 'load', { keyLength })).toBe(valueLength);
    const beyond = await run(store(257, 8), store(8, 65_537), contract.transaction(alice, 'emptyKey'));
    expect([...beyond.receipts].map(({ error }) => error?.code)).toEqual(['keyLength', 'valueLength', 'keyLength']);
    expect(beyond.writeSet).toEqual([]);
  });

  test('values that grow, shrink, go and come back keep their bytes', async () => {
    const contract = await probe();
    const lengths = [8, 32, 33, 5000, 10, 65_536, 0, 40, 64, 56, 57, 1];
    const seen: unknown[] = [];
    for (const valueLength of lengths) {
      await run(
        contract.transaction(alice, 'erase', { keyLength: 16 }),
        contract.transaction(alice, 'store', { keyLength: 16, valueLength: 100 }),
        contract.transaction(alice, 'store', { keyLength: 16, valueLength }),
      );
      seen.push(await ask(contract, 'load', { keyLength: 16 }));
    }
    expect(seen).toEqual(lengths.map(BigInt).map(Number));
    const erased = await run(contract.transaction(alice, 'erase', { keyLength: 16 }));
    expect(erased.writeSet.map(({ value }) => value)).toEqual([undefined]);
    expect(await ask(contract, 'load', { keyLength: 16 })).toBe(-1);
  });

  test('breaking a rule of the contract interface ends the call, not the block', async () => {
    const contract = await probe();
    const result = await run(contract.transaction(alice, 'badSlot'), contract.transaction(alice, 'tooFewWords'));
    expect([...result.receipts].map(({ status, error }) => `${status} ${error?.code}`)).toEqual([
      'trapped slot',
      'trapped stagedWords',
    ]);
  });

  test('a view reads the committed state and writes nothing', async () => {
    const counter = await deploy('counter');
    await run(counter.transaction(alice, 'add', { amount: 2n }));
    const hash = await (await runtime()).stateHash();
    const receipt = await (await runtime()).view(counter.transaction(alice, 'add', { amount: 40n }));
    expect(receipt.status).toBe('ok');
    expect(await (await runtime()).stateHash()).toBe(hash);
    expect(await ask(counter, 'get')).toBe(2n);
  });

  test('a thousand views and small blocks one after another', async () => {
    const counter = await deploy('counter');
    for (let i = 0; i < 500; i++) {
      await run(...Array.from({ length: i % 4 }, () => counter.transaction(alice, 'add', { amount: 1n })));
      expect(await ask(counter, 'get')).toBe(BigInt(6 * Math.floor(i / 4) + ((i % 4) * ((i % 4) + 1)) / 2));
    }
  });

  test('a result stays readable while later blocks run, but its state hash does not', async () => {
    const token = await deploy('token');
    const first = await run(token.transaction(alice, 'mint', { to: alice, amount: 7n }));
    await run(...Array.from({ length: 200 }, () => token.transaction(alice, 'mint', { to: bob, amount: 9n })));
    expect(first.receipts.get(0).status).toBe('ok');
    expect(first.writeSet).toHaveLength(2);
    await expect(first.stateHash()).rejects.toMatchObject({ name: 'MisuseError', code: 'ERR_STATE_MOVED' });
  });
});
