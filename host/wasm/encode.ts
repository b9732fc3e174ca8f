import { type Constant, EMPTY, FUNCREF, FUNCTION, type FunctionType, type Module, type Size } from './module.js';
import { WasmError } from './reader.js';
import { Writer } from './writer.js';

const HEADER = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
const FUNCTION_TYPE = 0x60;

/** Write a section, unless it would be empty: `items` are each written by `write`. */
export function writeSection<Item>(
  to: Writer,
  id: number,
  items: readonly Item[],
  write: (content: Writer, item: Item) => void,
): void {
  if (items.length === 0) return;
  const content = new Writer().u32(items.length);
  for (const item of items) write(content, item);
  to.byte(id).sized(content.finish());
}

export function writeType(to: Writer, { parameters, results }: Pick<FunctionType, 'parameters' | 'results'>): void {
  to.byte(FUNCTION_TYPE)
    .u32(parameters.length)
    .byte(...parameters)
    .u32(results.length)
    .byte(...results);
}

export function writeSize(to: Writer, { initial, maximum }: Pick<Size, 'initial' | 'maximum'>): void {
  if (maximum === undefined) to.byte(0).u32(initial);
  else to.byte(1).u32(initial).u32(maximum);
}

export function writeTable(to: Writer, size: Size): void {
  to.byte(FUNCREF);
  writeSize(to, size);
}

function writeConstant(to: Writer, { bytes }: Constant): void {
  to.bytes(bytes);
}

/**
 * The bytes of a module as it was decoded: what V8 makes of them is what it made of the original.
 * @throws WasmError where the module has imports or parts that are not written here.
 */
export function encode(module: Module): Uint8Array<ArrayBuffer> {
  const [unsupported] = module.unsupported;
  if (unsupported !== undefined) throw new WasmError(`cannot be written: ${unsupported.message}`, unsupported.offset);
  const to = new Writer(module.bytes.length + 1024).bytes(HEADER);
  writeSection(to, 1, module.types, writeType);
  writeSection(to, 2, module.imports, (section, one) => {
    if (one.kind !== FUNCTION) throw new WasmError('cannot be written: an import that is not a function', one.offset);
    section.name(one.module).name(one.name).byte(FUNCTION).u32(one.type);
  });
  writeSection(to, 3, module.functions, (section, type) => section.u32(type));
  writeSection(to, 4, module.tables, writeTable);
  writeSection(to, 5, module.memories, writeSize);
  writeSection(to, 6, module.globals, (section, { type, isMutable, initial }) => {
    writeConstant(section.byte(type, isMutable ? 1 : 0), initial);
  });
  writeSection(to, 7, module.exports, (section, { name, kind, index }) => section.name(name).byte(kind).u32(index));
  if (module.start !== undefined) to.byte(8).sized(new Writer().u32(module.start.index).finish());
  writeSection(to, 9, module.elements, (section, { start, functions }) => {
    writeConstant(section.u32(0), start);
    section.u32(functions.length);
    for (const index of functions) section.u32(index);
  });
  if (module.data.length > 0) to.byte(12).sized(new Writer().u32(module.data.length).finish());
  writeSection(to, 10, module.bodies, (section, { offset, end }) => {
    section.sized(module.bytes.subarray(offset, end));
  });
  writeSection(to, 11, module.data, (section, { start, bytes }) => {
    if (start === undefined) section.u32(1);
    else writeConstant(section.u32(0), start);
    section.sized(bytes);
  });
  for (const { name, bytes } of module.customs) to.byte(0).sized(new Writer().name(name).bytes(bytes).finish());
  return to.finish();
}

/** The block type of a function's result, of which there is one at most. */
export function blockType({ results }: Pick<FunctionType, 'results'>): number {
  return results[0] ?? EMPTY;
}
