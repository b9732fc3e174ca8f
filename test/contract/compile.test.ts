import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import binaryen from 'assemblyscript/binaryen';
import { describe, expect, it } from 'vitest';
import { CompileError, compile } from '../../dist/host/contract/index.js';
import { MisuseError } from '../../dist/host/index.js';
import { ContractCaller, sampleContract } from '../support/contract-caller.js';

const samples = (await readdir(new URL('../../dist/contracts/', import.meta.url))).map((file) =>
  file.replace('.wasm', ''),
);

async function errorOf(source: string): Promise<CompileError> {
  const outcome = await compile({ source, name: 'sample' }).catch((error: unknown) => error);
  if (!(outcome instanceof CompileError)) throw new Error('it compiled', { cause: outcome });
  return outcome;
}

async function compiled(source: string): Promise<ContractCaller> {
  return new ContractCaller((await compile({ source, name: 'sample' })).wasm);
}

describe('a compiled contract', () => {
  it.each(samples)('%s imports functions of the interface only and exports its methods only', (name) => {
    const module = new WebAssembly.Module(Uint8Array.from(sampleContract(name)));
    const methods = new ContractCaller(sampleContract(name)).interface.methods.map((method) => method.name);
    expect(new Set(WebAssembly.Module.imports(module).map((item) => `${item.module} ${item.kind}`))).toEqual(
      new Set(['blockstm function']),
    );
    expect(WebAssembly.Module.exports(module)).toEqual(methods.map((method) => ({ name: method, kind: 'function' })));
  });

  it.each(samples)('%s has neither floats nor a start section', (name) => {
    const module = binaryen.readBinary(sampleContract(name));
    const code = module.emitText().replace(/\(data .*|;; custom.*/g, '');
    module.dispose();
    expect(code).not.toMatch(/\bf(32|64)\b/);
    expect(code).not.toMatch(/\(start/);
  });

  it('is the same, byte for byte, wherever its source lies', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'blockstm-'));
    try {
      await cp(new URL('../../assembly/contracts/', import.meta.url), folder, { recursive: true });
      await writeFile(join(folder, 'asconfig.json'), '{ "options": { "optimizeLevel": 0 } }');
      const { wasm } = await compile(join(folder, 'ledger.ts'));
      expect(Buffer.from(wasm).equals(sampleContract('ledger'))).toBe(true);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('compiles beside others at the same time', async () => {
    const sources = [1, 2, 3, 4].map((value) => `export function value(): u32 { return ${value}; }`);
    const contracts = await Promise.all(sources.map(compiled));
    expect(contracts.map((contract) => contract.value('alice', 'value'))).toEqual([1, 2, 3, 4]);
  });

  it('takes its name from the option', async () => {
    const source = 'export function go(): void {}';
    expect((await compile({ source, name: 'sample' }, { name: 'renamed' })).interface.name).toBe('renamed');
  });

  it('can export a function under another name and use aliases of types', async () => {
    const contract = await compiled(`
      import { Address as Account } from "blockstm/assembly";
      type Coins = u64;
      type Owner = Account;
      function twice(owner: Owner, coins: Coins): Coins { return coins * 2; }
      export { twice as double };
    `);
    expect(contract.interface.methods).toEqual([
      {
        name: 'double',
        kind: 'call',
        inputs: [
          { name: 'owner', type: 'address' },
          { name: 'coins', type: 'u64' },
        ],
        output: 'u64',
      },
    ]);
    expect(contract.value('alice', 'double', { owner: new Uint8Array(32), coins: 21 })).toBe(42n);
  });

  it('runs its module-level code at the start of every call', async () => {
    const contract = await compiled(`
      import { context } from "blockstm/assembly";
      const seen = new Array<u64>();
      const start = context.height() * 10;
      export function add(value: u64): u64 {
        seen.push(value);
        return start + <u64>seen.length;
      }
    `);
    expect([1, 2, 3].map((value) => contract.value('alice', 'add', { value }))).toEqual([11n, 11n, 11n]);
  });
});

describe('what compile is given', () => {
  const source = 'export function go(): void {}';
  const sample = { source, name: 'sample' };
  it.each([
    [{ ...sample, directory: 3 }, {}, 'ERR_ARGUMENT', 'compile: directory: expected a string, found 3'],
    [{ ...sample, directory: 'a\0b' }, {}, 'ERR_ARGUMENT', 'compile: directory: expected a path, found "a\\u0000b"'],
    [{ ...sample, dir: '.' }, {}, 'ERR_ARGUMENT', 'compile: unknown field "dir", known are source, name, directory'],
    [{ source, name: 'a\0b' }, {}, 'ERR_ARGUMENT', 'slashes and control characters, found "a\\u0000b"'],
    [{ source, name: '*/' }, {}, 'ERR_ARGUMENT', 'slashes and control characters, found "*/"'],
    [{ source, name: 'a\\b' }, {}, 'ERR_ARGUMENT', 'slashes and control characters, found "a\\\\b"'],
    [sample, { onRead: 3 }, 'ERR_OPTION', 'compile: onRead: expected a function, found 3'],
    [sample, { debug: 'yes' }, 'ERR_OPTION', 'compile: debug: expected a boolean, found "yes"'],
    [
      sample,
      { dbug: true },
      'ERR_OPTION',
      'unknown option "dbug", known are name, debug, onRead (did you mean debug?)',
    ],
  ])('%j with %j is refused', async (entry, options, code, message) => {
    const error = await compile(entry as typeof sample, options as object).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(MisuseError);
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('is told what its own listener throws', async () => {
    const thrown = new Error('enough');
    const onRead = () => {
      throw thrown;
    };
    const file = new URL('../../assembly/contracts/counter.ts', import.meta.url);
    await expect(compile(fileURLToPath(file), { onRead })).rejects.toBe(thrown);
  });
});

describe('a compile error', () => {
  it('shows the line with a caret and says where it is', async () => {
    const error = await errorOf('export function go(): void {\n\tif (true) lost(1);\n}\n');
    expect(error.message).toBe(
      "sample.ts:2:12: Cannot find name 'lost'.\n  2 | \tif (true) lost(1);\n    | \t          ^^^^",
    );
    expect(error).toMatchObject({ code: 'ERR_COMPILE', file: 'sample.ts', line: 2, column: 12 });
  });

  it('lists every problem', async () => {
    const error = await errorOf('export function go(): void { lost(); gone(); }');
    expect(error.problems.map((problem) => problem.message)).toEqual([
      "Cannot find name 'lost'.",
      "Cannot find name 'gone'.",
    ]);
  });

  it.each([
    ['export function go(: void {}', 1, 19, 'Identifier expected.'],
    ['export function go(x: f64): void {}', 1, 23, 'a contract has no floating-point numbers'],
    ['export function go(\n  x: u64[][] | u8,\n): void {}', 2, 14, 'Not implemented: union types'],
    ['class Address {}\nexport function go(x: Address): void {}', 1, 7, 'the class "Address" cannot be stored or sent'],
    ['export function go(x: u64 = 1): void {}', 1, 20, 'the parameter "x" of the method "go" is optional'],
    [
      'export function go(): Map<u8, u8> { return new Map(); }',
      1,
      23,
      'the result of the method "go" has a type that cannot be stored or sent',
    ],
    ['export function go<T>(): void {}', 1, 17, 'the method "go" is generic'],
    ['export default function go(): void {}', 1, 1, 'a method needs a name'],
    ['const x = 1;', 1, 1, 'a contract exports at least one function'],
    [
      'const x: StaticArray<u64> = [0, 0];\nexport function go(): u64 { return x[0]++; }',
      1,
      7,
      'the array "x" would keep what is written to it between calls',
    ],
    [
      'class A { static readonly x: u64[] = true ? [1] : [2]; }\nexport function go(): u64 { return A.x[0]++; }',
      1,
      27,
      'the array "x" would keep what is written to it between calls',
    ],
    ['let x: u64 = 0;\nexport function go(): u64 { return x++; }', 1, 5, '"x" would not be kept between calls'],
    [
      'class A { static x: u64 = 0; }\nexport function go(): u64 { return A.x++; }',
      1,
      18,
      '"x" would not be kept between',
    ],
    ['export function go(): u32 { return load<u32>(0); }', 1, 36, 'Operation is unsafe.'],
    ['import { x } from "./missing";\nexport function go(): void { x(); }', 1, 19, "File 'missing.ts' not found."],
  ])('points at what is wrong in %j', async (source, line, column, message) => {
    const error = await errorOf(source);
    expect(error.message).toContain(message);
    expect(error).toMatchObject({ line, column });
  });

  it('names fields of one name, whatever they are, and types that cannot be stored', async () => {
    const fields: readonly (readonly [field: string, place: string, problem: string])[] = [
      ['new Counter("a")', '"a"', 'two storage fields are named "a" (sample.ts'],
      ['new Value<string>("a")', '"a"', 'two storage fields are named "a" (sample.ts'],
      ['new Map<u64, u64>("a")', '"a"', 'two storage fields are named "a" (sample.ts'],
      ['new Value<f64>("b")', 'f64', 'a contract has no floating-point numbers'],
      [
        'new Value<Lost>("c")',
        'Lost',
        'the storage field "c" has a type that cannot be stored or sent; bool, u8 to u64',
      ],
    ];
    const error = await errorOf(`import { Counter, Map, Value } from "blockstm/assembly";
const first = new Map<u64, u64>("a");
${fields.map(([field], index) => `const f${index} = ${field};`).join('\n')}
export function go(): u64 { return first.get(1); }`);
    expect(error.problems.map(({ line, column, message }) => [line, column, message])).toEqual(
      fields.map(([field, place, problem], index) => [
        3 + index,
        'const f0 = '.length + field.indexOf(place) + 1,
        expect.stringContaining(problem),
      ]),
    );
  });

  it('names an import that a contract is not given, where no place of it is known', async () => {
    const error = await errorOf('declare class D { go(): void }\nexport function go(): void { new D().go(); }');
    expect(error.message).toMatch(/needs "\w+\..*", which a contract is not given/);
  });

  it('refuses a name that no interface can have', async () => {
    const source = 'export function go(): void {}';
    await expect(compile({ source, name: '' })).rejects.toMatchObject({ name: 'MisuseError', code: 'ERR_ARGUMENT' });
    await expect(compile({ source, name: 'x' }, { name: '\ud800' })).rejects.toMatchObject({
      name: 'MisuseError',
      code: 'ERR_OPTION',
      message: expect.stringContaining('name: expected a string that is not empty'),
    });
  });

  it('says that the file cannot be read', async () => {
    await expect(compile('no/such/contract.ts')).rejects.toThrow('cannot read the contract no/such/contract.ts');
  });
});
