// What happens to a contract on its way through the compiler.
//
//   when it is parsed     the contract's file stops being the entry; a generated file of method wrappers takes its place. Its
//                         files get what decodes, encodes and announces, and storage fields become constant data (contract.ts)
//   when it is compiled   module-level code, if there is any, moves from the module's start into the entry of every method: a
//                         module without a start section, and no call sees what another left in a module-level object

import type { Binaryen, CompilerPackage } from './assemblyscript.js';
import type { Compilation } from './compilation.js';
import { Contract } from './contract.js';
import { generatedFile } from './generated-code.js';
import { moduleStartFunction } from './methods.js';

/** Name under which the driver makes AssemblyScript export the module-level code. */
export const startExport = 'blockstmStart';

/** AssemblyScript's names for the module-level code and the flag that says it ran. */
const startFunction = '~start';
const startedGlobal = '~started';

/** One contract on its way through the compiler. */
export class ContractTransform {
  /** What its files say. Where there are problems, as much of it as has none is compiled: for more of them. */
  readonly contract: Contract;
  readonly #binaryen: Binaryen;
  readonly #compilation: Compilation;
  readonly #wrappersPath: string;

  /**
   * @param compilation - After it has parsed the contract; before it is compiled.
   * @param entryFile - The contract's file, as the compiler was given it.
   * @param name - The contract's name.
   */
  constructor({ syntax, binaryen }: CompilerPackage, compilation: Compilation, entryFile: string, name: string) {
    this.#binaryen = binaryen;
    this.#compilation = compilation;
    const { parser } = compilation;
    const own = parser.sources.filter((source) => !source.isLibrary);
    const entry = own.find((source) => source.normalizedPath === entryFile);
    if (entry === undefined) throw new TypeError(`the compiler lost the file ${entryFile}`);
    this.contract = new Contract(syntax, own, entry, name);
    this.contract.complete();
    // AssemblyScript looks for the file that code comes from, also for that of generated code.
    parser.parseFile('', generatedFile, false);
    const userSource = 0;
    entry.sourceKind = userSource;
    this.#wrappersPath = `${entry.internalPath}.methods`;
    parser.parseFile(this.contract.wrappers, `${this.#wrappersPath}.ts`, true);
  }

  /** What is left to do when the module is compiled. */
  finish(): void {
    const { module } = this.#compilation;
    module.removeExport(startExport);
    if (module.getGlobal(startedGlobal) === 0) return;
    const name = `${this.#wrappersPath}/${moduleStartFunction}`;
    const none = this.#binaryen.none;
    module.removeFunction(name);
    module.addFunction(
      name,
      none,
      none,
      [],
      module.block(null, [module.global.set(startedGlobal, module.i32.const(0)), module.call(startFunction, [], none)]),
    );
  }
}
