import { SourceMap, type SourceMapPayload } from 'node:module';
import type { SourcePosition } from './finding.js';

/**
 * Finds the source of a byte of a module. In the source map of a module everything is on one line, and the column is the offset.
 * @param sourceMap JSON text, version 3.
 * @throws SyntaxError where it is not JSON.
 */
export function sourcePositions(sourceMap: string): (offset: number) => SourcePosition | undefined {
  const map = new SourceMap(JSON.parse(sourceMap) as SourceMapPayload);
  return (offset) => {
    const entry = map.findEntry(0, offset);
    if (!('originalSource' in entry) || entry.originalSource === undefined) return undefined;
    return { file: entry.originalSource, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
  };
}
