import { expect } from 'vitest';
import { decode } from '../../dist/host/wasm/decode.js';
import { Instructions } from '../../dist/host/wasm/instruction.js';
import { instrument } from '../../dist/host/wasm/instrument.js';
import { type Body, FUNCTION, importedCount, type Module } from '../../dist/host/wasm/module.js';
import { OffsetMap } from '../../dist/host/wasm/offset-map.js';
import * as op from '../../dist/host/wasm/opcode.js';

interface Instruction {
  readonly offset: number;
  readonly opcode: number;
}

function instructionsOf({ bytes }: Module, { start, end }: Body): Instruction[] {
  const reader = new Instructions(bytes, start, end);
  const instructions: Instruction[] = [];
  while (reader.next()) instructions.push({ offset: reader.start, opcode: reader.opcode });
  return instructions;
}

/** What the rewrite makes of an instruction; of a `return` where it counts stack, a branch. */
function rewritten(opcode: number): readonly number[] {
  if (opcode === op.MEMORY_GROW || opcode === op.MEMORY_COPY || opcode === op.MEMORY_FILL) return [op.CALL];
  return opcode === op.RETURN ? [op.RETURN, op.BR] : [opcode];
}

/**
 * Every instruction of the instrumented module is told to come from the function that it is in, in order, and every original one is there: the last that comes
 * from it is what it became.
 * @returns how many instructions were looked at.
 */
export function checkOffsets(wasm: Uint8Array): number {
  const original = decode(wasm);
  const instrumented = decode(instrument(wasm));
  const offsets = new OffsetMap(original);
  let count = 0;
  for (const [position, body] of original.bodies.entries()) {
    const groups = new Map<number, Instruction>();
    let last = 0;
    for (const instruction of instructionsOf(instrumented, instrumented.bodies[position] as Body)) {
      const from = offsets.originalOf(instruction.offset);
      expect(from?.body).toBe(position);
      expect(from?.offset).toBeGreaterThanOrEqual(last);
      last = from?.offset as number;
      groups.set(last, instruction);
      count++;
    }
    const expected = instructionsOf(original, body);
    expect([...groups.keys()]).toEqual(expected.map(({ offset }) => offset));
    for (const { offset, opcode } of expected) expect(rewritten(opcode)).toContain(groups.get(offset)?.opcode);
  }
  checkAdded(original, instrumented, offsets);
  return count;
}

/** What was added comes from nowhere. */
function checkAdded(original: Module, instrumented: Module, offsets: OffsetMap): void {
  expect(instrumented.bodies.length).toBeGreaterThan(original.bodies.length);
  for (const { offset, end } of instrumented.bodies.slice(original.bodies.length)) {
    for (let at = offset; at < end; at++) expect(offsets.originalOf(at)).toBeUndefined();
  }
  expect(importedCount(instrumented, FUNCTION)).toBeGreaterThanOrEqual(importedCount(original, FUNCTION));
  const [first] = instrumented.bodies;
  for (const at of [0, 8, (first?.offset ?? 1) - 1, instrumented.bytes.length]) {
    expect(offsets.originalOf(at)).toBeUndefined();
  }
}
