import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { compile } from '../../dist/host/contract/index.js';
import { check, type Finding, instrument } from '../../dist/host/index.js';
import { decode } from '../../dist/host/wasm/decode.js';
import { compilePlain } from '../support/plain-module.js';
import { Random } from '../support/random.js';
import { contractWasm } from '../support/runtimes.js';
import { buildModule, section, text, unsigned, vector } from '../support/wasm.js';
import { textToWasm } from '../support/wasm-text.js';

const contracts = new URL('../../dist/contracts/', import.meta.url);
const sources = new URL('../../assembly/contracts/', import.meta.url);
/** `f32.const 0`, `drop`. */
const FLOAT = [0x43, 0, 0, 0, 0, 0x1a];

/** A module with a `name` section of this content. */
function named(content: readonly number[], methods = [{ name: 'run', body: FLOAT }]): Uint8Array {
  return Uint8Array.from([...buildModule({ methods }), ...section(0, [...text('name'), ...content])]);
}

function functionNames(...names: readonly (readonly [index: number, name: string])[]): number[] {
  return section(1, vector(names.map(([index, name]) => [...unsigned(index), ...text(name)])));
}

test('every sample contract has none', async () => {
  const files = (await readdir(contracts)).filter((file) => file.endsWith('.wasm'));
  expect(files.length).toBeGreaterThan(5);
  for (const file of files) expect(check(await readFile(new URL(file, contracts)))).toEqual([]);
});

test('one pass finds everything, in the order of the bytes', () => {
  const wasm = textToWasm(`(module
    (import "env" "now" (func (result f64)))
    (import "blockstm" "push" (func (param i32)))
    (memory 1 1000)
    (table 1 5000 funcref)
    (global $g (export "g") (mut f32) (f32.const 1))
    (func $a (export "a") (param i32) (local f32) (drop (f64.const 1)))
    (func $b (export "b") (atomic.fence) (drop (i8x16.splat (i32.const 1))))
    (start $b))`);
  const findings = check(wasm);
  expect(findings.map(({ code, function: inside }) => `${code} ${inside?.name ?? '-'}`).sort()).toEqual(
    [
      ...['float -', 'importName -', 'importSignature -', 'memorySize -', 'tableGrowable -', 'float -'],
      ...['exportMutableGlobal -', 'exportOutsideInterface -', 'start -', 'float a', 'float a', 'threads b', 'simd b'],
    ].sort(),
  );
  const offsets = findings.map(({ offset }) => offset);
  expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
});

test.each([
  [10, 10, 'f32.const'],
  [11, 11, 'f32.const'],
  [12, 11, 'f32.const, and 1 more before it'],
  [500, 11, 'f32.const, and 489 more before it'],
])('%i findings that are alike in one function are listed as %i', (count, listed, message) => {
  const body = Array.from({ length: count }, () => FLOAT).flat();
  const findings = check(buildModule({ methods: ['a', 'b'].map((name) => ({ name, body })) }));
  expect(findings).toHaveLength(2 * listed);
  expect(findings.at(-1)).toMatchObject({ message, function: { index: 1, name: 'b' }, offset: expect.any(Number) });
});

describe('the name of a function', () => {
  const nameOf = (wasm: Uint8Array): string | undefined => check(wasm)[0]?.function?.name;

  test('is that of the name section, or else that of its export', () => {
    expect(nameOf(buildModule({ methods: [{ name: 'run', body: FLOAT }] }))).toBe('run');
    expect(nameOf(named(functionNames([0, 'coin/run'])))).toBe('coin/run');
    expect(nameOf(named([...section(0, text('module')), ...functionNames([0, 'coin/run'])]))).toBe('coin/run');
    expect(nameOf(named(functionNames([7, 'coin/run'])))).toBe('run');
  });

  test('is not there for a function that nothing names', () => {
    const wasm = textToWasm('(module (func (export "run")) (func (drop (f32.const 1))))');
    expect(check(wasm)).toEqual([
      { code: 'float', message: 'f32.const', offset: expect.any(Number), function: { index: 1 } },
    ]);
  });

  test('is not looked for past the end of the list of names', () => {
    // Sizes that say nothing while the lists go on: each would be read again from every header.
    const list = [...unsigned(1), ...unsigned(0), ...text('far')];
    expect(nameOf(named([1, 0, ...list]))).toBe('run');
    expect(nameOf(named([1, list.length, ...list]))).toBe('far');
  });

  test('is no reason to refuse: a name section can hold anything', () => {
    const fine = [{ name: 'run', body: [] }];
    for (const content of [[], [1], [1, 200], [1, 3, 200, 0, 0], [1, 4, 1, 0, 1, 0xff], [0, 0, 1, 0]]) {
      expect(check(named(content, fine))).toEqual([]);
      expect(nameOf(named(content))).toBe('run');
    }
  });
});

describe('with a source map', () => {
  const source = `let count: u64 = 0;
@inline function half(x: u64): f64 {
  return <f64>x / 2.0;
}
export function add(): void {
  count = count + <u64>half(count);
}
`;

  test('a finding says where in the AssemblyScript it is', async () => {
    const { wasm, sourceMap } = await compilePlain('coin.ts', source);
    const findings = check(wasm, { sourceMap });
    const places = findings.map(
      ({ message, source }) => `${message} ${source?.file}:${source?.line}:${source?.column}`,
    );
    expect(places).toContain('f64.convert_i64_u coin.ts:3:10');
    expect(places).toContain('f64.const coin.ts:3:19');
    expect(findings.every(({ code, function: inside }) => code === 'float' && inside?.name?.includes('add'))).toBe(
      true,
    );
  });

  /** `functions` with a map that says line 10 of the first instruction of function 0, and line 20 of that of function 1. */
  function mapped(functions: readonly (readonly number[])[]): { wasm: Uint8Array; sourceMap: string } {
    const methods = functions.map((body, index) => ({ name: `m${index}`, body }));
    const wasm = buildModule({ methods });
    const first = wasm.length - functions.reduce((sum, body) => sum + body.length + 3, 0) + 2;
    const second = (functions[0] as number[]).length + 3;
    const mappings = [[first, 0, 9, 0], ...(functions.length > 1 ? [[second, 0, 10, 0]] : [])];
    return {
      wasm,
      sourceMap: JSON.stringify({
        version: 3,
        sources: ['a.ts'],
        names: [],
        mappings: mappings.map((one) => one.map(vlq).join('')).join(','),
      }),
    };
  }

  test('a function is not said to be where the one before it is', () => {
    const { wasm, sourceMap } = mapped([FLOAT, FLOAT]);
    expect(check(wasm, { sourceMap }).map(({ source }) => source?.line)).toEqual([10, 20]);
    const cut = JSON.stringify({ ...JSON.parse(sourceMap), mappings: JSON.parse(sourceMap).mappings.split(',')[0] });
    expect(check(wasm, { sourceMap: cut }).map(({ source }) => source?.line)).toEqual([10, undefined]);
  });

  test('what is in no function has no place', async () => {
    const { wasm, sourceMap } = mapped([FLOAT]);
    const more = Uint8Array.from([...wasm, ...section(11, [1, 1, 0])]);
    expect(check(more, { sourceMap }).map(({ code, source }) => [code, source?.line])).toEqual([
      ['float', 10],
      ['bulkMemory', undefined],
    ]);
  });

  test('debug keeps names and changes nothing else; without it the bytes are as ever and there is no map', async () => {
    const entry = new URL('counter.ts', sources).pathname;
    const [plain, debug] = [await compile(entry), await compile(entry, { debug: true })];
    expect(plain.sourceMap).toBeUndefined();
    expect(JSON.parse(debug.sourceMap as string)).toMatchObject({ version: 3 });
    const withoutNames = (wasm: Uint8Array): number => {
      const module = new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>);
      const customs = ['name', 'sourceMappingURL', 'blockstm.source-map'].flatMap((name) =>
        WebAssembly.Module.customSections(module, name),
      );
      return wasm.length - customs.reduce((sum, { byteLength }) => sum + byteLength, 0);
    };
    expect(Math.abs(withoutNames(debug.wasm) - plain.wasm.length)).toBeLessThan(96);
    const codeOf = (wasm: Uint8Array): string[] =>
      decode(wasm).bodies.map(({ offset, end }) => Buffer.from(wasm.subarray(offset, end)).toString('hex'));
    expect(codeOf(debug.wasm)).toEqual(codeOf(plain.wasm));
  });

  test.each([
    '',
    'null',
    '5',
    '[]',
    '{}',
    '{"version": 3, "sources": 5, "mappings": ""}',
    '{"version": 2, "sources": [], "mappings": ""}',
  ])('a map that is none is misuse: %j', (sourceMap) => {
    expect(() => check(buildModule({}), { sourceMap })).toThrow(
      expect.objectContaining({ name: 'MisuseError', code: 'ERR_ARGUMENT' }),
    );
  });
});

/** One field of a source map. */
function vlq(value: number): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  let text = '';
  let rest = value << 1;
  do {
    text += digits[(rest & 31) | (rest > 31 ? 32 : 0)];
    rest >>>= 5;
  } while (rest > 0);
  return text;
}

test('what is not a module is not instrumented, with an error of ours', () => {
  for (const bytes of [
    Uint8Array.of(),
    Uint8Array.of(1, 2, 3),
    buildModule({ methods: [{ name: 'run', body: FLOAT }] }).subarray(0, 20),
  ]) {
    expect(() => instrument(bytes)).toThrow(expect.objectContaining({ name: 'ContractCodeError', code: 'ERR_CHECK' }));
  }
});

describe('whatever the bytes', () => {
  const isOne = (findings: readonly Finding[]): boolean =>
    findings.every(({ code, message, offset }) => code !== undefined && message !== '' && offset >= 0);

  test('the start of a module is refused or is a module, and nothing is thrown', async () => {
    const wasm = await contractWasm('amm');
    for (let length = 0; length < wasm.length; length++) {
      const start = wasm.subarray(0, length);
      const findings = check(start);
      expect(isOne(findings)).toBe(true);
      if (findings.length === 0) expect(WebAssembly.validate(start as Uint8Array<ArrayBuffer>)).toBe(true);
    }
  });

  test.each([1, 2, 3])('a module with changed bytes that is passed is valid: seed %i', async (seed) => {
    const random = new Random(seed);
    const wasm = await contractWasm(['token', 'amm', 'program'][seed - 1] as string);
    let passed = 0;
    for (let round = 0; round < 2_000; round++) {
      const changed = Uint8Array.from(wasm);
      for (let left = 1 + random.below(3); left > 0; left--) changed[random.below(changed.length)] = random.below(256);
      const findings = check(changed);
      expect(isOne(findings)).toBe(true);
      if (findings.length > 0) continue;
      passed++;
      expect(WebAssembly.validate(changed)).toBe(true);
    }
    // Constants and names can change.
    expect(passed).toBeGreaterThan(50);
    expect(passed).toBeLessThan(1_500);
  });

  test('what only V8 objects to is invalid, in its words', () => {
    expect(check(buildModule({ methods: [{ name: 'run', body: [0x1a] }] }))).toEqual([
      { code: 'invalid', message: expect.stringMatching(/^not a valid module: .*drop/), offset: 0 },
    ]);
  });

  test.each<[name: string, bytes: readonly number[], offset: number]>([
    ['nothing', [], 0],
    ['another magic number', [0, 0x61, 0x73, 0x6e, 1, 0, 0, 0], 3],
    ['another version', [0, 0x61, 0x73, 0x6d, 2, 0, 0, 0], 4],
    ['a section longer than the module', [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 9, 0], 10],
    ['a section twice', [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 1, 0, 1, 1, 0], 11],
    ['more types than there are bytes', [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 1, 9], 10],
  ])('%s is malformed, and that is all', (_, bytes, offset) => {
    expect(check(Uint8Array.from(bytes))).toEqual([{ code: 'malformed', message: expect.any(String), offset }]);
  });
});
