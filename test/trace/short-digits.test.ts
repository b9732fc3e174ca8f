import { expect, test } from 'vitest';
import { dependencyDot, digitShortener } from '../../dist/host/index.js';

const address = (end: string, begin = ''): string => `0x${begin}${end.padStart(64 - begin.length, '0')}`;

test('digits are told by their ends, and what is short is not touched', () => {
  const text = `token.balances[${address('a830', '12345678')}] 0x0123456789abcdef ${'f'.repeat(40)}`;
  expect(digitShortener([text])(text)).toBe(`token.balances[0x12345678…a830] 0x0123456789abcdef ${'f'.repeat(40)}`);
});

test('as much is shown of the end as tells those of all texts apart', () => {
  const texts = [
    `a ${address('1a830')}, b ${address('2a830')}`,
    `c ${address('a830', '99999999')} ${address('71a830')}`,
  ];
  const short = digitShortener(texts);
  expect(texts.map(short)).toEqual(['a 0x00000000…01a830, b 0x00000000…02a830', 'c 0x99999999…a830 0x00000000…71a830']);
});

test('where they differ in the middle only, they are there in full', () => {
  const [one, other] = [`${address('', 'aaaaaaaa1')}`, `${address('', 'aaaaaaaa2')}`] as const;
  const short = digitShortener([one, other]);
  expect([short(one), short(other)]).toEqual([one, other]);
});

test('and so are digits that were in none of the texts', () => {
  expect(digitShortener([address('1')])(address('2', '77777777'))).toBe(address('2', '77777777'));
});

test('whatever the addresses, different ones stay different', () => {
  // All that differ from one another in one digit, wherever it is.
  const all = Array.from({ length: 64 }, (_, place) => `0x${'0'.repeat(place)}1${'0'.repeat(63 - place)}`);
  const short = digitShortener(all);
  expect(new Set(all.map(short)).size).toBe(64);
});

test('labels of a graph', () => {
  const location = (key: string) => ({ contract: 'token', address: address('1'), field: 'balances', key });
  const dot = dependencyDot({
    schema: 'blockstm.graph/1',
    locations: ['3a830', '1a830', '2a830'].map((digits) => location(address(digits))),
    nodes: [],
    junctions: [{ index: 3, location: 0, after: null, adders: [] }],
    edges: [
      { from: 0, to: 1, location: 1 },
      { from: 1, to: 2, location: 2 },
    ],
  });
  const labels = [...dot.matchAll(/label="token\.balances\[(.*)\]"/g)].map(([, key]) => key);
  expect(labels).toEqual(['0x00000000…3a830', '0x00000000…1a830', '0x00000000…2a830']);
});
