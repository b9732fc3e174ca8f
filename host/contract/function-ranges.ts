import { type AssemblyScript, flags, type Node, type Parser, type Statement } from './syntax.js';

/** A function of the author's: where its declaration begins and ends, lines and columns from 0, and its name. */
export type FunctionRange = readonly [
  file: string,
  firstLine: number,
  firstColumn: number,
  lastLine: number,
  lastColumn: number,
  name: string,
];

/** A compiler hook that notes where functions are declared: code that was inlined is in another function's, and has kept its place only. */
export class FunctionRanges {
  readonly list: FunctionRange[] = [];
  readonly #syntax: AssemblyScript;

  constructor(syntax: AssemblyScript) {
    this.#syntax = syntax;
  }

  afterParse({ sources }: Parser): void {
    for (const { isLibrary, statements } of sources) if (!isLibrary) this.#add(statements, '');
  }

  /** `prefix`: the names of what they are in. */
  #add(statements: readonly Statement[], prefix: string): void {
    const { ClassDeclaration, FunctionDeclaration, NamespaceDeclaration } = this.#syntax;
    for (const statement of statements) {
      if (statement instanceof NamespaceDeclaration) this.#add(statement.members, `${prefix}${statement.name.text}.`);
      else if (statement instanceof ClassDeclaration) {
        const { members, name } = statement;
        const [ofClass, ofObjects] = [members.filter(isStatic), members.filter((member) => !isStatic(member))];
        this.#add(ofClass, `${prefix}${name.text}.`);
        this.#add(ofObjects, `${prefix}${name.text}#`);
      } else if (statement instanceof FunctionDeclaration) {
        const accessor = statement.is(flags.get) ? 'get:' : statement.is(flags.set) ? 'set:' : '';
        this.list.push(rangeOf(statement, `${prefix}${accessor}${statement.name.text}`));
      }
    }
  }
}

function isStatic(member: Statement): boolean {
  return 'is' in member && typeof member.is === 'function' && member.is(flags.static);
}

function rangeOf({ range: { start, end, source } }: Node, name: string): FunctionRange {
  return [source.normalizedPath, ...placeAt(source.text, start), ...placeAt(source.text, end), name];
}

function placeAt(text: string, at: number): [line: number, column: number] {
  const before = text.slice(0, at).split('\n');
  return [before.length - 1, before.at(-1)?.length ?? 0];
}
