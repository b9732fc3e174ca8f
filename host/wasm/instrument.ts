import { type FunctionAnalysis, FunctionAnalyzer } from './analysis.js';
import { Cards } from './cards.js';
import { Code } from './code.js';
import { WORKER_MODULE } from './contract-imports.js';
import { decode } from './decode.js';
import { writeSection, writeSize, writeTable, writeType } from './encode.js';
import { DYNAMIC_GAS, INSTRUCTION_GAS } from './gas-schedule.js';
import { CODE_LIMITS } from './limits.js';
import { copyBody, fillBody, growBody } from './memory.js';
import { type Export, FUNCTION, type FunctionType, GLOBAL, I32, I64, importedCount, type Module } from './module.js';
import { END } from './opcode.js';
import { WasmError } from './reader.js';
import { initialMarks, initialRuns, type Run, resetBody } from './reset.js';
import { type NoteOffset, ownBody, type Placement, placed, rewriteFunction } from './rewrite.js';
import { type StackNeed, stackNeed } from './stack-need.js';
import { Writer } from './writer.js';

/** The export that makes an instance what it was when it was instantiated. */
export const RESET_EXPORT = 'blockstm.reset';
/** Custom sections that are kept. */
const KEPT_SECTIONS: readonly string[] = ['blockstm.interface', 'blockstm.layout'];

/** Pages that a memory may grow to. */
const MOST_PAGES = CODE_LIMITS.memoryPages;

type Signature = Pick<FunctionType, 'parameters' | 'results'>;

const PROCEDURE: Signature = { parameters: [], results: [] };
const NOTE: Signature = { parameters: [I64], results: [] };
const BULK: Signature = { parameters: [I32, I32, I32], results: [] };
const GROW: Signature = { parameters: [I32], results: [I32] };
const SIGNATURES = [PROCEDURE, NOTE, BULK, GROW];

/** What a module with a memory imports, in this order, besides the globals. All are `() -> ()`. */
const MEMORY_IMPORTS = ['memoryLimit', 'memoryRefused', 'grown'];

/** A function that the rewrite adds. */
interface Added {
  readonly signature: Signature;
  readonly body: Uint8Array;
}

/**
 * Rewrite a contract's module so that whatever it does is charged, bounded and undone before the next call. README.md says how.
 *
 * The module must have passed `check`. Its methods keep their names; it exports nothing else but `blockstm.reset`.
 * @throws WasmError where the module is not valid, or is not one that `check` passes.
 */
export function instrument(wasm: Uint8Array): Uint8Array<ArrayBuffer> {
  return instrumentNoting(wasm);
}

/** Told by the position of a function's body among the module's, see `NoteOffset`. */
export type NoteBodyOffset = (body: number, ...offsets: Parameters<NoteOffset>) => void;

/** The same, told where every instruction goes. @throws WasmError */
export function instrumentNoting(wasm: Uint8Array, note?: NoteBodyOffset): Uint8Array<ArrayBuffer> {
  if (!WebAssembly.validate(wasm as Uint8Array<ArrayBuffer>)) throw new WasmError('not a valid WebAssembly module', 0);
  const module = decode(wasm);
  const [unsupported] = module.unsupported;
  if (unsupported !== undefined)
    throw new WasmError(`cannot be instrumented: ${unsupported.message}`, unsupported.offset);
  const output = new Instrumentation(module, note).write();
  if (!WebAssembly.validate(output)) throw new WasmError('the instrumented module is not valid', 0);
  return output;
}

/** The rewrite of one module. */
class Instrumentation {
  readonly #module: Module;
  readonly #hasMemory: boolean;
  readonly #cards: Cards;
  readonly #runs: readonly Run[];
  readonly #need: StackNeed;
  readonly #analyses: readonly FunctionAnalysis[];
  readonly #place: Placement;
  readonly #methods: readonly Export[];
  readonly #firstAdded: number;
  readonly #note: NoteBodyOffset | undefined;

  constructor(module: Module, note?: NoteBodyOffset) {
    this.#module = module;
    this.#note = note;
    this.#hasMemory = module.memories.length > 0;
    this.#cards = new Cards(module);
    this.#runs = initialRuns(module.data);
    this.#analyses = FunctionAnalyzer.analyze(module);
    this.#need = stackNeed(module, this.#analyses);
    this.#methods = module.exports.filter(({ kind }) => kind === FUNCTION);
    const importedFunctions = importedCount(module, FUNCTION);
    const addedFunctions = this.#hasMemory ? MEMORY_IMPORTS.length : 0;
    const addedGlobals = 2;
    this.#firstAdded = importedFunctions + addedFunctions + module.functions.length;
    this.#place = {
      importedFunctions,
      addedFunctions,
      addedGlobals,
      marks: addedGlobals + module.globals.length,
      note: this.#firstAdded + 1,
      copy: this.#firstAdded + 2,
      fill: this.#firstAdded + 3,
      grow: this.#firstAdded + 4,
    };
  }

  write(): Uint8Array<ArrayBuffer> {
    const module = this.#module;
    const added = this.#added();
    const to = new Writer(module.bytes.length * 3 + 4096).bytes(module.bytes.subarray(0, 8));
    const types = [...module.types, ...SIGNATURES];
    const typeOf = (signature: Signature): number => module.types.length + SIGNATURES.indexOf(signature);
    writeSection<Signature>(to, 1, types, writeType);
    this.#writeImports(to, typeOf(PROCEDURE));
    const functions = [...module.functions, ...added.map(({ signature }) => typeOf(signature))];
    writeSection(to, 3, functions, (section, type) => section.u32(type));
    writeSection(to, 4, module.tables, writeTable);
    writeSection(to, 5, module.memories, (section, { initial, maximum }) => {
      writeSize(section, { initial, maximum: Math.min(maximum ?? MOST_PAGES, MOST_PAGES) });
    });
    this.#writeGlobals(to);
    this.#writeExports(to);
    writeSection(to, 9, module.elements, (section, { start, functions: listed }) => {
      section.u32(0).bytes(start.bytes).u32(listed.length);
      for (const index of listed) section.u32(placed(index, this.#place));
    });
    if (this.#runs.length > 0) to.byte(12).sized(new Writer().u32(this.#runs.length).finish());
    const bodies = [...this.#bodies(), ...added.map(({ body }) => body)];
    writeSection(to, 10, bodies, (section, body) => section.sized(body));
    writeSection(to, 11, this.#runs, (section, { bytes }) => section.u32(1).sized(bytes));
    for (const { name, bytes } of module.customs.filter((custom) => KEPT_SECTIONS.includes(custom.name))) {
      to.byte(0).sized(new Writer().name(name).bytes(bytes).finish());
    }
    return to.finish();
  }

  #writeImports(to: Writer, procedure: number): void {
    const { imports } = this.#module;
    const names = this.#hasMemory ? MEMORY_IMPORTS : [];
    const section = new Writer().u32(imports.length + names.length + this.#place.addedGlobals);
    for (const { module, name, type } of imports) section.name(module).name(name).byte(FUNCTION).u32(type);
    for (const name of names) section.name(WORKER_MODULE).name(name).byte(FUNCTION).u32(procedure);
    section.name(WORKER_MODULE).name('gas').byte(GLOBAL, I64, 1);
    section.name(WORKER_MODULE).name('stackLeft').byte(GLOBAL, I32, 1);
    to.byte(2).sized(section.finish());
  }

  #writeGlobals(to: Writer): void {
    const { globals } = this.#module;
    const section = new Writer().u32(globals.length + 1);
    for (const { type, isMutable, initial } of globals) section.byte(type, isMutable ? 1 : 0).bytes(initial.bytes);
    const marks = new Code().i64(initialMarks(this.#runs, this.#cards)).op(END);
    section.byte(I64, 1).bytes(marks.finish());
    to.byte(6).sized(section.finish());
  }

  #writeExports(to: Writer): void {
    const firstWrapper = this.#firstAdded + (this.#hasMemory ? 5 : 1);
    const exported = this.#methods.map(({ name }, position) => ({ name, index: firstWrapper + position }));
    writeSection(to, 7, [...exported, { name: RESET_EXPORT, index: this.#firstAdded }], (section, { name, index }) => {
      section.name(name).byte(FUNCTION).u32(index);
    });
  }

  *#bodies(): Generator<Uint8Array> {
    const { bytes, bodies, functions, types } = this.#module;
    for (const [position, body] of bodies.entries()) {
      const type = types[functions[position] as number] as FunctionType;
      const analysis = this.#analyses[position] as FunctionAnalysis;
      const stackBytes = this.#need.counted[position] as number;
      const note = this.#note?.bind(undefined, position);
      yield rewriteFunction(bytes, body, type, analysis, stackBytes, this.#place, this.#cards, note);
    }
  }

  /** What is added after the module's own functions: `reset`, what a memory needs, a wrapper for each method. */
  #added(): Added[] {
    const cards = this.#cards;
    const place = this.#place;
    const reset = resetBody(this.#module, this.#runs, cards, place.marks, place.addedGlobals);
    const added = [{ signature: PROCEDURE, body: ownBody([I64, I32], reset) }];
    const [memory] = this.#module.memories;
    if (memory !== undefined) {
      const [memoryLimit, memoryRefused, grown] = MEMORY_IMPORTS.map((_, index) => place.importedFunctions + index);
      const imported = { memoryLimit, memoryRefused, grown } as Record<
        'memoryLimit' | 'memoryRefused' | 'grown',
        number
      >;
      added.push(
        { signature: NOTE, body: ownBody([], cards.noteBody(place.marks)) },
        { signature: BULK, body: ownBody([I64, I64], copyBody(cards, place.marks)) },
        { signature: BULK, body: ownBody([I64, I64], fillBody(cards, place.marks)) },
        { signature: GROW, body: ownBody([I32, I64], growBody(memory, MOST_PAGES, this.#growth(), imported)) },
      );
    }
    return [...added, ...this.#methods.map(({ index }) => this.#wrapper(index))];
  }

  /** Gas of another instance: its own, its table's elements, and the cards that its first reset restores. */
  #growth(): number {
    const entries = this.#module.elements.reduce((sum, { functions }) => sum + functions.length, 0);
    let cards = 0;
    for (let marks = initialMarks(this.#runs, this.#cards); marks > 0n; marks &= marks - 1n) cards++;
    const restoredKiB = (cards * 2 ** this.#cards.shift) / 1024;
    return DYNAMIC_GAS.growth + entries * DYNAMIC_GAS.elementEntry + Math.ceil(restoredKiB) * DYNAMIC_GAS.restoredKiB;
  }

  /** What is called from outside: reset the instance, take the stack that the method needs, run it. */
  #wrapper(method: number): Added {
    const { importedFunctions } = this.#place;
    const [wide, narrow] = [0, 1];
    const code = new Code().call(this.#firstAdded);
    const mutable = this.#module.globals.filter(({ isMutable }) => isMutable).length;
    if (mutable > 0) code.charge(mutable * INSTRUCTION_GAS.global, wide);
    const stackBytes = method < importedFunctions ? 0 : (this.#need.left[method - importedFunctions] as number);
    if (stackBytes > 0) code.takeStack(stackBytes, narrow);
    code.call(placed(method, this.#place));
    if (stackBytes > 0) code.giveStack(stackBytes);
    return { signature: PROCEDURE, body: ownBody([I64, I32], code.op(END)) };
  }
}
