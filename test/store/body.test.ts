import { expect, test } from 'vitest';
import { WordWriter } from '../../dist/host/engine/word-writer.js';
import { decodeBody, encodeBody } from '../../dist/host/store/body.js';

test('a byte order mark is a part of a method as any other', () => {
  const methods = ['\ufeffset', 'set', '\ufeff', 'é'];
  const contract = new Uint8Array(32);
  const targets = methods.map((method) => ({ contract, method }));
  const heads = Uint32Array.from(methods.flatMap((_, index) => [index, 0, 1000, 0]));
  const words = new Uint32Array(methods.length * 8);
  const calls = { targets, heads, words, count: methods.length };
  const { transactions } = decodeBody(encodeBody({ deployments: [], calls }, new WordWriter()));
  expect(transactions.map(({ method }) => method)).toEqual(methods);
});
