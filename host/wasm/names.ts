import { FUNCTION, type Module } from './module.js';
import { Reader, WasmError } from './reader.js';
import { Writer } from './writer.js';

const MODULE_NAME = 0;
const FUNCTION_NAMES = 1;

/** The names of functions, by index: from the `name` section, or from how a function is imported or exported. */
export function functionNames(module: Module): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  const imported = module.imports.filter(({ kind }) => kind === FUNCTION);
  for (const [index, { name }] of imported.entries()) names.set(index, name);
  for (const { kind, index, name } of module.exports) if (kind === FUNCTION) names.set(index, name);
  const section = module.customs.find(({ name }) => name === 'name');
  if (section === undefined) return names;
  try {
    readNames(new Reader(section.bytes), names);
  } catch (error) {
    // The section is for people and can hold anything: what was read of it is as good as it gets.
    if (!(error instanceof WasmError)) throw error;
  }
  return names;
}

function readNames(reader: Reader, names: Map<number, string>): void {
  while (reader.at < reader.end) {
    const id = reader.byte();
    const size = reader.u32();
    const end = reader.at + size;
    reader.skip(size);
    if (id === FUNCTION_NAMES) {
      // In its own bytes only: each is read once, whatever the sizes say.
      const own = new Reader(reader.bytes, end - size, end);
      for (let count = own.count(); count > 0; count--) {
        const index = own.u32();
        names.set(index, own.name());
      }
    }
  }
}

/** `wasm` with a `name` section that gives the module a name, and nothing else. It must have none. */
export function withModuleName(wasm: Uint8Array, moduleName: string): Uint8Array<ArrayBuffer> {
  const name = new Writer().name(moduleName).finish();
  const section = new Writer().name('name').byte(MODULE_NAME).sized(name).finish();
  return new Writer(wasm.length + section.length + 8).bytes(wasm).byte(0).sized(section).finish();
}
