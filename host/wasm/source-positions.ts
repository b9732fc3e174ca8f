import type { SourcePosition } from './finding.js';
import type { Body } from './module.js';
import { SourceMap } from './source-map.js';

/** Finds the source of a byte of a function's body: of the instruction there, or else of the first one after it that has a source. */
export type PositionOf = (offset: number, body: Pick<Body, 'offset' | 'end'>) => SourcePosition | undefined;

/**
 * Reads the source map of a module.
 * @param sourceMap JSON text, version 3.
 * @throws SyntaxError where it is not a source map.
 */
export function sourcePositions(sourceMap: string): PositionOf {
  const map = new SourceMap(sourceMap);
  return (offset, body) => {
    let entry = map.entryAt(offset);
    // An entry counts until the next one, so that of the function before this one is found too.
    while (entry < 0 || map.offsetOf(entry) < body.offset) entry++;
    return map.offsetOf(entry) < body.end ? map.positionOf(entry) : undefined;
  };
}
