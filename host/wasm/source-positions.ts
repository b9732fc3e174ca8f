import { SourceMap, type SourceMapPayload } from 'node:module';
import type { SourcePosition } from './finding.js';
import type { Body } from './module.js';

/** Finds the source of a byte of a function's body: of the instruction there, or else of the first one after it that has a source. */
export type PositionOf = (offset: number, body: Pick<Body, 'offset' | 'end'>) => SourcePosition | undefined;

/**
 * Reads the source map of a module. In one everything is on one line, and the column is the offset.
 * @param sourceMap JSON text, version 3.
 * @throws SyntaxError where it is not a source map.
 */
export function sourcePositions(sourceMap: string): PositionOf {
  const payload: unknown = JSON.parse(sourceMap);
  if (!isSourceMap(payload)) throw new SyntaxError('not a source map of version 3');
  const map = new SourceMap(payload);
  return (offset, body) => {
    for (let at = offset; at < body.end; at++) {
      const entry = map.findEntry(0, at);
      // An entry counts until the next one, so that of the function before this one is found too.
      if (!('generatedColumn' in entry) || entry.generatedColumn < body.offset) continue;
      if (entry.originalSource === undefined) return undefined;
      return { file: entry.originalSource, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
    }
    return undefined;
  };
}

function isSourceMap(value: unknown): value is SourceMapPayload {
  const { version, mappings, sources } = (value ?? {}) as Partial<SourceMapPayload>;
  const areNames = Array.isArray(sources) && sources.every((name) => typeof name === 'string');
  return version === 3 && typeof mappings === 'string' && areNames;
}
