import type { Code } from '../../host/wasm/code.js';
import { I64_ADD, I64_MUL } from '../../host/wasm/opcode.js';
import { imported, WIDE } from './module-builder.js';

/** Something that gas is charged for, and how it is timed. */
export interface Task {
  readonly name: string;
  readonly gas: number;
  /** What is repeated, and what would be there without it. */
  readonly write: (code: Code, repetition: number) => void;
  readonly without?: (code: Code, repetition: number) => void;
  /** How often the thing is in it. Default 1. */
  readonly times?: number;
  /** Turns of the loop, where fewer will do. */
  readonly turns?: number;
}

/** x = x * 6364136223846793005 + 1: the next random number, and a chain that nothing can be moved out of. */
export const random = (code: Code): unknown =>
  code.get(WIDE).i64(6364136223846793005n).op(I64_MUL).i64(1).op(I64_ADD).set(WIDE);
/** Words of an input, a key or a value. */
export const words = (code: Code, bytes: number): void => {
  for (let at = 0; at < bytes; at += 8) code.get(WIDE).call(imported('push'));
};
