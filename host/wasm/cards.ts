import { Code } from './code.js';
import { DYNAMIC_GAS } from './gas-schedule.js';
import { EMPTY, type Module } from './module.js';
import {
  END,
  I32_ADD,
  I32_AND,
  I32_EQZ,
  I32_SHR_U,
  I32_SUB,
  I32_WRAP_I64,
  I64_EXTEND_I32_U,
  I64_MUL,
  I64_OR,
  I64_POPCNT,
  I64_SHL,
  I64_SHR_U,
  I64_SUB,
  I64_XOR,
  IF,
} from './opcode.js';

const PAGE_SHIFT = 16;
const CARDS = 64;
const LEAST_SHIFT = 10;

/**
 * Which parts of its memory a call has written: a bit for each of at most 64 cards, in a global that only the rewrite's own
 * code can name. Every store sets the bit of the card that its first byte is in, before it writes; the reset restores each card
 * so marked and `NOTED_BYTES` past it, where a store that begins in a card may end.
 *
 * The cards cover the memory as it is instantiated. A call that has grown it leaves marks that mean nothing, and its instance
 * is not used again.
 */
export class Cards {
  /** Bytes of memory. */
  readonly bytes: number;
  /** log2 of a card's bytes. */
  readonly shift: number;
  readonly count: number;

  constructor({ memories: [memory] }: Module) {
    this.bytes = (memory?.initial ?? 0) * 2 ** PAGE_SHIFT;
    let shift = LEAST_SHIFT;
    while (this.bytes > CARDS * 2 ** shift) shift++;
    this.shift = shift;
    this.count = Math.ceil(this.bytes / 2 ** shift);
  }

  /** A bit for each card. */
  get all(): bigint {
    return (1n << BigInt(this.count)) - 1n;
  }

  /** Gas of the first write to a card. */
  get gas(): number {
    return (2 ** this.shift / 1024) * DYNAMIC_GAS.restoredKiB;
  }

  /**
   * Mark the card of the address in local `address` plus `offset`, if it is not. `card` is a scratch local of type i64, `note`
   * the function that marks one.
   */
  writeMark(to: Code, marks: number, address: number, offset: number, card: number, note: number): void {
    to.globalGet(marks).get(address);
    if (offset !== 0) to.i32(offset).op(I32_ADD);
    to.i32(this.shift).op(I32_SHR_U, I64_EXTEND_I32_U).tee(card).op(I64_SHR_U, I32_WRAP_I64);
    to.i32(1).op(I32_AND, I32_EQZ, IF, EMPTY).get(card).call(note).op(END);
  }

  /** The body of `note(card i64)`: mark the card and charge for restoring it. */
  noteBody(marks: number): Code {
    const [card, scratch] = [0, 0];
    const code = new Code();
    code.globalGet(marks).i64(1).get(card).op(I64_SHL, I64_OR).globalSet(marks);
    return code.charge(this.gas, scratch).op(END);
  }

  /**
   * Mark the cards of the `length` bytes from `address` on, both locals of type i32, and charge for those that were not. Of
   * the scratch locals, all of type i64, `bits` is left with what was marked.
   */
  writeMarkRange(to: Code, marks: number, address: number, length: number, first: number, bits: number): void {
    to.get(length).op(IF, EMPTY);
    to.get(address).i32(this.shift).op(I32_SHR_U, I64_EXTEND_I32_U).set(first);
    // ((2 << (last - first)) - 1) << first
    to.i64(2).get(address).get(length).op(I32_ADD).i32(1).op(I32_SUB).i32(this.shift).op(I32_SHR_U, I64_EXTEND_I32_U);
    to.get(first).op(I64_SUB, I64_SHL).i64(1).op(I64_SUB).get(first).op(I64_SHL).set(bits);
    // Those among them that are new: (marks | bits) ^ marks.
    to.globalGet(marks)
      .get(bits)
      .op(I64_OR)
      .globalGet(marks)
      .op(I64_XOR, I64_POPCNT)
      .i64(this.gas)
      .op(I64_MUL)
      .set(first);
    to.globalGet(marks).get(bits).op(I64_OR).globalSet(marks);
    to.get(first).chargeOperand(first).op(END);
  }
}
