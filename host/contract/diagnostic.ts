// What AssemblyScript, and the check of modules, say against a contract, in terms of what its author can do about it.

import { basename } from 'node:path';
import type { Finding } from '../wasm/finding.js';
import type { SourceMap } from '../wasm/source-map.js';
import { type CompileProblem, describeProblem, describeProblemAt } from './compile-error.js';
import { Problems } from './problems.js';
import { isLibraryFile } from './source-map.js';
import { floatProblem } from './source-types.js';
import { stubbedContract } from './stub.js';
import type { Node } from './syntax.js';

/** A diagnostic's message, and what it is about: the source text of its place. */
type Explanation = readonly [said: RegExp, explain: (found: readonly string[], subject: string) => string];

const explanations: readonly Explanation[] = [
  [
    /^File '(.+\.stub\.ts)' not found\.$/,
    ([, file = '']) => {
      const path = stubbedContract(file) ?? file;
      return `there is no contract to call as "${basename(path)}": looked for ${path}.ts, ${path}.wasm and ${path}.interface.json`;
    },
  ],
  [
    /^File '~lib\/(blockstm(?:\/(?!assembly\/).+)?)\.ts' not found\.$/,
    ([, path = '']) =>
      `a contract imports the SDK, from "blockstm/assembly": "${path}" is for programs that run contracts`,
  ],
  [
    /^Type '([iu](?:8|16|32|64)|bool)' is not assignable to type '~lib\/blockstm\/assembly\/\w+\/(u128|u256)'\.$/,
    ([, given, wide], subject) =>
      `Type '${given}' is not assignable to type '${wide}': write ${wide}.from(${subject.includes('\n') ? '…' : subject})`,
  ],
  // After a comparison with null AssemblyScript knows better, but for types with an operator `!=` of their own.
  [
    /^Type '(?:~lib\/(?:[\w-]+\/)+)?(.+) \| null' is not assignable to type '(?:~lib\/(?:[\w-]+\/)+)?\1'\.$/,
    ([, type], subject) =>
      `Type '${type} | null' is not assignable to type '${type}': write ${subject}! where it cannot be null`,
  ],
  // `emit` was made a call of this member, see events.ts.
  [
    /^Property '__emit' does not exist on type '(.+)'\.$/,
    ([, type = '']) =>
      `only an object of a class declared with @event can be emitted, and ${type.split('/').at(-1)} is none`,
  ],
  [/^User-defined: "(.*)"$/s, ([, said = '']) => said],
];

/** The path in the name of a library's type. */
const libraryPath = /~lib\/(?:[\w-]+\/)+(?=[A-Za-z_]\w*(?!\w*\.ts))/g;

/** The problem that a diagnostic tells. */
export function problemOf({ message, range }: { message: string; range: Node['range'] | null }): CompileProblem {
  if (range === null) return describeProblem(explained(message, ''));
  const { start, end, source } = range;
  const text = source.text;
  // Code that the compiler wrote has no place that an author could look at.
  if (text === '') return describeProblem(explained(message, ''));
  return describeProblem(explained(message, text.slice(start, end)), { file: source.normalizedPath, text, start, end });
}

/**
 * The problems that findings in the module tell: where some have a place in the author's files, those.
 * @param map - The module's.
 */
export function problemsOfFindings(findings: readonly Finding[], map: SourceMap): readonly CompileProblem[] {
  const problems = new Problems();
  problems.add(findings.map((finding) => problemOfFinding(finding, map)));
  const placed = problems.list.filter(({ file }) => file !== undefined);
  return placed.length > 0 ? placed : problems.list;
}

function problemOfFinding({ code, message, function: inside, source }: Finding, map: SourceMap): CompileProblem {
  const said =
    code === 'float' ? `${floatProblem} (${message})` : `the module cannot be deployed: ${message} (${code})`;
  const text = source === undefined || isLibraryFile(source.file) ? undefined : map.textOf(source.file);
  if (source !== undefined && text !== undefined) return describeProblemAt(said, source, text);
  return describeProblem(inside?.name === undefined ? said : `${said}, in the function "${inside.name}"`);
}

function explained(message: string, subject: string): string {
  for (const [said, explain] of explanations) {
    const found = said.exec(message);
    if (found !== null) return explain(found, subject);
  }
  return message.replaceAll(libraryPath, '').replaceAll("'String'", "'string'");
}
