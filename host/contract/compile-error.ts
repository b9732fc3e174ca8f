import { BlockStmError } from '../runtime/errors.js';
import { sourceExcerpt } from './source-excerpt.js';

/** One thing the compiler found wrong. */
export interface CompileProblem {
  /** Without a place: "Cannot find name 'amuont'." */
  readonly message: string;
  /** Relative to the contract's folder. Undefined where the problem has no place. */
  readonly file: string | undefined;
  /** From 1. */
  readonly line: number | undefined;
  /** From 1, in UTF-16 units. */
  readonly column: number | undefined;
  /** The message under its place, with the source line and a caret. */
  readonly text: string;
}

/** How many problems an error's message shows. */
const problemsShown = 20;

/**
 * A contract's source that does not compile. Code: `ERR_COMPILE`; `ERR_COMPILER` where AssemblyScript's compiler crashed over it.
 * The message shows each problem with its source line and a caret; `file`, `line` and `column` are the first one's.
 */
export class CompileError extends BlockStmError {
  readonly problems: readonly CompileProblem[];
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(problems: readonly CompileProblem[], options: { cause?: unknown; code?: string } = {}) {
    const shown = problems.slice(0, problemsShown).map((problem) => problem.text);
    if (problems.length > problemsShown) shown.push(`and ${problems.length - problemsShown} more problems`);
    super(options.code ?? 'ERR_COMPILE', shown.join('\n\n'), options);
    this.problems = problems;
    this.file = problems[0]?.file;
    this.line = problems[0]?.line;
    this.column = problems[0]?.column;
  }
}

/** A stretch of a source file: offsets in UTF-16 units, `end` exclusive. */
export interface SourceRange {
  readonly file: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Describes a problem at a place, or with no place. */
export function describeProblem(message: string, range?: SourceRange): CompileProblem {
  if (range === undefined) return { message, file: undefined, line: undefined, column: undefined, text: message };
  const { file, text, start, end } = range;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', lineStart);
  const source = text.slice(lineStart, lineEnd < 0 ? text.length : lineEnd);
  const line = text.slice(0, lineStart).split('\n').length;
  const column = start - lineStart + 1;
  const excerpt = sourceExcerpt(source, { line, column, length: end - start });
  return { message, file, line, column, text: `${file}:${line}:${column}: ${message}\n${excerpt}` };
}

/** Describes a problem at one character: line and column from 1. */
export function describeProblemAt(
  message: string,
  { file, line, column }: { readonly file: string; readonly line: number; readonly column: number },
  text: string,
): CompileProblem {
  let lineStart = 0;
  for (let passed = 1; passed < line; passed++) lineStart = text.indexOf('\n', lineStart) + 1;
  const start = lineStart + column - 1;
  return describeProblem(message, { file, text, start, end: start + 1 });
}
