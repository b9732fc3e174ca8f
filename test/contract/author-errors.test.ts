// What an author can get wrong: each is an error at its place.

import { describe, expect, it } from 'vitest';
import { compileErrorOf, sampleCaller, sdkImport } from '../support/sample-source.js';

describe('a compile error of an author', () => {
  const go = 'export function go(): void {}';

  it.each([
    // Types.
    ['export function go(x: f64[]): void {}', 1, 23, 'a contract has no floating-point numbers'],
    ['export function go(x: Array<Array<f32>>): void {}', 1, 35, 'a contract has no floating-point numbers'],
    [
      'export function go(x: StaticArray<u64>): void {}',
      1,
      23,
      'the parameter "x" of the method "go" has a type that cannot be stored or sent',
    ],
    [
      'export function go(): u64 | null { return 0; }',
      1,
      23,
      'the result of the method "go" cannot be null: only references can',
    ],
    ['export function go(x: Lost): void {}', 1, 23, 'has a type that cannot be stored or sent'],
    ['class A<T> { x: T; }\nexport function go(x: A<u64>): void {}', 2, 23, 'has a type that cannot be stored or sent'],
    [
      'class A { x: u64 = 0; }\nclass B extends A { y: u64 = 0; }\nexport function go(x: B): void {}',
      2,
      17,
      'the class "B" cannot be stored or sent: it has a base class',
    ],
    [
      'class A { x: u64 = 0; y: (x: u64) => void; }\nexport function go(x: A): void {}',
      1,
      26,
      'the field "y" of the class "A" has a type that cannot be stored or sent',
    ],
    [
      'class A { x: u64 = 0;\n  y: f64[] = []; }\nexport function go(x: A | null): void {}',
      2,
      6,
      'a contract has no floating-point numbers',
    ],
    ['class A {}\nexport function go(x: A): void {}', 1, 7, 'the class "A" cannot be stored or sent: it has no fields'],
    [
      'class a { x: u64 = 0; }\nexport function go(x: a): void {}',
      1,
      7,
      'the class "a" cannot be stored or sent: its name',
    ],
    [
      'class A { x: A | null = null; }\nexport function go(x: A): void {}',
      1,
      14,
      'the class "A" contains itself: its values would have no end',
    ],
    [
      'class A { x: B[] = []; }\nclass B { y: A[] = []; }\nexport function go(x: A): void {}',
      2,
      14,
      'the class "A" contains itself, through "B"',
    ],
    [
      'type A = B[];\ntype B = A[];\nexport function go(x: A): void {}',
      2,
      10,
      'has a type that cannot be stored or sent',
    ],
    [
      'const x = new Map<u64, Array<f64>>();\nimport { Map } from "blockstm/assembly";\nexport function go(): void {}',
      1,
      30,
      'a contract has no floating-point numbers',
    ],
    // Fields.
    [
      `${sdkImport}const x = new Map<u64, Lost>();\n${go}`,
      2,
      24,
      'the storage field "x" has a type that cannot be stored or sent',
    ],
    [`${sdkImport}const x = new Map();\n${go}`, 2, 11, 'the storage field "x" needs its types'],
    [
      `${sdkImport}const x = new Value<u64>("a" + "b");\n${go}`,
      2,
      26,
      "a storage field has its variable's name, or one given as a string literal",
    ],
    [
      `${sdkImport}const x = new Value<u64>(), y = new Map<u64, u64>("x");\n${go}`,
      2,
      51,
      'two storage fields are named "x" (sample.ts:2)',
    ],
    [
      `${sdkImport}const x = new Value<u64>("blockstm.owner");\n${go}`,
      2,
      26,
      'two storage fields are named "blockstm.owner", which the SDK keeps for itself',
    ],
    [
      `${sdkImport}class K { ${Array.from({ length: 32 }, (_, index) => `f${index}: u64 = 0;`).join(' ')} }\nconst x = new Map<K, u64>();\n${go}`,
      3,
      7,
      'the keys of "x" take 264 bytes or more; a storage key has at most 256',
    ],
    [
      `${sdkImport}type Table<K> = Map<K, u64>;\nconst x = new Table<Address>();\n${go}`,
      3,
      15,
      'the storage field "x" has the type "Table", which has type parameters: write what it stands for',
    ],
    [
      'type List<T> = T[];\nexport function go(x: List<u64>): void {}',
      2,
      23,
      'the parameter "x" of the method "go" has the type "List", which has type parameters',
    ],
    // Decorators.
    [
      '@veiw\nexport function go(): void {}',
      1,
      1,
      'there is no decorator @veiw; there are @view, @init, @migrate, @event',
    ],
    [
      `@view\nfunction help(): void {}\n${go}`,
      1,
      1,
      '@view means nothing on a function that the contract does not export: it belongs on a function that the contract exports',
    ],
    [`@event\n${go}`, 1, 1, '@event means nothing on a method: it belongs on a class at the top level of a file'],
    [`@view\nclass A {}\n${go}`, 1, 1, '@view means nothing on a class'],
    [`class A { @init x(): void {} }\n${go}`, 1, 11, '@init means nothing on a member of a class'],
    [`namespace n { @event class A {} }\n${go}`, 1, 15, '@event means nothing on a class in a namespace'],
    ['@init export function a(): void {}\n@init export function b(): void {}', 2, 23, '"a" has @init too'],
    ['@migrate export function a(): void {}\n@migrate export function b(): void {}', 2, 26, '"a" has @migrate too'],
    ['@view @init export function a(): void {}', 1, 7, 'a method has one of @view, @init, @migrate, not two'],
    ['@view("x") export function a(): void {}', 1, 1, '@view takes no arguments'],
    // Events.
    [`@event("y") class A { x: u64 = 0; }\n${go}`, 1, 8, 'the event "A" has no field "y"'],
    [`@event(1) class A { x: u64 = 0; }\n${go}`, 1, 8, '`@event` is given names of fields as string literals'],
    [`@event("x", "x") class A { x: u64 = 0; }\n${go}`, 1, 13, 'the field "x" is named twice'],
    [`@event class A<T> { x: u64 = 0; }\n${go}`, 1, 14, 'the event "A" is generic'],
    [`@event class A { x: f32 = 0; }\n${go}`, 1, 21, 'a contract has no floating-point numbers'],
    [
      `@event class ${'A'.repeat(257)} { x: u64 = 0; }\n${go}`,
      1,
      14,
      'does not fit: its name and indexed fields take 264 bytes, a topic has at most 256',
    ],
    // Code at the top level.
    [`function f(): void {}\nf();\n${go}`, 2, 1, 'code at the top level of a file belongs to no call'],
    [`"use strict";\n${go}`, 1, 1, 'code at the top level of a file belongs to no call'],
    [`if (true) {}\n${go}`, 1, 1, 'code at the top level of a file belongs to no call'],
    // What is not there.
    [`export function go(): void { console.log("x"); }`, 1, 30, 'a contract has no console: announce an event'],
    [`export function go(): void { trace("x"); }`, 1, 30, 'a contract has no console: announce an event'],
    [`export function go(): void { Math.random(); }`, 1, 30, 'a contract has no random numbers: context.seed()'],
    [`export function go(): i64 { return Date.now(); }`, 1, 36, 'a contract has no clock: context.timestamp()'],
    [
      `@external("env", "now")\ndeclare function now(): u64;\nexport function go(): u64 { return now(); }`,
      2,
      18,
      '"now" is declared and nobody gives it: a contract is given the functions of "blockstm" only',
    ],
    // Names.
    [`export function go($abi: u64): void {}`, 1, 20, 'names that begin with "$" are the compiler\'s'],
    [`export function $go(): void {}\n${go}`, 1, 17, 'names that begin with "$" are the compiler\'s'],
    [`import { Map as $codec } from "blockstm/assembly";\n${go}`, 1, 17, 'names that begin with "$" are'],
    [`class A { $method: u64 = 0; }\n${go}`, 1, 11, 'names that begin with "$" are the compiler\'s'],
    [`class A { __encode(): void {} }\n${go}`, 1, 11, 'the compiler adds a member "__encode" of its own'],
    [`export function i32(): void {}`, 1, 17, '"i32" is the name of a type, which this would hide'],
    // What AssemblyScript says.
    [
      `${sdkImport}function take(x: u128): void {}\nexport function go(): void { take(7); }`,
      3,
      35,
      "Type 'i32' is not assignable to type 'u128': write u128.from(7)",
    ],
    [
      `${sdkImport}const x = new Map<u64, u256>();\nexport function go(y: u64): void { x.set(1, y + 1); }`,
      3,
      45,
      "Type 'u64' is not assignable to type 'u256': write u256.from(y + 1)",
    ],
    [
      `${sdkImport}export function go(x: Address | null): Address { if (x != null) return x; return context.self(); }`,
      2,
      72,
      "Type 'Address | null' is not assignable to type 'Address': write x! where it cannot be null",
    ],
    [
      `import { Value } from "blockstm";\n${go}`,
      1,
      23,
      'a contract imports the SDK, from "blockstm/assembly": "blockstm" is for programs that run contracts',
    ],
    [`export function go(): u8 { return "x"; }`, 1, 35, "Type 'string' is not assignable to type 'u8'."],
  ])('points at what is wrong in %j', async (source, line, column, message) => {
    const error = await compileErrorOf(source);
    expect(error.message).toContain(message);
    expect(error).toMatchObject({ line, column });
    const [, shown = '', caret = ''] = error.message.split('\n');
    expect(shown).toContain(source.split('\n')[line - 1]);
    expect(caret.indexOf('^') - caret.indexOf('|') - 1).toBe(column);
  });

  it('points at names that no state could be shown by, and at a class that the SDK has another of', async () => {
    const fields = ['new Value<u64>("")', 'new Counter("a\\nb")', 'new Set<u64>("a[1]")', 'new Counter(" a")'];
    const error = await compileErrorOf(`${sdkImport}
${fields.map((field, index) => `const x${index} = ${field};`).join('\n')}
const roles = new Roles(), fine = new Counter("an-old name.$1");
class RoleGrant { y: u64 = 0; }
const grants = new Map<u64, RoleGrant>();
${go}`);
    expect(error.problems.map(({ line, column, message }) => [line, column, message.split(':')[0]])).toEqual([
      ...fields.map((field, index) => [
        3 + index,
        'const x0 = '.length + field.indexOf('"') + 1,
        'a storage field is named by letters, digits, "_", "$", "." and "-", in words with one space between',
      ]),
      [8, 7, 'the SDK\'s Roles stores something named "RoleGrant", too'],
    ]);
  });

  it('points at floating point, in bodies too', async () => {
    const bodies: readonly (readonly [body: string, float: string])[] = [
      ['return <u64>(<f64>x)', 'f64'],
      ['return x * 1e3', '1e3'],
      ['return u64(Math.sqrt(x))', 'Math'],
      ['return u64(f32(x))', 'f32'],
      ['const a = new Array<f64>(); return a.length', 'f64'],
      ['return Float64Array.BYTES_PER_ELEMENT', 'Float64Array'],
    ];
    const error = await compileErrorOf(
      bodies.map(([body], index) => `export function go${index}(x: u64): u64 { ${body}; }`).join('\n'),
    );
    expect(error.problems.map(({ line, column, message }) => [line, column, message])).toEqual(
      bodies.map(([body, float], index) => [
        1 + index,
        'export function go0(x: u64): u64 { '.length + body.indexOf(float) + 1,
        'a contract has no floating-point numbers: use integers in a smaller unit',
      ]),
    );
  });

  it('points at maps and sets of the standard library that are to be kept, and at none in functions', async () => {
    const error = await compileErrorOf(`import { Map as Kept, Value } from "blockstm/assembly";
const kept = new Kept<string, u64>();
const balances = new Map<string, u64>();
const given: Set<u64> = made();
class Table { static readonly rows: Holder = new Holder(new Map()); }
class Holder { constructor(readonly map: Map<u64, u64>) {} }
namespace inner { const members = new Members(); class Map {} const own = new Map(); }
type Members = Set<string>;
function made(): Set<u64> { const counts = new Map<u64, u64>(); counts.set(1, 1); return new Set<u64>(); }
${go}`);
    expect(error.problems.map(({ line, column, message }) => [line, column, message.split(' ')[0]])).toEqual([
      [3, 18, 'Map'],
      [4, 14, 'Set'],
      [5, 57, 'Map'],
      [7, 35, 'Set'],
    ]);
    expect(error.message).toContain(
      'Map of the standard library is made anew in each call, and keeps nothing: import { Map } from "blockstm/assembly"',
    );
  });

  it('points at floating point that shows in the module only', async () => {
    const error = await compileErrorOf(
      'export function go(x: i32): u64 {\n  const a = [Infinity, NaN];\n  return <u64>a[x];\n}',
    );
    expect(error).toMatchObject({ code: 'ERR_COMPILE', file: 'sample.ts', line: 3, column: 10 });
    expect(error.message).toContain('a contract has no floating-point numbers: use integers in a smaller unit (i64.');
  });

  it('comes with all others, in the order of the source', async () => {
    const error = await compileErrorOf(`${sdkImport}
const count = new Value<u64>();
function help(): void { new Counter("x"); }
export function two(x: f64, y: Lost): void {}
export function lost(): void { gone(); emit(1); }
@view export function look(): u64 { count.set(missing); return 1; }
@veiw export function other(): u64 { return nothing; }
class Float { x: f32 = 0; }
const floats = new Value<Float>();
export function last(): void { floats.set(new Float()); const x: u8 = "x"; }`);
    expect(error.problems.map(({ line, column }) => `${line}:${column}`)).toEqual([
      '4:25',
      '5:24',
      '5:32',
      '6:32',
      '6:40',
      '7:37',
      '8:1',
      '9:18',
      '11:71',
    ]);
    expect(new Set(error.problems.map(({ file }) => file))).toEqual(new Set(['sample.ts']));
    expect(error.message.split('\n\n')).toHaveLength(error.problems.length);
    expect(error).toMatchObject({ code: 'ERR_COMPILE', line: 4, column: 25 });
  });

  it('is not said again where the event that has it is emitted', async () => {
    const error = await compileErrorOf(
      `${sdkImport}@event("nope") class Sold { x: u64 = 0; }\nexport function go(): void { emit(new Sold()); }`,
    );
    expect(error.problems.map(({ message }) => message)).toEqual(['the event "Sold" has no field "nope"']);
  });

  it('shows twenty of many', async () => {
    const error = await compileErrorOf(
      Array.from({ length: 30 }, (_, n) => `export function f${n}(x: f64): void {}`).join('\n'),
    );
    expect(error.problems).toHaveLength(30);
    expect(error.message.split('\n\n')).toHaveLength(21);
    expect(error.message).toMatch(/and 10 more problems$/);
  });

  it('is one where AssemblyScript crashes', async () => {
    const error = await compileErrorOf(
      'function help(): void {}\nexport function go(): void { let x: void; x = help(); }',
    );
    expect(error).toMatchObject({ code: 'ERR_COMPILER', line: 2, column: 17, cause: expect.any(Error) });
    expect(error.message).toContain(`AssemblyScript's compiler crashed over the function "go"`);
    // And goes on as if nothing had been.
    expect((await compileErrorOf('export function go(): void { lost(); }')).code).toBe('ERR_COMPILE');
  });
});

describe('methods named as something of AssemblyScript is', () => {
  const names = ['store', 'load', 'changetype', 'offsetof', 'memory', 'sizeof'];

  it('are methods', async () => {
    const contract = await sampleCaller(`${sdkImport}
      class Part { constructor(readonly name: string, readonly amount: u128) {} }
      @event class Kept { constructor(readonly part: Part) {} }
      const parts = new Map<u64, Part>();
      function keep(part: Part): Part { parts.set(1, part); emit(new Kept(part)); return parts.get(1); }
      ${names.map((name) => `export function ${name}(part: Part): Part { return keep(part); }`).join('\n')}
    `);
    const part = { name: 'axle', amount: 3n };
    for (const name of names) expect(contract.value('alice', name, { part })).toEqual(part);
  });
});
