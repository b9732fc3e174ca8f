import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checksum } from '../../dist/host/store/checksum.js';
import { withDirectory } from '../support/directories.js';
import { encodeProgram } from '../support/programs.js';
import { growChain, openChain, PROGRAM } from '../support/sample-chain.js';

test('no bytes are no bytes, wherever they are', () => {
  const key = Uint8Array.of(1, 2, 3);
  const nowhere = new Uint8Array(0);
  const somewhere = new Uint8Array(8).subarray(4, 4);
  expect(checksum(key, nowhere)).toBe(checksum(key, somewhere));
  expect(checksum(nowhere, key)).toBe(checksum(somewhere, key));
  expect(checksum(key, nowhere)).toBe(checksum(nowhere, key));
  expect(checksum(key, nowhere)).not.toBe(0);
});

test('an empty value through a snapshot', async () => {
  await withDirectory(async (directory) => {
    const [source, target, file] = ['source', 'target', 'snapshot'].map((name) => join(directory, name)) as [
      string,
      string,
      string,
    ];
    await growChain(source, 0);
    await using from = await openChain(source);
    const program = from.contract(PROGRAM);
    // Operation 8: of as many bytes as the register says, here 0.
    const code = encodeProgram([{ number: 8, operand: 5n }]);
    const call = { sender: PROGRAM, contract: PROGRAM, method: 'run', input: new Uint8Array() };
    const transaction = program?.transaction(PROGRAM, 'run', { code }) ?? call;
    const { writeSet, durable } = await from.execute({ transactions: [transaction] });
    expect(writeSet).toMatchObject([{ value: new Uint8Array(0) }]);
    await durable;
    await from.snapshot(file);
    await using to = await openChain(target);
    await to.restore(file);
    expect(await to.stateHash()).toBe(await from.stateHash());
    const has = encodeProgram([
      { number: 4, operand: 5n },
      { number: 10, operand: 0n },
    ]);
    const input = program?.transaction(PROGRAM, 'run', { code: has }) ?? call;
    expect(Buffer.from((await to.view(input)).output).readBigUInt64LE()).toBe(1n);
  });
});
