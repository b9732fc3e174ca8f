import type { ValuePath } from '../contract/value-path.js';

/** Offsets into a text; `end` is exclusive. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** Source lines longer than this are shown in part. */
const EXCERPT_COLUMNS_MAX = 110;

/** Of a member of an object: its value, or the name that it has. */
export type Part = 'value' | 'name';

/**
 * Where the value at `path`, or its name, stands in a text that `JSON.parse` accepts. Where the last step of the path is missing, the
 * place of the value that should have it.
 */
export function locate(text: string, path: ValuePath, part: Part = 'value'): Place {
  let place = valuePlace(text, skipSpace(text, 0));
  for (const [index, key] of path.entries()) {
    const member = memberPlace(text, place, key);
    const wanted = index === path.length - 1 ? part : 'value';
    place = member?.[wanted] ?? { start: place.start, end: place.start + 1 };
  }
  return place;
}

/** The source line of a place, with the place marked below it. Line and column count from 1. */
export function excerpt(
  source: { readonly text: string; readonly firstLine: number },
  place: Place,
): { line: number; column: number; lines: string } {
  const { text, firstLine } = source;
  const lineStart = text.lastIndexOf('\n', place.start - 1) + 1;
  const lineEnd = text.indexOf('\n', lineStart);
  const sourceLine = text.slice(lineStart, lineEnd === -1 ? text.length : lineEnd).trimEnd();
  const line = firstLine + text.slice(0, lineStart).split('\n').length - 1;
  const offset = place.start - lineStart;
  const shown = window(sourceLine, offset);
  const width = Math.max(1, Math.min(place.end - place.start, sourceLine.length - offset, EXCERPT_COLUMNS_MAX / 2));
  const margin = ' '.repeat(String(line).length);
  const lines = ` ${line} | ${shown.text}\n ${margin} | ${' '.repeat(shown.offset)}${'^'.repeat(width)}`;
  return { line, column: offset + 1, lines };
}

/** The part of a line around an offset that fits, and the offset within that part. */
function window(line: string, offset: number): { text: string; offset: number } {
  const clean = (part: string): string => part.replaceAll('\t', ' ');
  if (line.length <= EXCERPT_COLUMNS_MAX) return { text: clean(line), offset };
  const start = Math.max(0, Math.min(offset - EXCERPT_COLUMNS_MAX / 2, line.length - EXCERPT_COLUMNS_MAX));
  const part = clean(line.slice(start, start + EXCERPT_COLUMNS_MAX));
  const before = start > 0 ? '...' : '';
  const after = start + EXCERPT_COLUMNS_MAX < line.length ? '...' : '';
  return { text: `${before}${part}${after}`, offset: offset - start + before.length };
}

/** An item of a list has no name but its value. */
function memberPlace(text: string, container: Place, key: string | number): Record<Part, Place> | undefined {
  const isObject = text[container.start] === '{';
  if (!isObject && text[container.start] !== '[') return undefined;
  let found: Record<Part, Place> | undefined;
  let at = skipSpace(text, container.start + 1);
  for (let index = 0; at < container.end - 1; index++) {
    let own: string | number = index;
    let name: Place | undefined;
    if (isObject) {
      name = { start: at, end: stringEnd(text, at) };
      own = JSON.parse(text.slice(name.start, name.end)) as string;
      at = skipSpace(text, skipSpace(text, name.end) + 1);
    }
    const value = valuePlace(text, at);
    // No return here: of a name that stands twice, JSON.parse keeps the last.
    if (own === key) found = { value, name: name ?? value };
    at = skipSpace(text, value.end);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return found;
}

function valuePlace(text: string, start: number): Place {
  const first = text[start];
  if (first === '"') return { start, end: stringEnd(text, start) };
  if (first === '{' || first === '[') return { start, end: containerEnd(text, start) };
  let end = start;
  while (end < text.length && !/[\s,\]}]/.test(text[end] as string)) end++;
  return { start, end };
}

function containerEnd(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const character = text[at];
    if (character === '"') {
      at = stringEnd(text, at);
      continue;
    }
    if (character === '{' || character === '[') depth++;
    if (character === '}' || character === ']') depth--;
    at++;
    if (depth === 0) break;
  }
  return at;
}

/** The offset after a string. */
export function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

export function skipSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && /\s/.test(text[at] as string)) at++;
  return at;
}
