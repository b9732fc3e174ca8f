import { type AssemblyScript, flags, type Node, type Source, type Statement } from './syntax.js';

/** A function of the author's: where its declaration begins and ends, lines and columns from 0, and its name. */
export type FunctionRange = readonly [
  file: string,
  firstLine: number,
  firstColumn: number,
  lastLine: number,
  lastColumn: number,
  name: string,
];

/** Where the functions of the author's files are declared: code that was inlined is in another function's, and has kept its place only. */
export function functionRanges(syntax: AssemblyScript, sources: readonly Source[]): FunctionRange[] {
  return sources.flatMap(({ isLibrary, statements }) => (isLibrary ? [] : [...rangesIn(syntax, statements, '')]));
}

/** `prefix`: the names of what they are in. */
function* rangesIn(syntax: AssemblyScript, statements: readonly Statement[], prefix: string): Generator<FunctionRange> {
  for (const statement of statements) {
    if (statement instanceof syntax.NamespaceDeclaration) {
      yield* rangesIn(syntax, statement.members, `${prefix}${statement.name.text}.`);
    } else if (statement instanceof syntax.ClassDeclaration) {
      const { members, name } = statement;
      const [ofClass, ofObjects] = [members.filter(isStatic), members.filter((member) => !isStatic(member))];
      yield* rangesIn(syntax, ofClass, `${prefix}${name.text}.`);
      yield* rangesIn(syntax, ofObjects, `${prefix}${name.text}#`);
    } else if (statement instanceof syntax.FunctionDeclaration) {
      const accessor = statement.is(flags.get) ? 'get:' : statement.is(flags.set) ? 'set:' : '';
      yield rangeOf(statement, `${prefix}${accessor}${statement.name.text}`);
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
