import { Instructions } from './instruction.js';
import {
  type Constant,
  type Custom,
  type Data,
  type Element,
  EXTERNREF,
  type Export,
  F64,
  FUNCREF,
  FUNCTION,
  type FunctionType,
  GLOBAL,
  I32,
  type Import,
  type Locals,
  MEMORY,
  type Module,
  type Size,
  TABLE,
  type Unsupported,
  V128,
} from './module.js';
import { END, I32_CONST } from './opcode.js';
import { Reader, WasmError } from './reader.js';

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const MUTABLE = 1;

/** The rest of a section is something that cannot be read further. */
class UnsupportedError extends Error {
  readonly what: Unsupported;

  constructor(code: Unsupported['code'], message: string, offset: number) {
    super(message);
    this.what = { code, message, offset };
  }
}

/**
 * Decode a module. What it means is not checked: `WebAssembly.validate` judges that.
 *
 * Parts that contracts are not written in are listed in `unsupported` and skipped, so that everything else can be looked at; where
 * the end of one cannot be told, the rest of its section is skipped, or that of its function.
 * @throws WasmError where the bytes are not a module.
 */
export function decode(bytes: Uint8Array): Module {
  const reader = new Reader(bytes);
  if (bytes.length < HEADER.length) reader.fail('not a WebAssembly module: too short', 0);
  HEADER.forEach((byte, at) => {
    if (bytes[at] !== byte) reader.fail('not a WebAssembly module: wrong magic number or version', at);
  });
  reader.at = HEADER.length;
  const module: Module = {
    bytes,
    types: [],
    imports: [],
    functions: [],
    tables: [],
    memories: [],
    globals: [],
    exports: [],
    start: undefined,
    elements: [],
    bodies: [],
    data: [],
    customs: [],
    unsupported: [],
  };
  const seen = new Set<number>();
  while (reader.at < reader.end) {
    const offset = reader.at;
    const id = reader.byte();
    const size = reader.u32();
    reader.skip(size);
    if (id !== 0 && seen.has(id)) reader.fail(`section ${id} is there twice`, offset);
    seen.add(id);
    const section = new Reader(bytes, reader.at - size, reader.at);
    try {
      readSection(module, id, section, offset);
      if (section.at !== section.end) section.fail(`section ${id} is longer than what it holds`);
    } catch (error) {
      if (!(error instanceof UnsupportedError)) throw error;
      module.unsupported.push(error.what);
    }
  }
  return module;
}

function readSection(module: Module, id: number, section: Reader, offset: number): void {
  if (id === 0) module.customs.push(readCustom(section));
  else if (id === 1) readVector(section, module.types, readType);
  else if (id === 2) readVector(section, module.imports, (reader) => readImport(reader, module.unsupported));
  else if (id === 3) readVector(section, module.functions, (reader) => reader.u32());
  else if (id === 4) readVector(section, module.tables, (reader) => readTable(reader, module.unsupported));
  else if (id === 5) readVector(section, module.memories, (reader) => readMemory(reader, module.unsupported));
  else if (id === 6) readVector(section, module.globals, readGlobal);
  else if (id === 7) readVector(section, module.exports, readExport);
  else if (id === 8) module.start = { offset, index: section.u32() };
  else if (id === 9) readVector(section, module.elements, readElement);
  else if (id === 10) readVector(section, module.bodies, (reader) => readBody(reader, module));
  else if (id === 11) readVector(section, module.data, readData);
  else if (id === 12) section.u32();
  else if (id === 13) throw new UnsupportedError('exceptions', 'a section of exception tags', offset);
  else throw new UnsupportedError('unknown', `section ${id}`, offset);
}

function readVector<Item>(reader: Reader, items: Item[], read: (reader: Reader) => Item): void {
  for (let count = reader.count(); count > 0; count--) items.push(read(reader));
}

function readCustom(reader: Reader): Custom {
  return { name: reader.name(), bytes: reader.take(reader.end - reader.at) };
}

function readType(reader: Reader): FunctionType {
  const offset = reader.at;
  if (reader.byte() !== 0x60) throw new UnsupportedError('gc', 'a type that is not that of a function', offset);
  const parameters: number[] = [];
  const results: number[] = [];
  readVector(reader, parameters, readValueType);
  readVector(reader, results, readValueType);
  return { parameters, results, offset };
}

function readValueType(reader: Reader): number {
  const offset = reader.at;
  const type = reader.byte();
  const isKnown = (type >= V128 && type <= I32) || type === FUNCREF || type === EXTERNREF;
  if (!isKnown) throw new UnsupportedError('gc', `value type 0x${type.toString(16)}`, offset);
  return type;
}

function readImport(reader: Reader, unsupported: Unsupported[]): Import {
  const offset = reader.at;
  const module = reader.name();
  const name = reader.name();
  const kind = reader.byte();
  let type = 0;
  if (kind === FUNCTION) type = reader.u32();
  else if (kind === TABLE) readTable(reader, unsupported);
  else if (kind === MEMORY) readMemory(reader, unsupported);
  else if (kind === GLOBAL) {
    readValueType(reader);
    reader.byte();
  } else if (kind === 4)
    throw new UnsupportedError('exceptions', `an imported exception tag, "${module}.${name}"`, offset);
  else reader.fail(`import of an unknown kind, ${kind}`, offset);
  return { module, name, kind, type, offset };
}

function readTable(reader: Reader, unsupported: Unsupported[]): Size {
  const offset = reader.at;
  const type = reader.byte();
  const message = 'a table of something other than functions';
  if (type === EXTERNREF) unsupported.push({ code: 'referenceTypes', message, offset });
  else if (type !== FUNCREF) throw new UnsupportedError('referenceTypes', message, offset);
  const flags = reader.byte();
  if (flags > 1) throw new UnsupportedError('unknown', 'a table that is shared or has 64-bit indices', offset);
  return readSize(reader, flags, offset);
}

function readMemory(reader: Reader, unsupported: Unsupported[]): Size {
  const offset = reader.at;
  const flags = reader.byte();
  if ((flags & 2) !== 0) unsupported.push({ code: 'sharedMemory', message: 'a shared memory', offset });
  if ((flags & 4) !== 0) throw new UnsupportedError('memory64', 'a memory with 64-bit addresses', offset);
  if (flags > 3) throw new UnsupportedError('unknown', `a memory with flags 0x${flags.toString(16)}`, offset);
  return readSize(reader, flags & 1, offset);
}

function readSize(reader: Reader, flags: number, offset: number): Size {
  return { initial: reader.u32(), maximum: flags === 1 ? reader.u32() : undefined, offset };
}

function readGlobal(reader: Reader): Module['globals'][number] {
  const offset = reader.at;
  const type = readValueType(reader);
  const mutability = reader.byte();
  if (mutability > MUTABLE) reader.fail('malformed mutability', reader.at - 1);
  return { type, isMutable: mutability === MUTABLE, initial: readConstant(reader), offset };
}

function readConstant(reader: Reader): Constant {
  const offset = reader.at;
  const code = new Instructions(reader.bytes, offset, reader.end);
  let opcode = END;
  let value = 0;
  let count = 0;
  for (;;) {
    if (!nextOfConstant(code)) reader.fail('a constant expression does not end', offset);
    if (code.opcode === END) break;
    if (count++ === 0) {
      opcode = code.opcode;
      value = opcode === I32_CONST ? code.index : 0;
    }
  }
  return { bytes: reader.take(code.end - offset), opcode, value, isSingle: count === 1, offset };
}

/** What instructions of the garbage collector end with is not known, and they can be constant. */
function nextOfConstant(code: Instructions): boolean {
  try {
    return code.next();
  } catch (error) {
    if (!(error instanceof WasmError) || code.info.immediate !== 'unreadable') throw error;
    throw new UnsupportedError('gc', `a constant expression with ${code.info.name}`, code.start);
  }
}

function readExport(reader: Reader): Export {
  const offset = reader.at;
  return { name: reader.name(), kind: reader.byte(), index: reader.u32(), offset };
}

function readElement(reader: Reader): Element {
  const offset = reader.at;
  if (reader.u32() !== 0)
    throw new UnsupportedError('referenceTypes', 'an element segment of another kind than active', offset);
  const start = readConstant(reader);
  const functions: number[] = [];
  readVector(reader, functions, (one) => one.u32());
  return { start, functions, offset };
}

function readData(reader: Reader): Data {
  const offset = reader.at;
  const flags = reader.u32();
  if (flags > 2) reader.fail('malformed data segment', offset);
  if (flags === 2 && reader.u32() !== 0)
    throw new UnsupportedError('bulkMemory', 'data for another memory than the first', offset);
  const start = flags === 1 ? undefined : readConstant(reader);
  return { start, bytes: reader.take(reader.u32()), offset };
}

function readBody(reader: Reader, { bodies, unsupported }: Module): Module['bodies'][number] {
  const size = reader.u32();
  const offset = reader.at;
  reader.skip(size);
  const body = new Reader(reader.bytes, offset, reader.at);
  const locals: Locals[] = [];
  try {
    readVector(body, locals, readLocals);
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw error;
    unsupported.push({ ...error.what, body: bodies.length });
    return { locals, start: body.end, end: body.end, offset };
  }
  return { locals, start: body.at, end: body.end, offset };
}

function readLocals(reader: Reader): Locals {
  const count = reader.u32();
  const type = reader.byte();
  // A type that takes more than a byte is not read further here: the instructions would not be found.
  if (type < F64 - 1 && type !== FUNCREF && type !== EXTERNREF) {
    throw new UnsupportedError('gc', `value type 0x${type.toString(16)}`, reader.at - 1);
  }
  return { count, type };
}
