import { decode } from './decode.js';
import type { SourcePosition } from './finding.js';
import { type Body, FUNCTION, importedCount, type Module } from './module.js';
import { functionNames } from './names.js';
import { OffsetMap } from './offset-map.js';
import { LIBRARY, SOURCE_MAP_SECTION, SourceMap } from './source-map.js';

/** A place in a contract's code. */
export interface CodePlace {
  /** The function's name, or "function 12" where it has none. */
  readonly function: string;
  /** Undefined where the module has no source map, or it does not know. */
  readonly position: SourcePosition | undefined;
}

/** Says what the code of an instrumented module was made of: from the original module, with the names and the source map that it carries. */
export class CodePositions {
  readonly #module: Module;
  readonly #imported: number;
  readonly #names: ReadonlyMap<number, string>;
  readonly #offsets: OffsetMap;
  readonly #map: SourceMap | undefined;

  /** @throws WasmError where the module is not one that `check` passes. */
  constructor(wasm: Uint8Array) {
    this.#module = decode(wasm);
    this.#imported = importedCount(this.#module, FUNCTION);
    this.#names = functionNames(this.#module);
    this.#offsets = new OffsetMap(this.#module);
    this.#map = sourceMapOf(this.#module);
  }

  /**
   * Of the code at `offset` of the instrumented module, the innermost first: two where a function of the author's was inlined there, of which the outer one has no position. None where
   * all of it was added.
   */
  placesOf(offset: number): CodePlace[] {
    const original = this.#offsets.originalOf(offset);
    if (original === undefined) return [];
    const index = this.#imported + original.body;
    const name = this.#names.get(index);
    const position = this.#positionOf(original.offset, this.#module.bodies[original.body] as Body, name);
    const own = name === undefined ? `function ${index}` : shortName(name);
    const declared = position && this.#map?.functionAround(position);
    if (declared === undefined || isCodeOf(own, declared)) return [{ function: own, position }];
    return [
      { function: declared, position },
      { function: own, position: undefined },
    ];
  }

  /** The text of a line, where the module carries its file. */
  lineOf({ file, line }: SourcePosition): string | undefined {
    return this.#map?.textOf(file)?.split('\n')[line - 1]?.trimEnd();
  }

  /**
   * Of a library's code in a function that is the author's, because it was inlined there: the author's place before it; where there is none, the first after it. Whoever
   * reads it wants to know where the library was used.
   */
  #positionOf(offset: number, body: Body, name: string | undefined): SourcePosition | undefined {
    const map = this.#map;
    if (map === undefined) return undefined;
    const last = map.entryAt(offset);
    const isIn = (entry: number): boolean => entry >= 0 && map.offsetOf(entry) >= body.offset;
    const exact = isIn(last) ? map.positionOf(last) : undefined;
    if (name?.startsWith(LIBRARY)) return exact;
    const authored = (entry: number): SourcePosition | undefined => {
      const position = map.positionOf(entry);
      return position !== undefined && isAuthored(position.file) ? position : undefined;
    };
    for (let entry = last; isIn(entry); entry--) {
      const position = authored(entry);
      if (position !== undefined) return position;
    }
    for (let entry = last + 1; map.offsetOf(entry) < body.end; entry++) {
      const position = isIn(entry) ? authored(entry) : undefined;
      if (position !== undefined) return position;
    }
    return exact;
  }
}

/** Whether it is a file of the contract's author. */
export function isAuthored(file: string): boolean {
  return !file.startsWith(LIBRARY);
}

/** Whoever made the module may have put anything there: it does not have to be a source map. */
function sourceMapOf({ customs }: Module): SourceMap | undefined {
  const section = customs.find(({ name }) => name === SOURCE_MAP_SECTION);
  if (section === undefined) return undefined;
  try {
    return new SourceMap(new TextDecoder().decode(section.bytes));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Whether a function of the module is one that was declared by this name, for some types, or one inside of it. */
function isCodeOf(name: string, declared: string): boolean {
  const untyped = name.replaceAll(/<[^#.]*>/g, '');
  return untyped === declared || untyped.startsWith(`${declared}~`);
}

/** Without the file, which AssemblyScript puts before each name: the position has it. Types in angle brackets have slashes, too. */
function shortName(name: string): string {
  const path = /^[^<(]*\//.exec(name)?.[0] ?? '';
  return name.slice(path.length);
}
