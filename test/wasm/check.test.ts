import { describe, expect, test } from 'vitest';
import { CODE_LIMITS, type CodeLimits, check, type Finding, type FindingCode } from '../../dist/host/index.js';
import { repeat } from '../support/hostile-module.js';
import { buildModule, codeSection, HEADER, section, text, vector } from '../support/wasm.js';
import { textToWasm } from '../support/wasm-text.js';

const RUN = '(func $run (export "run"))';
const VOID_TYPE = section(1, [1, 0x60, 0, 0]);
/** Two functions, of which the second is a method. */
const TWO_FUNCTIONS = [...section(3, [2, 0, 0]), ...section(7, vector([[...text('run'), 0, 1]]))];
/** `f32.const 0`, `drop`. */
const FLOAT_BODY = [0, 0x43, 0, 0, 0, 0, 0x1a, 0x0b];
const ONE_METHOD = [...section(3, [1, 0]), ...section(7, vector([[...text('run'), 0, 0]]))];

function run(body: string): string {
  return `(func $run (export "run") ${body})`;
}

function moduleOf(fields: string): Uint8Array {
  return textToWasm(`(module ${fields})`);
}

function bytes(...sections: readonly (readonly number[])[]): Uint8Array {
  return Uint8Array.from([...HEADER, ...sections.flat()]);
}

/** One method with these bytes for its locals and instructions. */
function method(...body: readonly number[]): Uint8Array {
  return bytes(VOID_TYPE, ONE_METHOD, codeSection(body));
}

/** Each finding as `code` or `code in function`, in their order. */
function summary(findings: readonly Finding[]): string[] {
  return findings.map(({ code, function: inside }) => (inside ? `${code} in ${inside.index}` : code));
}

/** The bytes that a finding points at. */
function at(wasm: Uint8Array, { offset }: Finding, length: number): number[] {
  return [...wasm.subarray(offset, offset + length)];
}

describe('an instruction that contracts are not written in', () => {
  test.each<[name: string, code: FindingCode, opcode: readonly number[], body: string, fields?: string]>([
    ['f32.const', 'float', [0x43], '(drop (f32.const 1))'],
    ['f64.const', 'float', [0x44], '(drop (f64.const 1))'],
    ['f64.load', 'float', [0x2b], '(drop (f64.load (i32.const 0)))', '(memory 1)'],
    ['i8x16.splat', 'simd', [0xfd, 15], '(drop (i8x16.splat (i32.const 1)))'],
    ['v128.const', 'simd', [0xfd, 12], '(drop (v128.const i32x4 1 2 3 4))'],
    ['atomic.fence', 'threads', [0xfe, 3], '(atomic.fence)'],
    ['i32.atomic.load', 'threads', [0xfe, 0x10], '(drop (i32.atomic.load (i32.const 0)))', '(memory 1)'],
    ['return_call', 'tailCall', [0x12], '(return_call $run)'],
    ['ref.null', 'referenceTypes', [0xd0], '(drop (ref.null func))'],
    ['table.size', 'referenceTypes', [0xfc, 16], '(drop (table.size $t))', '(table $t 1 1 funcref)'],
    ['data.drop', 'bulkMemory', [0xfc, 9], '(data.drop $d)', '(memory 1) (data $d (i32.const 0) "a")'],
  ])('%s', (_, expected, opcode, body, fields = '') => {
    const wasm = moduleOf(`(import "blockstm" "self" (func)) ${fields} ${run(body)}`);
    const findings = check(wasm);
    expect(summary(findings)).toEqual([`${expected} in 1`]);
    expect(findings[0]?.function?.name).toBe('run');
    expect(at(wasm, findings[0] as Finding, opcode.length)).toEqual(opcode);
  });

  test.each<[name: string, code: FindingCode, opcode: number, instructions: readonly number[]]>([
    ['throw', 'exceptions', 0x08, [0x08, 0]],
    ['try', 'exceptions', 0x06, [0x06, 0x40, 0x0b]],
    ['try_table, whose end cannot be told', 'exceptions', 0x1f, [0x1f, 0x40, 0, 0x0b]],
    ['struct.new, whose end cannot be told', 'gc', 0xfb, [0xfb, 0, 0]],
    ['call_ref', 'gc', 0x14, [0x14, 0]],
    ['select of a type', 'referenceTypes', 0x1c, [0x1c, 1, 0x7f]],
    ['an unassigned opcode', 'unknown', 0xf0, [0xf0]],
    ['an unassigned number after a prefix', 'unknown', 0xfc, [0xfc, 0x30]],
    ['a prefixed number of two bytes', 'unknown', 0xfc, [0xfc, 0x80, 0x10]],
    ['memory.size of a second memory', 'multiMemory', 0x3f, [0x3f, 1]],
    ['a load from a second memory', 'multiMemory', 0x28, [0x28, 0x42, 1, 0]],
    ['a block of floats', 'float', 0x02, [0x02, 0x7c, 0x0b]],
    ['a block of references', 'referenceTypes', 0x02, [0x02, 0x70, 0x0b]],
    ['a block of a type that the garbage collector knows', 'gc', 0x02, [0x02, 0x6e, 0x0b]],
    // `ref null func` takes two bytes: read as one, the second would be taken for an instruction.
    ['a block of a type of two bytes', 'gc', 0x02, [0x02, 0x63, 0x70, 0x0b]],
    ['an operand that is cut off', 'malformed', 0xff, [0x41, 0x80, 0x80, 0x80, 0x80, 0xff]],
    ['code after the end', 'malformed', 0x01, [0x0b, 0x01]],
  ])('%s', (_, expected, opcode, instructions) => {
    const wasm = method(0, ...instructions, 0x0b);
    const findings = check(wasm);
    expect(summary(findings)).toEqual([`${expected} in 0`]);
    expect(at(wasm, findings[0] as Finding, 1)).toEqual([opcode]);
  });
});

describe('what a function is', () => {
  test.each<[name: string, expected: readonly string[], fields: string]>([
    ['a local that is a float', ['float in 0'], run('(local i32) (local f32)')],
    ['a local of 128 bits', ['simd in 0'], run('(local v128)')],
    ['a local that is a reference', ['referenceTypes in 0'], run('(local funcref)')],
    ['a local that the garbage collector knows', ['gc in 0'], run('(local anyref)')],
    ['parameters that are floats', ['float'], `(func (param f64 f64)) ${RUN}`],
    ['several results', ['multiValue'], `(func (result i32 i64) (unreachable)) ${RUN}`],
    ['a block with parameters', ['multiValue', 'multiValue in 0'], run('(i32.const 1) (block (param i32) (drop))')],
  ])('%s', (_, expected, fields) => {
    // Binaryen does without parameters of blocks, so that one is made here.
    const block = bytes(
      section(
        1,
        vector([
          [0x60, 0, 0],
          [0x60, 1, 0x7f, 2, 0x7f, 0x7f],
        ]),
      ),
      ONE_METHOD,
      codeSection([0, 0x41, 1, 0x02, 1, 0x41, 2, 0x0b, 0x1a, 0x1a, 0x0b]),
    );
    const wasm = fields.includes('(block') ? block : moduleOf(fields);
    expect(summary(check(wasm))).toEqual(expected);
  });

  test('a function whose locals cannot be read does not hide the next one', () => {
    const wasm = bytes(VOID_TYPE, TWO_FUNCTIONS, codeSection([1, 1, 0x63, 0x70, 0x0b], FLOAT_BODY));
    expect(summary(check(wasm))).toEqual(['gc in 0', 'float in 1']);
  });

  test('a function with an unreadable instruction does not hide the next one', () => {
    const wasm = bytes(VOID_TYPE, TWO_FUNCTIONS, codeSection([0, 0xfb, 0, 0, 0x0b], FLOAT_BODY));
    expect(summary(check(wasm))).toEqual(['gc in 0', 'float in 1']);
  });
});

describe('what a module imports, exports and holds', () => {
  // The last column: the bytes that the first finding points at.
  test.each<[name: string, expected: readonly FindingCode[], fields: string, points: readonly number[]]>([
    ['an unknown module', ['importName'], `(import "env" "push" (func (param i64))) ${RUN}`, text('env')],
    ['an unknown name', ['importName'], `(import "blockstm" "pop" (func)) ${RUN}`, text('blockstm')],
    ['a name of JavaScript', ['importName'], `(import "blockstm" "constructor" (func)) ${RUN}`, text('blockstm')],
    [
      'another signature',
      ['importSignature'],
      `(import "blockstm" "push" (func (param i32))) ${RUN}`,
      text('blockstm'),
    ],
    [
      'an imported memory',
      ['importKind'],
      `(import "env" "m" (memory 1)) (data (i32.const 9) "a") ${RUN}`,
      text('env'),
    ],
    [
      'an imported memory that is shared',
      ['importName', 'importKind', 'sharedMemory'],
      `(import "env" "m" (memory 1 2 shared)) (import "env" "f" (func)) ${RUN}`,
      [...text('env'), ...text('f')],
    ],
    [
      'an imported table',
      ['importKind'],
      `(import "env" "t" (table 1 1 funcref)) (elem (i32.const 0) $run) ${RUN}`,
      text('env'),
    ],
    ['an imported global', ['importKind'], `(import "env" "g" (global i32)) ${RUN}`, text('env')],
    ['an export with a parameter', ['exportOutsideInterface'], `${RUN} (func (export "f") (param i32))`, text('f')],
    [
      'an export with a result',
      ['exportOutsideInterface'],
      `${RUN} (func (export "f") (result i32) (i32.const 1))`,
      text('f'),
    ],
    ['an exported table', ['exportOutsideInterface'], `${RUN} (table (export "t") 1 1 funcref)`, text('t')],
    ['a reserved method', ['exportReserved'], `(func (export "blockstm.reset"))`, text('blockstm.reset')],
    ['a reserved memory', ['exportReserved'], `${RUN} (memory (export "blockstm.m") 1)`, text('blockstm.m')],
    [
      'a mutable exported global',
      ['exportMutableGlobal'],
      `${RUN} (global (export "g") (mut i32) (i32.const 1))`,
      text('g'),
    ],
    ['no method', ['noMethod'], '(func)', HEADER],
    ['a start function', ['start'], `${RUN} (start $run)`, [8, 1]],
    ['a float global', ['float'], `${RUN} (global f64 (f64.const 1))`, [0x7c, 0, 0x44]],
    ['a global of 128 bits', ['simd'], `${RUN} (global v128 (v128.const i32x4 1 2 3 4))`, [0x7b, 0, 0xfd]],
    [
      'a global that is computed',
      ['constantExpression'],
      `${RUN} (global i32 (i32.add (i32.const 1) (i32.const 2)))`,
      [0x41, 1, 0x41, 2],
    ],
    ['a shared memory', ['sharedMemory'], `(memory 1 1 shared) (data (i32.const 0) "a") ${RUN}`, [3, 1, 1]],
    ['a memory of 64 bits', ['memory64'], `(memory i64 1) ${RUN}`, [4, 1]],
    ['two memories', ['multiMemory'], `(memory 1) (memory 7) ${RUN}`, [0, 7]],
    ['two tables', ['multiTable'], `(table 1 1 funcref) (table 7 7 funcref) ${RUN}`, [0x70, 1, 7, 7]],
    ['a table of references', ['referenceTypes'], `(table 1 1 externref) ${RUN}`, [0x6f, 1, 1, 1]],
    ['a table that can grow', ['tableGrowable'], `(table 1 2 funcref) ${RUN}`, [0x70, 1, 1, 2]],
    ['a table without a maximum', ['tableGrowable'], `(table 1 funcref) ${RUN}`, [0x70, 0, 1]],
    ['passive data', ['bulkMemory'], `(memory 1) (data "a") ${RUN}`, [1, 1, 0x61]],
    ['data past the memory', ['dataBounds'], `(memory 1) (data (i32.const 65535) "ab") ${RUN}`, [0, 0x41]],
    ['data at a negative offset', ['dataBounds'], `(memory 1) (data (i32.const -1) "a") ${RUN}`, [0, 0x41]],
    ['elements past the table', ['elementBounds'], `(table 1 1 funcref) (elem (i32.const 1) $run) ${RUN}`, [0, 0x41]],
    [
      'a segment of elements that is passive',
      ['referenceTypes'],
      `(table 1 1 funcref) (elem func $run) ${RUN}`,
      [1, 0],
    ],
    ['an exported tag', ['exceptions', 'exportOutsideInterface'], `(tag (export "t")) ${RUN}`, [13]],
    ['a struct', ['gc'], `(type $s (struct (field i32))) (func (param (ref null $s))) ${RUN}`, [0x5f, 1, 0x7f]],
  ])('%s', (_, expected, fields, points) => {
    const wasm = moduleOf(fields);
    const findings = check(wasm);
    expect(summary(findings)).toEqual(expected);
    expect(at(wasm, findings[0] as Finding, points.length)).toEqual(points);
  });

  test('a constant of the garbage collector', () => {
    // `(global i32 (i31.get_s (ref.i31 (i32.const 1))))`
    const global = section(6, [1, 0x7f, 0, 0x41, 1, 0xfb, 28, 0xfb, 29, 0x0b]);
    const wasm = bytes(VOID_TYPE, section(3, [1, 0]), global, ONE_METHOD.slice(4), codeSection([0, 0x0b]));
    const findings = check(wasm);
    expect(summary(findings)).toEqual(['gc']);
    expect(at(wasm, findings[0] as Finding, 2)).toEqual([0xfb, 28]);
  });

  test.each<[name: string, fields: string]>([
    [
      'data and elements that just fit',
      '(memory 1) (data (i32.const 65535) "a") (table 2 2 funcref) (elem (i32.const 1) $run)',
    ],
    [
      'what toolchains export besides',
      '(memory (export "memory") 1) (global (export "__heap_base") i32 (i32.const 9))',
    ],
    ['a memory without a maximum', '(memory 1)'],
    [
      'memory.copy and memory.fill',
      `(memory 1) (func (memory.copy (i32.const 0) (i32.const 8) (i32.const 8))
      (memory.fill (i32.const 0) (i32.const 8) (i32.const 8)))`,
    ],
    ['one result', '(func (result i64) (block (result i64) (i64.const 1)))'],
  ])('%s: no finding', (_, fields) => {
    expect(check(moduleOf(`${fields} ${RUN}`))).toEqual([]);
  });

  test('a method that the interface does not list, and a section that says nothing', () => {
    const twoMethods = [...moduleOf(`${RUN} (func (export "other"))`)];
    const withInterface = (json: string): Uint8Array =>
      Uint8Array.from([...twoMethods, ...section(0, [...text('blockstm.interface'), ...Buffer.from(json)])]);
    const findings = check(withInterface('{"methods": [{"name": "run"}]}'));
    expect(summary(findings)).toEqual(['exportOutsideInterface']);
    expect(findings[0]?.message).toContain('"other"');
    for (const json of ['', 'null', '{}', '{"methods": [null]}']) {
      expect(summary(check(withInterface(json)))).toEqual(['interface']);
    }
  });
});

describe('limits', () => {
  const noop = { name: 'run', body: [] };
  const nested = (depth: number): Uint8Array => {
    const blocks = Array.from({ length: depth }, () => [0x02, 0x40]).flat();
    return buildModule({ methods: [{ name: 'run', body: [...blocks, ...new Array<number>(depth).fill(0x0b)] }] });
  };
  const ofLength = (length: number): Uint8Array => {
    const start = buildModule({ methods: [noop] });
    // A custom section without a name; its length takes three bytes.
    const content = new Array<number>(length - start.length - 4).fill(0);
    return Uint8Array.from([...start, ...section(0, content)]);
  };
  // The body's length and its `end` count, and that it has no locals.
  const ofBytes = (count: number): Uint8Array =>
    buildModule({ methods: [{ name: 'run', body: new Array<number>(count - 2).fill(0x01) }] });
  const methods = (count: number): Uint8Array =>
    buildModule({ methods: Array.from({ length: count }, (_, index) => ({ name: `m${index}`, body: [] })) });
  const types = (count: number): Uint8Array =>
    bytes(section(1, vector(new Array(count).fill([0x60, 0, 0]))), ONE_METHOD, codeSection([0, 0x0b]));

  test.each<[limit: keyof CodeLimits, code: FindingCode, of: (size: number) => Uint8Array]>([
    ['moduleBytes', 'moduleSize', ofLength],
    ['types', 'types', types],
    [
      'functions',
      'functions',
      (n) => moduleOf(`(import "blockstm" "self" (func)) ${repeat(n - 2, () => '(func)')} ${RUN}`),
    ],
    ['parameters', 'parameters', (n) => moduleOf(`(func ${repeat(n, () => '(param i32)')}) ${RUN}`)],
    ['locals', 'locals', (n) => moduleOf(`(func (param i32) ${repeat(n - 1, () => '(local i64)')}) ${RUN}`)],
    ['functionBytes', 'functionSize', ofBytes],
    ['nesting', 'nesting', nested],
    ['brTableTargets', 'brTable', (n) => moduleOf(run(`(block $b (br_table ${'$b '.repeat(n + 1)} (i32.const 0)))`))],
    ['globals', 'globals', (n) => moduleOf(`${RUN} ${repeat(n, () => '(global i32 (i32.const 0))')}`)],
    ['exports', 'exports', methods],
    ['memoryPages', 'memorySize', (n) => moduleOf(`(memory ${n}) ${RUN}`)],
    ['memoryPages', 'memorySize', (n) => moduleOf(`(memory 1 ${n}) ${RUN}`)],
    ['tableEntries', 'tableSize', (n) => moduleOf(`(table ${n} ${n} funcref) ${RUN}`)],
    [
      'dataSegments',
      'dataSegments',
      (n) => moduleOf(`(memory 1) ${repeat(n, (i) => `(data (i32.const ${3 * i}) "a")`)} ${RUN}`),
    ],
  ])('%s', (limit, code, of) => {
    const most = CODE_LIMITS[limit];
    expect(check(of(most))).toEqual([]);
    const findings = check(of(most + 1));
    expect(findings.map((finding) => finding.code)).toEqual([code]);
    expect(findings[0]?.message).toContain(String(most));
    expect(check(of(most), { limits: { [limit]: most - 1 } }).map((finding) => finding.code)).toEqual([code]);
    expect(check(of(most + 1), { limits: { [limit]: most + 1 } })).toEqual([]);
  });
});
