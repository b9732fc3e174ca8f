import { DYNAMIC_GAS, INSTRUCTION_GAS } from '../../host/index.js';
import type { Code } from '../../host/wasm/code.js';
import { EMPTY } from '../../host/wasm/module.js';
import {
  CALL_INDIRECT,
  END,
  I32_AND,
  I32_WRAP_I64,
  I64_ADD,
  I64_EXTEND_I32_U,
  I64_SHR_U,
  I64_XOR,
  IF,
  MEMORY_COPY,
  MEMORY_FILL,
  MEMORY_SIZE,
} from '../../host/wasm/opcode.js';
import { random, type Task } from './gas-task.js';
import { FIRST_METHOD, GLOBAL_WORD, imported, NARROW, WIDE, WIDER } from './module-builder.js';

const I64_DIV_U = 0x80;
const I64_LOAD = 0x29;
const I64_STORE = 0x37;
/** Types are numbered like imports, and that of a method comes after them. */
const TYPE_OF_METHOD = FIRST_METHOD;

/** A random address below 32 KiB. */
const address = (code: Code): unknown => code.get(WIDE).i64(40).op(I64_SHR_U, I32_WRAP_I64).i32(0x7ff8).op(I32_AND);
/** What a contract does by itself. */
export const INSTRUCTION_TASKS: readonly Task[] = [
  {
    name: 'simple',
    gas: INSTRUCTION_GAS.simple,
    write: (code, i) =>
      code
        .get(WIDE)
        .i64(i + 3)
        .op(I64_XOR)
        .set(WIDE),
  },
  {
    name: 'multiply',
    gas: INSTRUCTION_GAS.multiply,
    write: random,
    without: (code) => code.get(WIDE).i64(1).op(I64_ADD).set(WIDE),
  },
  {
    name: 'divide',
    gas: INSTRUCTION_GAS.divide,
    write: (code) => code.get(WIDER).i64(-1).get(WIDE).op(I64_DIV_U, I64_ADD).i64(3).op(I64_ADD).set(WIDE),
    without: (code) => code.get(WIDER).get(WIDE).op(I64_ADD).i64(3).op(I64_ADD).set(WIDE),
  },
  {
    name: 'global',
    gas: INSTRUCTION_GAS.global,
    write: (code) => code.globalGet(GLOBAL_WORD).i64(3).op(I64_ADD).globalSet(GLOBAL_WORD),
    without: (code) => code.get(WIDE).i64(3).op(I64_ADD).set(WIDE),
    times: 2,
  },
  {
    name: 'load',
    gas: INSTRUCTION_GAS.load,
    write: (code) => {
      random(code);
      address(code);
      code.byte(I64_LOAD, 0, 0).get(WIDE).op(I64_ADD).set(WIDE);
    },
    without: (code) => {
      random(code);
      address(code);
      code.op(I64_EXTEND_I32_U).get(WIDE).op(I64_ADD).set(WIDE);
    },
  },
  {
    name: 'store',
    gas: INSTRUCTION_GAS.store,
    write: (code) => {
      random(code);
      address(code);
      code.get(WIDE).byte(I64_STORE, 0, 0);
    },
    without: (code) => {
      random(code);
      address(code);
      code.set(NARROW);
    },
  },
  {
    name: 'branch',
    gas: INSTRUCTION_GAS.branch,
    write: (code) => {
      random(code);
      code.get(WIDE).i64(60).op(I64_SHR_U, I32_WRAP_I64).i32(1).op(I32_AND, IF, EMPTY);
      code.get(WIDE).i64(5).op(I64_ADD).set(WIDE).op(END);
    },
    without: random,
  },
  { name: 'call', gas: INSTRUCTION_GAS.call, write: (code) => code.call(FIRST_METHOD) },
  { name: 'call of an import', gas: INSTRUCTION_GAS.call, write: (code) => code.call(imported('height')).set(WIDER) },
  {
    name: 'callIndirect',
    gas: INSTRUCTION_GAS.callIndirect,
    write: (code) => code.i32(0).byte(CALL_INDIRECT).u32(TYPE_OF_METHOD).u32(0),
  },
  { name: 'memorySize', gas: INSTRUCTION_GAS.memorySize, write: (code) => code.op(MEMORY_SIZE).byte(0).set(NARROW) },
  { name: 'bulk', gas: INSTRUCTION_GAS.bulk, write: (code) => code.i32(0).i32(1).i32(1).op(MEMORY_FILL).byte(0) },
  {
    name: 'bulkByte (fill)',
    gas: DYNAMIC_GAS.bulkByte,
    write: (code) => code.i32(0).i32(1).i32(16_384).op(MEMORY_FILL).byte(0),
    times: 16_384,
    turns: 50,
  },
  {
    name: 'bulkByte (copy)',
    gas: DYNAMIC_GAS.bulkByte,
    write: (code) => code.i32(0).i32(20_000).i32(16_384).op(MEMORY_COPY).byte(0, 0),
    times: 16_384,
    turns: 50,
  },
];
