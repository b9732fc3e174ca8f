import { Code } from '../../host/wasm/code.js';
import { writeSection, writeSize } from '../../host/wasm/encode.js';
import { EMPTY, FUNCTION, I32, I64 } from '../../host/wasm/module.js';
import {
  BR_IF,
  END,
  I32_AND,
  I32_SUB,
  I32_WRAP_I64,
  I64_ADD,
  I64_MUL,
  I64_SHR_U,
  LOOP,
} from '../../host/wasm/opcode.js';
import { Writer } from '../../host/wasm/writer.js';

const HEADER = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
const I64_LOAD = 0x29;
const I64_STORE = 0x37;

const [TURNS, STATE, ADDRESS] = [0, 1, 2] as const;

/**
 * What primitives are measured against: `turns` times a multiplication, an addition, and a word of 32 KiB read and written at a place that depends on both. Plain Wasm that no compiler of
 * ours makes and nothing of ours is in, so that it takes what the processor takes, today as on the day of the baseline.
 */
export function instantiateReferenceLoop(): (turns: number) => void {
  const to = new Writer().bytes(HEADER);
  writeSection(to, 1, [0], (section) => section.byte(0x60, 1, I32, 0));
  writeSection(to, 3, [0], (section) => section.u32(0));
  writeSection(to, 5, [1], (section, initial) => writeSize(section, { initial, maximum: undefined }));
  writeSection(to, 7, ['run'], (section, name) => section.name(name).byte(FUNCTION).u32(0));
  writeSection(to, 10, [0], (section) => {
    const code = new Code().u32(2).u32(1).byte(I64).u32(1).byte(I32);
    code.op(LOOP, EMPTY);
    code.get(STATE).i64(6364136223846793005n).op(I64_MUL).i64(1).op(I64_ADD).tee(STATE);
    code.i64(40).op(I64_SHR_U, I32_WRAP_I64).i32(0x7ff8).op(I32_AND).tee(ADDRESS);
    code.get(ADDRESS).byte(I64_LOAD, 0, 0).get(STATE).op(I64_ADD).tee(STATE).byte(I64_STORE, 0, 0);
    code.get(TURNS).i32(1).op(I32_SUB).tee(TURNS).op(BR_IF).u32(0).op(END, END);
    section.sized(code.finish());
  });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(to.finish()));
  return exports.run as (turns: number) => void;
}
