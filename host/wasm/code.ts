import { EMPTY } from './module.js';
import {
  CALL,
  END,
  GLOBAL_GET,
  GLOBAL_SET,
  I32_ADD,
  I32_CONST,
  I32_LT_S,
  I32_SUB,
  I64_CONST,
  I64_LT_S,
  I64_SUB,
  IF,
  LOCAL_GET,
  LOCAL_SET,
  LOCAL_TEE,
  UNREACHABLE,
} from './opcode.js';
import { Writer } from './writer.js';

/** The imported globals that an instrumented module counts down: they are the worker's, so nested calls share them. */
export const GAS = 0;
export const STACK_LEFT = 1;

/** Instructions being written. */
export class Code extends Writer {
  op(...opcodes: number[]): this {
    for (const opcode of opcodes) {
      if (opcode > 255) this.byte(opcode >>> 8).u32(opcode & 255);
      else this.byte(opcode);
    }
    return this;
  }

  get(local: number): this {
    return this.byte(LOCAL_GET).u32(local);
  }

  set(local: number): this {
    return this.byte(LOCAL_SET).u32(local);
  }

  tee(local: number): this {
    return this.byte(LOCAL_TEE).u32(local);
  }

  globalGet(index: number): this {
    return this.byte(GLOBAL_GET).u32(index);
  }

  globalSet(index: number): this {
    return this.byte(GLOBAL_SET).u32(index);
  }

  /** The value's bits: an unsigned one may be given. */
  i32(value: number): this {
    return this.byte(I32_CONST).signed(value | 0);
  }

  i64(value: number | bigint): this {
    return this.byte(I64_CONST).signed(BigInt.asIntN(64, BigInt(value)));
  }

  call(index: number): this {
    return this.byte(CALL).u32(index);
  }

  /** Charge `cost` gas; the call traps where there is not so much. `scratch` is a local of type i64. */
  charge(cost: number, scratch: number): this {
    return this.globalGet(GAS).i64(cost).#chargeDifference(scratch);
  }

  /** The same with the cost on the operand stack, an i64. */
  chargeOperand(scratch: number): this {
    return this.set(scratch).globalGet(GAS).get(scratch).#chargeDifference(scratch);
  }

  #chargeDifference(scratch: number): this {
    this.op(I64_SUB).tee(scratch).globalSet(GAS);
    return this.get(scratch).i64(0).op(I64_LT_S).trapIf();
  }

  /** Take `bytes` of stack; the call traps where there are not so many left. `scratch` is a local of type i32. */
  takeStack(bytes: number, scratch: number): this {
    this.globalGet(STACK_LEFT).i32(bytes).op(I32_SUB).tee(scratch).globalSet(STACK_LEFT);
    return this.get(scratch).i32(0).op(I32_LT_S).trapIf();
  }

  giveStack(bytes: number): this {
    return this.globalGet(STACK_LEFT).i32(bytes).op(I32_ADD).globalSet(STACK_LEFT);
  }

  /** Trap if the operand, an i32, is not 0. */
  trapIf(): this {
    return this.op(IF, EMPTY, UNREACHABLE, END);
  }
}
