import { FunctionAnalyzer, type MeteredBlock } from '../../dist/host/wasm/analysis.js';
import { Code } from '../../dist/host/wasm/code.js';
import { decode } from '../../dist/host/wasm/decode.js';
import { encode } from '../../dist/host/wasm/encode.js';
import { instructionGas } from '../../dist/host/wasm/gas-schedule.js';
import { Instructions } from '../../dist/host/wasm/instruction.js';
import { type Body, type Constant, GLOBAL, I64, type Module } from '../../dist/host/wasm/module.js';
import { END, I64_ADD, I64_CONST } from '../../dist/host/wasm/opcode.js';

/** Exported globals of a counted module: the gas of every instruction that was reached, and that of every metered block entered. */
export const REACHED = 'reached';
export const CHARGED = 'charged';

/** The module with both counted, in the plainest way: before each instruction. What was charged is never less than what was reached. */
export function countReached(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const module = decode(bytes);
  const analyses = FunctionAnalyzer.analyze(module);
  const reached = module.globals.length;
  const bodies = new Code();
  const counted = module.bodies.map((body, position): Body => {
    const offset = bodies.length;
    writeCounted(bodies, module, body, analyses[position]?.blocks ?? [], reached);
    return { ...body, offset, end: bodies.length };
  });
  const zero: Constant = {
    bytes: Uint8Array.of(I64_CONST, 0, END),
    opcode: I64_CONST,
    value: 0,
    isSingle: true,
    offset: 0,
  };
  const counter = { type: I64, isMutable: true, initial: zero, offset: 0 };
  return encode({
    ...module,
    bytes: bodies.finish(),
    bodies: counted,
    globals: [...module.globals, counter, counter],
    exports: [
      ...module.exports,
      { name: REACHED, kind: GLOBAL, index: reached, offset: 0 },
      { name: CHARGED, kind: GLOBAL, index: reached + 1, offset: 0 },
    ],
  });
}

function writeCounted(to: Code, module: Module, body: Body, blocks: readonly MeteredBlock[], reached: number): void {
  const add = (global: number, amount: number): void => {
    if (amount > 0) to.globalGet(global).i64(amount).op(I64_ADD).globalSet(global);
  };
  to.bytes(module.bytes.subarray(body.offset, body.start));
  const code = new Instructions(module.bytes, body.start, body.end);
  while (code.next()) {
    add(reached + 1, blocks.find(({ offset }) => offset === code.start)?.cost ?? 0);
    add(reached, instructionGas(code.opcode));
    to.bytes(module.bytes.subarray(code.start, code.end));
  }
}
