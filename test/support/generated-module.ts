import { Code } from '../../dist/host/wasm/code.js';
import { CONTRACT_IMPORTS } from '../../dist/host/wasm/contract-imports.js';
import { writeSection, writeSize, writeTable, writeType } from '../../dist/host/wasm/encode.js';
import { FUNCTION, I32, I64 } from '../../dist/host/wasm/module.js';
import * as op from '../../dist/host/wasm/opcode.js';
import { Writer } from '../../dist/host/wasm/writer.js';
import { FunctionGenerator, type Scope, type Signature } from './generated-function.js';
import type { Random } from './random.js';

/** Names of the methods of every generated module. */
export const METHODS = ['first', 'second', 'third'] as const;

const HEADER = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
const PROCEDURE: Signature = { parameters: [], results: [] };
const CHECKSUM: Signature = { parameters: [], results: [I64] };
const IMPORTED = ['push', 'take'] as const;
/** Global 0: how many more functions may be entered and loops turned; then the module traps by itself. */
const FUEL = 0;

/**
 * A random module of the language that contracts are written in, valid by construction. Its methods end by pushing all
 * globals, the size of the memory and a checksum over it. With `fuel` it ends by itself, after so many function entries
 * and turns of loops; without, it may be endless.
 */
export function generateModule(random: Random, fuel: number | undefined): Uint8Array<ArrayBuffer> {
  const pages = 1 + random.below(3);
  const globals = [I32, ...Array.from({ length: random.below(5) }, () => random.pick([I32, I64]))];
  const isMutable = globals.map((_, index) => index === FUEL || random.chance(0.8));
  const inner = Array.from({ length: 1 + random.below(4) }, () => signature(random));
  const defined = [...inner, CHECKSUM, ...METHODS.map(() => PROCEDURE)];
  const functions = [...IMPORTED.map((name) => CONTRACT_IMPORTS.get(name) as Signature), ...defined];
  const checksum = IMPORTED.length + inner.length;
  const scope: Scope = {
    functions,
    callable: [0, 1, ...inner.map((_, index) => IMPORTED.length + index)],
    globals,
    isMutable,
    memoryBytes: pages * 65_536,
    tableSize: 8,
    fuel: fuel === undefined ? undefined : FUEL,
  };
  const bodies = defined.map((type, index) => {
    if (IMPORTED.length + index === checksum) return checksumBody();
    const isMethod = IMPORTED.length + index > checksum;
    return new FunctionGenerator(random, scope, type).body((code) => {
      if (isMethod) writeReport(code, scope, checksum);
    });
  });
  return assemble(random, { scope, pages, fuel, bodies, firstMethod: checksum + 1 });
}

function signature(random: Random): Signature {
  const types = (most: number) => Array.from({ length: random.below(most + 1) }, () => random.pick([I32, I64]));
  return { parameters: types(3), results: types(1) };
}

/** Push everything that a call can leave behind. */
function writeReport(code: Code, { globals }: Scope, checksum: number): void {
  globals.forEach((type, index) => {
    code.globalGet(index);
    if (type === I32) code.op(op.I64_EXTEND_I32_U);
    code.call(0);
  });
  code.op(op.MEMORY_SIZE).byte(0).op(op.I64_EXTEND_I32_U).call(0).call(checksum).call(0);
}

/** sum = (sum rotl 5) xor word, over the whole memory. */
function checksumBody(): Uint8Array {
  const [sum, at] = [0, 1];
  const I64_LOAD = 0x29;
  const I64_ROTL = 0x89;
  const code = new Code().u32(2).u32(1).byte(I64).u32(1).byte(I32);
  code.op(op.BLOCK, 0x40, op.MEMORY_SIZE).byte(0).op(op.I32_EQZ, op.BR_IF).u32(0).op(op.LOOP, 0x40);
  code.get(sum).i64(5).op(I64_ROTL).get(at).byte(I64_LOAD, 3, 0).op(op.I64_XOR).set(sum);
  code.get(at).i32(8).op(op.I32_ADD).tee(at);
  code.op(op.MEMORY_SIZE).byte(0).i32(16).op(op.I32_SHL, op.I32_LT_U, op.BR_IF).u32(0).op(op.END, op.END);
  return code.get(sum).op(op.END).finish();
}

interface Parts {
  readonly scope: Scope;
  readonly pages: number;
  readonly fuel: number | undefined;
  readonly bodies: readonly Uint8Array[];
  readonly firstMethod: number;
}

function assemble(random: Random, { scope, pages, fuel, bodies, firstMethod }: Parts): Uint8Array<ArrayBuffer> {
  const to = new Writer().bytes(HEADER);
  const { functions, globals, isMutable, tableSize, callable, memoryBytes } = scope;
  writeSection(to, 1, functions, writeType);
  writeSection(to, 2, [...IMPORTED.entries()], (section, [type, name]) => {
    section.name('blockstm').name(name).byte(FUNCTION).u32(type);
  });
  writeSection(to, 3, [...bodies.keys()], (section, index) => section.u32(IMPORTED.length + index));
  writeSection(to, 4, [{ initial: tableSize, maximum: tableSize, offset: 0 }], writeTable);
  const maximum = random.chance(0.5) ? undefined : pages + random.below(4);
  writeSection(to, 5, [{ initial: pages, maximum }], writeSize);
  writeSection(to, 6, [...globals.entries()], (section, [index, type]) => {
    const value = index === FUEL ? (fuel ?? 0) : random.next() | 0;
    const code = type === I32 ? new Code().i32(value) : new Code().i64(value);
    section.byte(type, isMutable[index] ? 1 : 0).bytes(code.op(op.END).finish());
  });
  writeSection(to, 7, [...METHODS.entries()], (section, [index, name]) => {
    section
      .name(name)
      .byte(FUNCTION)
      .u32(firstMethod + index);
  });
  const listed = Array.from({ length: 1 + random.below(tableSize - 1) }, () => random.pick(callable));
  writeSection(to, 9, [listed], (section, entries) => {
    section
      .u32(0)
      .bytes(new Code().i32(random.below(2)).op(op.END).finish())
      .u32(entries.length);
    for (const index of entries) section.u32(index);
  });
  writeSection(to, 10, bodies, (section, body) => section.sized(body));
  const segments = Array.from({ length: random.below(5) }, () => random.below(200));
  writeSection(to, 11, segments, (section, length) => {
    // Near the boundaries of cards and pages, and over each other, more often than chance would have it.
    const near = random.pick([0, 1024, 2048, 4096, 65_536 - 100, memoryBytes - length - 60]);
    const at = Math.min(near + random.below(60), memoryBytes - length);
    section.u32(0).bytes(new Code().i32(at).op(op.END).finish());
    section.sized(Uint8Array.from({ length }, () => (random.chance(0.3) ? 0 : random.below(256))));
  });
  return to.finish();
}
