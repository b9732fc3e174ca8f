import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { check } from '../../dist/host/index.js';
import { compilePlain } from '../support/plain-module.js';
import { buildModule, section, text } from '../support/wasm.js';
import { blockstm, blockstmProcess, type Finished } from './command.js';

const tokenWasm = fileURLToPath(new URL('../../dist/contracts/token.wasm', import.meta.url));

const floatSource = `let count: u64 = 0;
export function halve(): void {
  const half = <f64>count / 2.0;
  count = <u64>half;
}
`;
/** `f32.const 0`, `drop`. */
const FLOAT = [0x43, 0, 0, 0, 0, 0x1a];

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'blockstm-check-'));
  await copyFile(tokenWasm, join(directory, 'token.wasm'));
  await writeFile(join(directory, 'coin.ts'), 'export function fine(): void {}\n');
  await writeFile(join(directory, 'float.ts'), floatSource);
  await writeFile(join(directory, 'broken.ts'), 'export function f(): u32 {\n  return nothing;\n}\n');
  const { wasm, sourceMap } = await compilePlain('float.ts', floatSource);
  await writeFile(join(directory, 'float.wasm'), wasm);
  await writeFile(join(directory, 'float.wasm.map'), sourceMap);
  const { sourcesContent: _, ...withoutTexts } = JSON.parse(sourceMap);
  await writeFile(join(directory, 'bare.map'), JSON.stringify(withoutTexts));
  await writeFile(join(directory, 'two.wasm'), twoFindings);
  await writeFile(join(directory, 'no.map'), '{}');
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

const twoFindings = buildModule({ methods: [{ name: 'run', body: FLOAT }], pages: 257 });

function blockstmCheck(...args: readonly string[]): Promise<Finished> {
  return blockstm(directory, 'check', ...args);
}

test('a module without findings', async () => {
  const { code, stdout, stderr } = await blockstmCheck('token.wasm');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^token\.wasm: no findings, [0-9],[0-9]{3} bytes, 11 methods\n$/);
});

test('a contract without findings is compiled first', async () => {
  const { code, stdout, stderr } = await blockstmProcess(directory, 'check', 'coin.ts');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^coin\.ts: no findings, [0-9,]+ bytes, 1 method\n$/);
});

test('every finding has a line, and the last line counts them', async () => {
  const { code, stdout, stderr } = await blockstmProcess(directory, 'check', 'two.wasm');
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout).toMatchInlineSnapshot(`
    "two.wasm: error memorySize: offset 0x18: a memory of 257 pages: at most 256
    two.wasm: error float: function 0 "run", offset 0x29: f32.const
    two.wasm: 2 findings, 48 bytes
    "
  `);
});

test('--json is one object on one line', async () => {
  const { code, stdout, stderr } = await blockstmCheck('two.wasm', '--json');
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout.trimEnd()).not.toContain('\n');
  expect(JSON.parse(stdout)).toEqual({
    schema: 'blockstm.check/1',
    file: 'two.wasm',
    bytes: twoFindings.length,
    findings: check(twoFindings),
  });
  const fine = await blockstmCheck('token.wasm', '--json');
  expect(fine.code).toBe(0);
  expect(JSON.parse(fine.stdout)).toMatchObject({ schema: 'blockstm.check/1', file: 'token.wasm', findings: [] });
});

const inSource = `float.ts:3:29: error float: f64.const (function`;

test('with a source map a finding shows the source line', async () => {
  const { code, stdout, stderr } = await blockstmCheck('float.wasm', '--source-map', 'float.wasm.map');
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  const lines = stdout.split('\n');
  const first = lines.findIndex((line) => line.startsWith(inSource));
  expect(lines.slice(first + 1, first + 3)).toEqual([
    '  3 |   const half = <f64>count / 2.0;',
    '    |                             ^',
  ]);
});

test('what the compiler refuses has no findings, but what the compiler says', async () => {
  await writeFile(
    join(directory, 'half.ts'),
    'export function half(x: u64): u64 {\n  return <u64>(<f64>x / 2.0);\n}\n',
  );
  const { code, stdout, stderr } = await blockstmCheck('half.ts');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('half.ts:2:17: a contract has no floating-point numbers');
});

test('a section that nobody can read is a finding', async () => {
  const layout = {
    schema: 'blockstm.layout/1',
    name: 'x',
    fields: [{ name: '', kind: 'counter', prefix: '0'.repeat(16) }],
  };
  const sections = [
    section(0, [...text('blockstm.interface'), 123]),
    section(0, [...text('blockstm.layout'), ...Buffer.from(JSON.stringify(layout))]),
  ];
  const fine = buildModule({ methods: [{ name: 'run', body: [] }] });
  await writeFile(join(directory, 'unread.wasm'), Uint8Array.from([...fine, ...sections.flat()]));
  const { code, stdout } = await blockstmCheck('unread.wasm', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(stdout).findings).toEqual([
    { code: 'interface', message: expect.stringContaining('is not JSON'), offset: fine.length + 21 },
    { code: 'layout', message: expect.stringContaining('fields[0].name must be a string'), offset: expect.any(Number) },
  ]);
});

test('a source map without the texts gives the place alone, and no map the offset', async () => {
  const bare = await blockstmCheck('float.wasm', '--source-map', 'bare.map');
  expect(bare.code).toBe(1);
  expect(bare.stdout).toContain(inSource);
  expect(bare.stdout).not.toContain('^');
  const none = await blockstmCheck('float.wasm');
  expect(none.stdout).toMatch(/^float\.wasm: error float: function \d+ ".*halve", offset 0x[0-9a-f]+: f64\.const$/m);
});

test('what a terminal obeys is not printed', async () => {
  await writeFile(join(directory, 'bell.wasm'), buildModule({ methods: [{ name: '\x1b[2J\x07', body: FLOAT }] }));
  const { stdout } = await blockstmCheck('bell.wasm');
  expect(stdout).toContain('function 0 "\\u001b[2J\\u0007"');
  expect(stdout).not.toContain('\x1b');
});

test.each([
  [[], 'file.wasm | entry.ts'],
  [['nowhere.wasm'], 'cannot read nowhere.wasm'],
  [['nowhere.ts'], 'cannot read nowhere.ts: ENOENT'],
  [['two.wasm', '--source-map', 'nowhere.map'], 'cannot read nowhere.map'],
  [['two.wasm', '--source-map', 'no.map'], 'no.map is not a source map'],
  [['two.wasm', '--source-map', 'coin.ts'], 'coin.ts is not a source map'],
  [['coin.ts', '--source-map', 'no.map'], '--source-map is for a module'],
  [['broken.ts'], 'broken.ts:2:10'],
  [['two.wasm', '--jsn'], "unknown option '--jsn'"],
])('blockstm check %j', async (args, message) => {
  const { code, stdout, stderr } = await blockstmCheck(...args);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr).not.toContain('    at ');
});
