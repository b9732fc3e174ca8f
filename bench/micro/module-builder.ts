import { Code } from '../../host/wasm/code.js';
import { CONTRACT_IMPORTS, CONTRACT_MODULE } from '../../host/wasm/contract-imports.js';
import { writeSection, writeSize, writeType } from '../../host/wasm/encode.js';
import { FUNCTION, I32, I64 } from '../../host/wasm/module.js';
import { END } from '../../host/wasm/opcode.js';
import { Writer } from '../../host/wasm/writer.js';

/** Locals of every method: two of type i64, then two of type i32. */
export const [WIDE, WIDER, NARROW, INDEX] = [0, 1, 2, 3] as const;
/** A mutable global of type i64, before the rewrite. */
export const GLOBAL_WORD = 0;

const HEADER = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
const imports = [...CONTRACT_IMPORTS];
const PROCEDURE = imports.length;

/** The index of a function of the contract interface. */
export function imported(name: string): number {
  return imports.findIndex(([other]) => other === name);
}

/** The index of the first method; the others follow. Methods can call each other. */
export const FIRST_METHOD = imports.length;

/** A contract of one page with all imports, a table with its methods, a global, and methods without parameters. */
export function buildContract(methods: ReadonlyMap<string, (code: Code) => void>): Uint8Array<ArrayBuffer> {
  const to = new Writer().bytes(HEADER);
  const types = [...imports.map(([, signature]) => signature), { parameters: [], results: [] }];
  writeSection(to, 1, types, writeType);
  writeSection(to, 2, [...imports.entries()], (section, [type, [name]]) => {
    section.name(CONTRACT_MODULE).name(name).byte(FUNCTION).u32(type);
  });
  writeSection(to, 3, [...methods], (section) => section.u32(PROCEDURE));
  writeSection(to, 4, [methods.size], (section, size) => section.byte(0x70, 1).u32(size).u32(size));
  writeSection(to, 5, [1], (section, initial) => writeSize(section, { initial, maximum: undefined }));
  writeSection(to, 6, [I64], (section, type) => section.byte(type, 1).bytes(new Code().i64(1).op(END).finish()));
  writeSection(to, 7, [...[...methods.keys()].entries()], (section, [index, name]) => {
    section
      .name(name)
      .byte(FUNCTION)
      .u32(FIRST_METHOD + index);
  });
  writeSection(to, 9, [methods.size], (section, size) => {
    section.u32(0).bytes(new Code().i32(0).op(END).finish()).u32(size);
    for (let index = 0; index < size; index++) section.u32(FIRST_METHOD + index);
  });
  writeSection(to, 10, [...methods.values()], (section, write) => {
    const code = new Code().u32(2).u32(2).byte(I64).u32(2).byte(I32);
    write(code);
    section.sized(code.op(END).finish());
  });
  return to.finish();
}
