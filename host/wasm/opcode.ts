/**
 * The instructions of WebAssembly: what follows the opcode, what it takes from the operand stack and what it leaves there, and
 * which part of the language it belongs to. Source: WebAssembly Core Specification 2.0, §5.4.
 */

/** Parts of the language. Contracts are written in `core` and, of `bulk`, copy and fill. */
export type Family =
  | 'core'
  | 'float'
  | 'bulk'
  | 'reference'
  | 'tailCall'
  | 'exceptions'
  | 'simd'
  | 'threads'
  | 'gc'
  | 'unknown';

/** What follows an opcode. */
export type Immediate =
  | 'none'
  | 'block'
  | 'index'
  | 'branches'
  | 'callIndirect'
  | 'memory'
  | 'memorySize'
  | 'i32'
  | 'i64'
  | 'f32'
  | 'f64'
  | 'byte'
  | 'twoIndices'
  | 'bytes16'
  | 'memoryLane'
  | 'types'
  | 'heapType'
  | 'unreadable';

export interface Opcode {
  readonly name: string;
  readonly immediate: Immediate;
  /** Operands taken and left; of control and call instructions only those that are always there. */
  readonly pops: number;
  readonly pushes: number;
  readonly family: Family;
}

export const UNREACHABLE = 0x00;
export const BLOCK = 0x02;
export const LOOP = 0x03;
export const IF = 0x04;
export const ELSE = 0x05;
export const END = 0x0b;
export const BR = 0x0c;
export const BR_IF = 0x0d;
export const BR_TABLE = 0x0e;
export const RETURN = 0x0f;
export const CALL = 0x10;
export const CALL_INDIRECT = 0x11;
export const LOCAL_GET = 0x20;
export const LOCAL_SET = 0x21;
export const LOCAL_TEE = 0x22;
export const GLOBAL_GET = 0x23;
export const GLOBAL_SET = 0x24;
export const FIRST_STORE = 0x36;
export const LAST_STORE = 0x3e;
export const MEMORY_SIZE = 0x3f;
export const MEMORY_GROW = 0x40;
export const I32_CONST = 0x41;
export const I64_CONST = 0x42;
export const SELECT = 0x1b;
export const I32_EQZ = 0x45;
export const I32_EQ = 0x46;
export const I32_LT_S = 0x48;
export const I32_LT_U = 0x49;
export const I32_GT_U = 0x4b;
export const I64_EQZ = 0x50;
export const I64_LT_S = 0x53;
export const I32_ADD = 0x6a;
export const I32_SUB = 0x6b;
export const I32_AND = 0x71;
export const I32_SHL = 0x74;
export const I32_SHR_U = 0x76;
export const I64_CTZ = 0x7a;
export const I64_POPCNT = 0x7b;
export const I64_ADD = 0x7c;
export const I64_SUB = 0x7d;
export const I64_MUL = 0x7e;
export const I64_AND = 0x83;
export const I64_OR = 0x84;
export const I64_XOR = 0x85;
export const I64_SHL = 0x86;
export const I64_SHR_U = 0x88;
export const I32_WRAP_I64 = 0xa7;
export const I64_EXTEND_I32_U = 0xad;
/** Opcodes of two bytes: the prefix in the upper byte. */
export const MEMORY_INIT = 0xfc08;
export const MEMORY_COPY = 0xfc0a;
export const MEMORY_FILL = 0xfc0b;

const table = new Map<number, Opcode>();

function define(
  first: number,
  names: string,
  immediate: Immediate,
  pops: number,
  pushes: number,
  family: Family = 'core',
): void {
  names.split(' ').forEach((name, position) => {
    table.set(first + position, { name, immediate, pops, pushes, family });
  });
}

define(0x00, 'unreachable nop', 'none', 0, 0);
define(0x02, 'block loop', 'block', 0, 0);
define(0x04, 'if', 'block', 1, 0);
define(0x05, 'else', 'none', 0, 0);
define(0x06, 'try', 'block', 0, 0, 'exceptions');
define(0x07, 'catch throw rethrow', 'index', 0, 0, 'exceptions');
define(0x0a, 'throw_ref', 'none', 0, 0, 'exceptions');
define(0x0b, 'end', 'none', 0, 0);
define(0x0c, 'br', 'index', 0, 0);
define(0x0d, 'br_if', 'index', 1, 0);
define(0x0e, 'br_table', 'branches', 1, 0);
define(0x0f, 'return', 'none', 0, 0);
define(0x10, 'call', 'index', 0, 0);
define(0x11, 'call_indirect', 'callIndirect', 1, 0);
define(0x12, 'return_call', 'index', 0, 0, 'tailCall');
define(0x13, 'return_call_indirect', 'callIndirect', 1, 0, 'tailCall');
define(0x14, 'call_ref return_call_ref', 'index', 1, 0, 'gc');
define(0x18, 'delegate', 'index', 0, 0, 'exceptions');
define(0x19, 'catch_all', 'none', 0, 0, 'exceptions');
define(0x1a, 'drop', 'none', 1, 0);
define(0x1b, 'select', 'none', 3, 1);
define(0x1c, 'select', 'types', 3, 1, 'reference');
define(0x1f, 'try_table', 'unreadable', 0, 0, 'exceptions');
define(0x20, 'local.get', 'index', 0, 1);
define(0x21, 'local.set', 'index', 1, 0);
define(0x22, 'local.tee', 'index', 1, 1);
define(0x23, 'global.get', 'index', 0, 1);
define(0x24, 'global.set', 'index', 1, 0);
define(0x25, 'table.get', 'index', 1, 1, 'reference');
define(0x26, 'table.set', 'index', 2, 0, 'reference');
define(0x28, 'i32.load i64.load', 'memory', 1, 1);
define(0x2a, 'f32.load f64.load', 'memory', 1, 1, 'float');
define(
  0x2c,
  'i32.load8_s i32.load8_u i32.load16_s i32.load16_u ' +
    'i64.load8_s i64.load8_u i64.load16_s i64.load16_u i64.load32_s i64.load32_u',
  'memory',
  1,
  1,
);
define(0x36, 'i32.store i64.store', 'memory', 2, 0);
define(0x38, 'f32.store f64.store', 'memory', 2, 0, 'float');
define(0x3a, 'i32.store8 i32.store16 i64.store8 i64.store16 i64.store32', 'memory', 2, 0);
define(0x3f, 'memory.size', 'memorySize', 0, 1);
define(0x40, 'memory.grow', 'memorySize', 1, 1);
define(0x41, 'i32.const', 'i32', 0, 1);
define(0x42, 'i64.const', 'i64', 0, 1);
define(0x43, 'f32.const', 'f32', 0, 1, 'float');
define(0x44, 'f64.const', 'f64', 0, 1, 'float');

const integerComparisons = 'eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u';
const floatComparisons = 'eq ne lt gt le ge';
const integerArithmetic = 'add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr';

function of(type: string, operations: string): string {
  return operations
    .split(' ')
    .map((operation) => `${type}.${operation}`)
    .join(' ');
}

define(0x45, 'i32.eqz', 'none', 1, 1);
define(0x46, of('i32', integerComparisons), 'none', 2, 1);
define(0x50, 'i64.eqz', 'none', 1, 1);
define(0x51, of('i64', integerComparisons), 'none', 2, 1);
define(0x5b, of('f32', floatComparisons), 'none', 2, 1, 'float');
define(0x61, of('f64', floatComparisons), 'none', 2, 1, 'float');
define(0x67, of('i32', 'clz ctz popcnt'), 'none', 1, 1);
define(0x6a, of('i32', integerArithmetic), 'none', 2, 1);
define(0x79, of('i64', 'clz ctz popcnt'), 'none', 1, 1);
define(0x7c, of('i64', integerArithmetic), 'none', 2, 1);
for (const [first, type] of [
  [0x8b, 'f32'],
  [0x99, 'f64'],
] as const) {
  define(first, of(type, 'abs neg ceil floor trunc nearest sqrt'), 'none', 1, 1, 'float');
  define(first + 7, of(type, 'add sub mul div min max copysign'), 'none', 2, 1, 'float');
}
define(0xa7, 'i32.wrap_i64', 'none', 1, 1);
define(0xa8, of('i32', 'trunc_f32_s trunc_f32_u trunc_f64_s trunc_f64_u'), 'none', 1, 1, 'float');
define(0xac, of('i64', 'extend_i32_s extend_i32_u'), 'none', 1, 1);
define(
  0xae,
  `${of('i64', 'trunc_f32_s trunc_f32_u trunc_f64_s trunc_f64_u')} ` +
    `${of('f32', 'convert_i32_s convert_i32_u convert_i64_s convert_i64_u demote_f64')} ` +
    `${of('f64', 'convert_i32_s convert_i32_u convert_i64_s convert_i64_u promote_f32')} ` +
    'i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32 f64.reinterpret_i64',
  'none',
  1,
  1,
  'float',
);
define(0xc0, 'i32.extend8_s i32.extend16_s i64.extend8_s i64.extend16_s i64.extend32_s', 'none', 1, 1);
define(0xd0, 'ref.null', 'heapType', 0, 1, 'reference');
define(0xd1, 'ref.is_null', 'none', 1, 1, 'reference');
define(0xd2, 'ref.func', 'index', 0, 1, 'reference');
define(0xd3, 'ref.eq', 'none', 2, 1, 'gc');
define(0xd4, 'ref.as_non_null', 'none', 1, 1, 'gc');
define(0xd5, 'br_on_null br_on_non_null', 'index', 1, 0, 'gc');
define(
  0xfc00,
  `${of('i32', 'trunc_sat_f32_s trunc_sat_f32_u trunc_sat_f64_s trunc_sat_f64_u')} ` +
    of('i64', 'trunc_sat_f32_s trunc_sat_f32_u trunc_sat_f64_s trunc_sat_f64_u'),
  'none',
  1,
  1,
  'float',
);
define(MEMORY_INIT, 'memory.init', 'twoIndices', 3, 0, 'bulk');
define(0xfc09, 'data.drop', 'index', 0, 0, 'bulk');
define(MEMORY_COPY, 'memory.copy', 'twoIndices', 3, 0);
define(MEMORY_FILL, 'memory.fill', 'memorySize', 3, 0);
define(0xfc0c, 'table.init', 'twoIndices', 3, 0, 'bulk');
define(0xfc0d, 'elem.drop', 'index', 0, 0, 'bulk');
define(0xfc0e, 'table.copy', 'twoIndices', 3, 0, 'bulk');
define(0xfc0f, 'table.grow', 'index', 2, 1, 'reference');
define(0xfc10, 'table.size', 'index', 0, 1, 'reference');
define(0xfc11, 'table.fill', 'index', 3, 0, 'reference');

/** Prefixes whose instructions are known as families only: none is ever allowed. */
const FAMILIES: ReadonlyMap<number, Family> = new Map([
  [0xfb, 'gc'],
  [0xfd, 'simd'],
  [0xfe, 'threads'],
] as const);

function simdImmediate(sub: number): Immediate {
  if (sub <= 11 || sub === 92 || sub === 93) return 'memory';
  if (sub === 12 || sub === 13) return 'bytes16';
  if (sub >= 21 && sub <= 34) return 'byte';
  return sub >= 84 && sub <= 91 ? 'memoryLane' : 'none';
}

/** The instruction of an opcode; of one with a prefix, `(prefix << 8) | number` where the number is below 256. */
export function opcodeOf(opcode: number): Opcode {
  const known = table.get(opcode);
  if (known !== undefined) return known;
  const prefix = opcode >>> 8;
  const sub = opcode & 255;
  const family = FAMILIES.get(prefix) ?? 'unknown';
  let immediate: Immediate = 'unreadable';
  if (family === 'simd') immediate = simdImmediate(sub);
  if (family === 'threads') immediate = sub === 3 ? 'byte' : 'memory';
  const name = prefix === 0 ? `opcode 0x${hex(opcode)}` : `opcode 0x${hex(prefix)} 0x${hex(sub)}`;
  return { name, immediate, pops: 0, pushes: 0, family };
}

export function hasPrefix(byte: number): boolean {
  return byte >= 0xfb && byte <= 0xfe;
}

function hex(value: number): string {
  return value.toString(16).padStart(2, '0');
}
