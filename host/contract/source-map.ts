import { FUNCTIONS_EXTENSION, LIBRARY } from '../wasm/source-map.js';
import type { FunctionRange } from './function-ranges.js';

/** Whether a file is the SDK's, the standard library's or the compiler's, and not the author's. */
export function isLibraryFile(file: string): boolean {
  return file.startsWith(LIBRARY);
}

/** What a source map of the compiler's consists of. */
interface SourceMapDocument {
  readonly version: number;
  readonly sources: readonly string[];
  readonly names: readonly string[];
  readonly mappings: string;
  readonly sourcesContent: readonly (string | null)[];
}

/**
 * A source map as a module carries it: with the text of the author's files and of no others, and with those that the compiler wrote among the libraries.
 * @param json - The compiler's.
 * @param isAuthored - Whether somebody wrote a file, as against the compiler.
 * @param functions - Where functions are declared.
 */
export function compactSourceMap(
  json: string,
  isAuthored: (file: string) => boolean,
  functions: readonly FunctionRange[],
): string {
  const { version, sources, names, mappings, sourcesContent } = JSON.parse(json) as SourceMapDocument;
  const named = sources.map((file) => (isLibraryFile(file) || isAuthored(file) ? file : `${LIBRARY}blockstm/${file}`));
  const texts = sourcesContent.map((text, index) => (isLibraryFile(named[index] as string) ? null : text));
  const declared = functions.filter(([file]) => isAuthored(file));
  return JSON.stringify({
    version,
    sources: named,
    names,
    mappings,
    sourcesContent: texts,
    [FUNCTIONS_EXTENSION]: declared,
  });
}
