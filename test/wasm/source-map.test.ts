import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FUNCTIONS_EXTENSION, SourceMap } from '../../dist/host/wasm/source-map.js';

/** One field of a mapping. */
function vlq(value: number): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  let text = '';
  let rest = Math.abs(value) * 2 + Number(value < 0);
  do {
    text += digits[(rest % 32) + (rest > 31 ? 32 : 0)];
    rest = Math.floor(rest / 32);
  } while (rest > 0);
  return text;
}

const sources = ['a.ts', 'b.ts'];

function mapOf(mappings: string, more: object = {}): SourceMap {
  return new SourceMap(JSON.stringify({ version: 3, sources, names: [], mappings, ...more }));
}

const number = fc.nat(2 ** 31 - 1);
const place = fc.tuple(fc.nat(1), number, number);
const entries = fc
  .uniqueArray(fc.tuple(number, fc.option(place)), { selector: ([offset]) => offset, minLength: 1 })
  .map((list) => list.sort((a, b) => a[0] - b[0]));

describe('a source map', () => {
  test('gives what was written', () => {
    fc.assert(
      fc.property(entries, (written) => {
        let [offset, source, line, column] = [0, 0, 0, 0];
        const segments = written.map(([at, where]) => {
          let segment = vlq(at - offset);
          offset = at;
          if (where === null) return segment;
          segment += vlq(where[0] - source) + vlq(where[1] - line) + vlq(where[2] - column);
          [source, line, column] = where;
          return segment;
        });
        const map = mapOf(segments.join(','));
        written.forEach(([at, where], entry) => {
          expect(map.entryAt(at)).toBe(entry);
          expect(map.entryAt(at - 1)).toBe(entry - 1);
          expect(map.offsetOf(entry)).toBe(at);
          const expected = where && { file: sources[where[0]], line: where[1] + 1, column: where[2] + 1 };
          expect(map.positionOf(entry)).toEqual(expected ?? undefined);
        });
        expect(map.entryAt(2 ** 31)).toBe(written.length - 1);
      }),
    );
  });

  test('has the texts that it was given, and no place in a source that it does not have', () => {
    const map = mapOf('AAAA,CEAA', { sourcesContent: ['text', null] });
    expect([map.textOf('a.ts'), map.textOf('b.ts'), map.textOf('c.ts')]).toEqual(['text', undefined, undefined]);
    expect(map.positionOf(1)).toBeUndefined();
  });

  test('knows the functions around a place, and passes over what does not describe one', () => {
    const functions = [['a.ts', 1, 2, 3, 1, 'f'], ['a.ts', 4], null, ['b.ts', 1, 0, 9, 9, 'g']];
    const map = mapOf('', { [FUNCTIONS_EXTENSION]: functions });
    const at = (file: string, line: number, column: number) => map.functionAround({ file, line, column });
    expect([at('a.ts', 2, 2), at('a.ts', 2, 3), at('a.ts', 4, 1), at('a.ts', 4, 2)]).toEqual([
      undefined,
      'f',
      'f',
      undefined,
    ]);
    expect([at('b.ts', 2, 1), at('c.ts', 2, 3)]).toEqual(['g', undefined]);
  });

  test.each(['A!', 'AA', 'AAA', 'AAAAAA', 'g', 'ggggggggA', 'D', 'AAAD', 'AAAA;AAAA', ','])(
    'refuses the mappings %j',
    (mappings) => {
      expect(() => mapOf(mappings)).toThrow(SyntaxError);
    },
  );

  test.each(['{', '{}', '[]', '{"version":3,"sources":[1],"mappings":""}', '{"version":3,"sources":[],"mappings":1}'])(
    'is not %j',
    (json) => {
      expect(() => new SourceMap(json)).toThrow(SyntaxError);
    },
  );
});
