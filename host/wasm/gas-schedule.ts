import {
  BLOCK,
  BR,
  BR_IF,
  BR_TABLE,
  CALL,
  CALL_INDIRECT,
  ELSE,
  END,
  FIRST_STORE,
  GLOBAL_GET,
  GLOBAL_SET,
  I32_CONST,
  IF,
  LAST_STORE,
  LOCAL_GET,
  LOCAL_TEE,
  LOOP,
  MEMORY_COPY,
  MEMORY_FILL,
  MEMORY_GROW,
  MEMORY_SIZE,
  opcodeOf,
  RETURN,
} from './opcode.js';

/**
 * What everything costs, in gas. One gas is about 0.1 ns of the machine that the weights were measured on
 * (`npm run bench:gas`, bench/README.md). The only place where a weight is written: the table in README.md is compared with it, and the kernel
 * is given its part in shared memory.
 *
 * A schedule never changes under its version, nor does what else of the rewrite a receipt shows (where gas is charged, what a function's stack
 * counts, the limits of memory and stack): the version is part of a code's identity.
 */
export const GAS_SCHEDULE_VERSION = 1;

/** Instructions, by what they have in common. Charged when their metered block is entered (analysis.ts). */
export const INSTRUCTION_GAS = {
  /** `block`, `loop`, `else`, `end`, `nop`, `drop`: no machine code of their own. */
  structure: 0,
  /** `local.*`, `i32.const`, `i64.const`. */
  local: 1,
  /** Arithmetic, comparisons, shifts, conversions, `select`. */
  simple: 3,
  multiply: 10,
  /** Division and remainder. */
  divide: 60,
  global: 5,
  load: 20,
  /** With the note of what was written, which the reset needs. */
  store: 20,
  /** `if`, `br`, `br_if`, `return`. */
  branch: 10,
  branchTable: 25,
  call: 30,
  /** A local that a function declares, whenever it is called: it is set to zero. */
  declaredLocal: 3,
  callIndirect: 50,
  memorySize: 3,
  /** Also where nothing is grown. Growing costs a new instance afterwards: `growth`. */
  memoryGrow: 100,
  /** `memory.copy`, `memory.fill`; each byte comes on top. */
  bulk: 100,
  /** Floating point, which `check` refuses. */
  float: 20,
} as const;

/** What depends on an operand, charged by code that the rewrite adds. */
export const DYNAMIC_GAS = {
  /** A byte of `memory.copy` or `memory.fill`. */
  bulkByte: 1,
  /** The first `memory.grow` of a call that adds a page: the next call gets a new instance. */
  growth: 2_200_000,
  /** An entry of the elements that a new instance puts into its table: part of a growth. */
  elementEntry: 600,
  /** A page that is added, and may be touched. */
  page: 300_000,
  /** The first write of a call to a card of memory, for each KiB that the reset then restores. */
  restoredKiB: 600,
} as const;

/** What the kernel charges, in the order in which it reads them (assembly/kernel/gas.ts). */
export const KERNEL_GAS = {
  /** Every call, before it starts. */
  call: 4_000,
  inputByte: 2,
  lookup: 400,
  keyByte: 4,
  read: 400,
  readByte: 2,
  has: 400,
  write: 400,
  writtenByte: 5,
  remove: 400,
  event: 300,
  eventByte: 4,
  output: 150,
  outputByte: 4,
  /** `add` and `subtract`. */
  count: 800,
  sha256: 12_000,
  sha256Byte: 10,
  keccak256: 50_000,
  keccak256Byte: 300,
  blake3: 25_000,
  blake3Byte: 200,
  /** More than a call has on the host's thread (host/engine/host-caller.ts), which is not to verify anything. */
  verify: 15_000_000,
  verifyByte: 150,
  /** A call of another contract, also one that does not come to run. */
  nested: 1_500,
  /** A byte of its input. */
  nestedByte: 5,
  /** Where it runs and fails, and its caller goes on. The caller must have it beforehand. */
  nestedFailure: 30_000,
  /** Where a contract of the same code waits for it: an instance of the code for itself. */
  nestedInstance: 2_000_000,
} as const;

export type KernelGas = keyof typeof KERNEL_GAS;

const MULTIPLY = new Set(['i32.mul', 'i64.mul']);
const DIVIDE = /\.(div|rem)_[su]$/;

function weigh(opcode: number): number {
  const { family, name } = opcodeOf(opcode);
  if (opcode >= FIRST_STORE && opcode <= LAST_STORE) return INSTRUCTION_GAS.store;
  if (name.includes('.load')) return INSTRUCTION_GAS.load;
  if (family === 'float') return INSTRUCTION_GAS.float;
  if ([0x00, 0x01, BLOCK, LOOP, ELSE, END, 0x1a].includes(opcode)) return INSTRUCTION_GAS.structure;
  if (opcode >= LOCAL_GET && opcode <= LOCAL_TEE) return INSTRUCTION_GAS.local;
  if (opcode === I32_CONST || opcode === I32_CONST + 1) return INSTRUCTION_GAS.local;
  if (opcode === GLOBAL_GET || opcode === GLOBAL_SET) return INSTRUCTION_GAS.global;
  if (opcode === IF || opcode === BR || opcode === BR_IF || opcode === RETURN) return INSTRUCTION_GAS.branch;
  if (opcode === BR_TABLE) return INSTRUCTION_GAS.branchTable;
  if (opcode === CALL) return INSTRUCTION_GAS.call;
  if (opcode === CALL_INDIRECT) return INSTRUCTION_GAS.callIndirect;
  if (opcode === MEMORY_SIZE) return INSTRUCTION_GAS.memorySize;
  if (opcode === MEMORY_GROW) return INSTRUCTION_GAS.memoryGrow;
  if (opcode === MEMORY_COPY || opcode === MEMORY_FILL) return INSTRUCTION_GAS.bulk;
  if (MULTIPLY.has(name)) return INSTRUCTION_GAS.multiply;
  return DIVIDE.test(name) ? INSTRUCTION_GAS.divide : INSTRUCTION_GAS.simple;
}

const weights = new Map<number, number>();

/** The gas of an instruction, apart from what depends on its operands. */
export function instructionGas(opcode: number): number {
  let weight = weights.get(opcode);
  if (weight === undefined) {
    weight = weigh(opcode);
    weights.set(opcode, weight);
  }
  return weight;
}
