import type { Cards } from './cards.js';
import { Code } from './code.js';
import { DYNAMIC_GAS } from './gas-schedule.js';
import { EMPTY, type Size } from './module.js';
import {
  END,
  I32_EQ,
  I32_EQZ,
  I32_GT_U,
  I32_SUB,
  I64_EXTEND_I32_U,
  I64_MUL,
  IF,
  MEMORY_COPY,
  MEMORY_FILL,
  MEMORY_GROW,
  MEMORY_SIZE,
  RETURN,
  UNREACHABLE,
} from './opcode.js';

/** What `memory.copy`, `memory.fill` and `memory.grow` become: calls of these. */

const [FIRST, SECOND, LENGTH] = [0, 1, 2] as const;

/** `copy(to i32, from i32, length i32)`; two locals of type i64. */
export function copyBody(cards: Cards, marks: number): Code {
  return bulkBody(cards, marks, (code) => code.op(MEMORY_COPY).byte(0, 0));
}

/** `fill(to i32, value i32, length i32)`; two locals of type i64. */
export function fillBody(cards: Cards, marks: number): Code {
  return bulkBody(cards, marks, (code) => code.op(MEMORY_FILL).byte(0));
}

/** Charged by the byte before, and marked after: what is out of bounds traps without having written anything. */
function bulkBody(cards: Cards, marks: number, writeOperation: (code: Code) => void): Code {
  const [wide, bits] = [3, 4];
  const code = new Code();
  code.get(LENGTH).op(I64_EXTEND_I32_U).i64(DYNAMIC_GAS.bulkByte).op(I64_MUL).chargeOperand(wide);
  code.get(FIRST).get(SECOND).get(LENGTH);
  writeOperation(code);
  cards.writeMarkRange(code, marks, FIRST, LENGTH, wide, bits);
  return code.op(END);
}

/**
 * `grow(pages i32) -> i32`, with locals i32 and i64. Past the maximum that the module declares it gives -1, as
 * `memory.grow` does; past `limit` the call traps, whatever the machine could give. That V8 refuses within the limit is
 * the machine's doing and not the contract's: it ends the block. `growth`: gas that the instance costs which the next call then gets.
 */
export function growBody(
  { initial, maximum }: Size,
  limit: number,
  growth: number,
  imported: Readonly<Record<'memoryLimit' | 'memoryRefused' | 'grown', number>>,
): Code {
  const [pages, old, wide] = [0, 1, 2];
  const code = new Code();
  code.op(MEMORY_SIZE).byte(0).set(old);
  code.get(pages).op(I32_EQZ, IF, EMPTY).get(old).op(RETURN, END);
  if (maximum !== undefined) {
    code.get(pages).i32(maximum).get(old).op(I32_SUB, I32_GT_U, IF, EMPTY).i32(-1).op(RETURN, END);
  }
  code.get(pages).i32(limit).get(old).op(I32_SUB, I32_GT_U, IF, EMPTY);
  code.call(imported.memoryLimit).op(UNREACHABLE, END);
  code.get(old).i32(initial).op(I32_EQ, IF, EMPTY).charge(growth, wide).op(END);
  code.get(pages).op(I64_EXTEND_I32_U).i64(DYNAMIC_GAS.page).op(I64_MUL).chargeOperand(wide);
  code.get(pages).op(MEMORY_GROW).byte(0).i32(-1).op(I32_EQ, IF, EMPTY);
  code.call(imported.memoryRefused).op(UNREACHABLE, END);
  return code.call(imported.grown).get(old).op(END);
}
