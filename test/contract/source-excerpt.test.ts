import { expect, test } from 'vitest';
import { displayWidth, sourceExcerpt } from '../../dist/host/contract/source-excerpt.js';

test.each([
  ['', 0],
  ['abc', 3],
  ['日本', 4],
  ['ｆｕｌｌ', 8],
  ['한국어', 6],
  ['かな。', 6],
  ['ｶﾅ', 2],
  ['🎉', 2],
  ['é', 1],
  ['e\u0301', 1],
  ['𝔸', 1],
  ['𠮷', 2],
])('%j takes %i columns', (text, width) => {
  expect(displayWidth(text)).toBe(width);
});

test.each([
  ['let x = wrong;', 'wrong'],
  ['\tlet x = wrong;', 'wrong'],
  ['/* 日本🎉 */ let 名前 = wrong;', 'wrong'],
  ['/* 日本🎉 */ let 名前 = 1;', '名前'],
  ['/* e\u0301 */ wrong', 'wrong'],
])('the carets stand under what is meant: %j', (source, meant) => {
  const column = source.indexOf(meant) + 1;
  const [line, carets] = sourceExcerpt(source, { line: 7, column, length: meant.length }).split('\n') as [
    string,
    string,
  ];
  expect(line).toBe(`  7 | ${source}`);
  const under = carets.replace('    | ', '');
  expect(displayWidth(under.slice(0, under.indexOf('^')))).toBe(displayWidth(source.slice(0, column - 1)));
  expect(under.slice(under.indexOf('^'))).toBe('^'.repeat(displayWidth(meant)));
  expect(under.startsWith('\t')).toBe(source.startsWith('\t'));
});

test('what a terminal obeys is not shown, and moves nothing', () => {
  const source = 'a \u001b[2J\u{e0041} wrong';
  const column = source.indexOf('wrong') + 1;
  expect(sourceExcerpt(source, { line: 1, column, length: 5 })).toBe(
    '  1 | a \ufffd[2J\ufffd\ufffd wrong\n    |          ^^^^^',
  );
});

test('a place past the end of the line has one caret', () => {
  expect(sourceExcerpt('ab  ', { line: 10, column: 3, length: 4 })).toBe('  10 | ab\n     |   ^');
});
