// The compiler's hooks: what happens to a contract between parsing and optimising.
//
//   afterParse     the contract's file stops being the entry; a generated file of method wrappers takes its place. Its
//                  files get what decodes, encodes and announces, storage fields become constant data (contract.ts), and
//                  the SDK's allocator replaces AssemblyScript's
//   afterCompile   module-level code, if there is any, moves from the module's start into the entry of every method: a
//                  module without a start section, and no call sees what another left in a module-level object

import type { Binaryen, BinaryenModule } from './assemblyscript.js';
import { Contract } from './contract.js';
import { moduleStartFunction } from './methods.js';
import { type AssemblyScript, generatedFile, type Parser, type Source } from './syntax.js';

/** Name under which the driver makes AssemblyScript export the module-level code. */
export const startExport = 'blockstmStart';

/** AssemblyScript's names for the module-level code and the flag that says it ran. */
const startFunction = '~start';
const startedGlobal = '~started';

/** Sources of the allocator that `--runtime stub` brings. */
const replacedRuntime = new Set(['~lib/rt/index-stub.ts', '~lib/rt/stub.ts']);

/** One contract on its way through the compiler. */
export class ContractTransform {
  private readonly syntax: AssemblyScript;
  private readonly binaryen: Binaryen;
  private readonly entryFile: string;
  private readonly name: string;
  private wrappersPath = '';
  private read: Contract | undefined;

  /**
   * @param entryFile - The contract's file, as the compiler was given it.
   * @param name - The contract's name.
   */
  constructor(syntax: AssemblyScript, binaryen: Binaryen, entryFile: string, name: string) {
    this.syntax = syntax;
    this.binaryen = binaryen;
    this.entryFile = entryFile;
    this.name = name;
  }

  /** The contract; undefined until it was parsed. */
  get contract(): Contract | undefined {
    return this.read;
  }

  afterParse(parser: Parser): void {
    const kept = parser.sources.filter((source) => !replacedRuntime.has(source.normalizedPath));
    parser.sources.length = 0;
    parser.sources.push(...kept);

    const own = kept.filter((source) => !source.isLibrary);
    const entry = own.find((source) => source.normalizedPath === this.entryFile);
    if (entry === undefined) throw new TypeError(`the compiler lost the file ${this.entryFile}`);
    this.read = new Contract(this.syntax, own, entry, this.name);
    this.read.complete();
    // AssemblyScript looks for the file that code comes from, also for that of generated code.
    parser.parseFile('', generatedFile, false);
    this.replaceEntry(parser, entry, this.read.wrappers);
  }

  afterCompile(module: BinaryenModule): void {
    module.removeExport(startExport);
    if (module.getGlobal(startedGlobal) === 0) return;
    const name = `${this.wrappersPath}/${moduleStartFunction}`;
    const none = this.binaryen.none;
    module.removeFunction(name);
    module.addFunction(
      name,
      none,
      none,
      [],
      module.block(null, [module.global.set(startedGlobal, module.i32.const(0)), module.call(startFunction, [], none)]),
    );
  }

  private replaceEntry(parser: Parser, entry: Source, wrappers: string): void {
    const userSource = 0;
    entry.sourceKind = userSource;
    this.wrappersPath = `${entry.internalPath}.methods`;
    parser.parseFile(wrappers, `${this.wrappersPath}.ts`, true);
  }
}
