import type { AssemblyScript, Statement } from './syntax.js';

/** File that generated code belongs to: a library's, which alone may use addresses. */
export const generatedFile = '~lib/blockstm/generated.ts';

/** The statements of generated code. */
export function parseGenerated(syntax: AssemblyScript, text: string): readonly Statement[] {
  const parser = new syntax.Parser();
  parser.parseFile(text, generatedFile, false);
  return parser.sources[0]?.statements ?? [];
}
