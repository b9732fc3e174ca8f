import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRuntime, memoryStore, type Runtime } from '../../dist/host/index.js';
import { checksum } from '../../dist/host/store/checksum.js';
import { codeHash } from '../../dist/host/wasm/code-hash.js';
import { withDirectory } from '../support/directories.js';
import { contractWasm } from '../support/runtimes.js';
import { TINY_MEMORY, TOKEN } from '../support/sample-chain.js';

type Section = readonly [kind: number, bytes: Uint8Array];
type Entry = readonly [contract: number, key: Uint8Array, value: Uint8Array];

let runtime: Runtime;
let wasm: Uint8Array;

beforeAll(async () => {
  wasm = await contractWasm('counter');
  runtime = await createRuntime({ store: memoryStore(), workers: 1, limits: TINY_MEMORY });
});

afterAll(() => runtime.close());

/** A file whose checksums are all right. */
function snapshot(sections: readonly Section[]): Uint8Array {
  const parts = sections.map(([kind, bytes]) => {
    const head = Buffer.alloc(12);
    head.writeUInt32LE(kind, 0);
    head.writeUInt32LE(bytes.length, 4);
    head.writeUInt32LE(checksum(head.subarray(0, 8), bytes), 8);
    return Buffer.concat([head, bytes]);
  });
  return Buffer.concat([Buffer.from('BLOCKSTM\u0001\0\0\0'), ...parts]);
}

function words(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer);
}

/** Of one contract at `TOKEN`, with this state. */
function withState(state: Uint8Array, values: number, code = wasm, hash = codeHash(code)): Section[] {
  return [
    [1, new Uint8Array()],
    [2, Buffer.concat([TOKEN, Buffer.from(hash, 'hex')])],
    [3, code],
    [4, state],
    [5, words(values, 0)],
  ];
}

function withEntries(...entries: readonly Entry[]): Section[] {
  const state = entries.map(([contract, key, value]) =>
    Buffer.concat([words(contract, key.length, value.length), key, value]),
  );
  return withState(Buffer.concat(state), entries.length);
}

const bytes = (length: number, digit = 1): Uint8Array => new Uint8Array(length).fill(digit);

async function refused(sections: readonly Section[], code: string, message: string): Promise<void> {
  await withDirectory(async (directory) => {
    const file = join(directory, 'snapshot');
    await writeFile(file, snapshot(sections));
    const error = { name: 'StoreError', code, message: expect.stringContaining(message) };
    await expect(runtime.restore(file)).rejects.toMatchObject(error);
  });
}

const hostile: readonly (readonly [string, () => Section[], string])[] = [
  ['an empty key', () => withEntries([0, bytes(0), bytes(1)]), 'a key of 0 bytes'],
  ['a long key', () => withEntries([0, bytes(257), bytes(1)]), 'a key of 257 bytes'],
  ['a long value', () => withEntries([0, bytes(1), bytes(65_537)]), 'a value of 65537 bytes'],
  ['a value of no contract', () => withEntries([1, bytes(1), bytes(1)]), 'of no contract'],
  ['a value twice', () => withEntries([0, bytes(1), bytes(1)], [0, bytes(1), bytes(2)]), 'do not ascend'],
  ['keys that descend', () => withEntries([0, bytes(1, 2), bytes(1)], [0, bytes(2), bytes(1)]), 'do not ascend'],
  ['a head that is cut off', () => withState(words(0, 1), 1), 'cut off'],
  ['a key that is cut off', () => withState(words(0, 200, 0, 1), 1), 'cut off'],
  ['a value that is cut off', () => withState(words(0, 4, 8, 1), 1), 'cut off'],
  ['no number of values', () => [...withEntries().slice(0, 4), [5, bytes(4)]], 'values are missing'],
  ['half a contract', () => [[1, bytes(0)], [2, bytes(32)], ...withEntries().slice(2)], 'cut off'],
  ['code that cannot be deployed', () => withState(bytes(0), 0, bytes(20)), 'cannot be deployed'],
];

test.each(hostile)('%s', async (_, sections, message) => {
  await refused(sections(), 'ERR_STORE_CORRUPT', message);
});

test('code by another hash is of another gas schedule, no code is missing', async () => {
  const sections = withState(bytes(0), 0, wasm, '11'.repeat(32));
  await refused(sections, 'ERR_STORE_VERSION', 'another gas schedule');
  await refused(
    sections.filter(([kind]) => kind !== 3),
    'ERR_STORE_CORRUPT',
    'is missing',
  );
});

test('what is right is restored; and what was refused has left nothing', async () => {
  await withDirectory(async (directory) => {
    const file = join(directory, 'snapshot');
    const entries = withEntries([0, bytes(1), bytes(0)], [0, bytes(256), bytes(65_536)]);
    await writeFile(file, snapshot(entries));
    await runtime.restore(file);
    await runtime.snapshot(`${file}.again`);
    expect(Buffer.compare(await readFile(`${file}.again`), await readFile(file))).toBe(0);
  });
});
