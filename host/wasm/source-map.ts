import { lastUpTo } from './ascending.js';
import type { SourcePosition } from './finding.js';

/** The custom section with the source map of a module: JSON text. */
export const SOURCE_MAP_SECTION = 'blockstm.source-map';
/** What the names of files begin with that are not the author's: the SDK's, the standard library's, and those that the compiler writes. */
export const LIBRARY = '~lib/';

/** What the map of a contract that `compile` has made says besides: where functions are declared, each `[file, line, column, line, column, name]` from 0. */
export const FUNCTIONS_EXTENSION = 'x_blockstm_functions';

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const DIGITS = new Map([...BASE64].map((character, digit) => [character, digit]));
/** Digits of a number of 32 bits and a sign. */
const DIGITS_MAX = 7;
const CONTINUES = 32;

/**
 * The source map of a module (ECMA-426, version 3): in one everything is on one line, and the column is the offset. An entry counts up to the
 * next one.
 */
export class SourceMap {
  readonly #sources: readonly string[];
  readonly #texts: ReadonlyMap<string, string>;
  /** Of the entries, ascending. */
  readonly #offsets: Int32Array;
  /** For each entry its source, -1 where there is none, its line and its column, both from 0. */
  readonly #places: Int32Array;
  readonly #functions: readonly DeclaredFunction[];

  /** @param json - JSON text. @throws SyntaxError where it is not a source map. */
  constructor(json: string) {
    const map: unknown = JSON.parse(json);
    if (!isSourceMap(map)) throw new SyntaxError('not a source map of version 3');
    this.#sources = map.sources;
    const texts = map.sources.map((file, index): [string, unknown] => [file, map.sourcesContent?.[index]]);
    this.#texts = new Map(texts.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
    this.#functions = (map[FUNCTIONS_EXTENSION] ?? []).filter(isDeclaredFunction);
    const entries = readMappings(map.mappings).sort((a, b) => a[0] - b[0]);
    this.#offsets = Int32Array.from(entries, ([offset]) => offset);
    this.#places = Int32Array.from(entries.flatMap(([, source, line, column]) => [source, line, column]));
  }

  /** The text of a source, where the map has it. */
  textOf(file: string): string | undefined {
    return this.#texts.get(file);
  }

  /** The name of the function that is declared around a place, where the map says it. */
  functionAround({ file, line, column }: SourcePosition): string | undefined {
    const [at, from] = [line - 1, column - 1];
    const around = this.#functions.find(([ofFile, firstLine, firstColumn, lastLine, lastColumn]) => {
      const isBefore = at < firstLine || (at === firstLine && from < firstColumn);
      const isAfter = at > lastLine || (at === lastLine && from >= lastColumn);
      return ofFile === file && !isBefore && !isAfter;
    });
    return around?.[5];
  }

  /** The last entry up to `offset`, -1 where there is none. Entries before it are those below. */
  entryAt(offset: number): number {
    return lastUpTo(this.#offsets, offset);
  }

  /** Where an entry begins to count; past the end, never. */
  offsetOf(entry: number): number {
    return this.#offsets[entry] ?? Number.POSITIVE_INFINITY;
  }

  /** Undefined where the entry says that there is no source. */
  positionOf(entry: number): SourcePosition | undefined {
    const [source, line, column] = this.#places.subarray(entry * 3, entry * 3 + 3) as unknown as [
      number,
      number,
      number,
    ];
    const file = this.#sources[source];
    return file === undefined ? undefined : { file, line: line + 1, column: column + 1 };
  }
}

type Entry = [offset: number, source: number, line: number, column: number];

/** The entries of the one line. @throws SyntaxError */
function readMappings(mappings: string): Entry[] {
  const entries: Entry[] = [];
  const last: Entry = [0, 0, 0, 0];
  const [line = '', ...others] = mappings.split(';');
  if (others.some((other) => other !== ''))
    throw new SyntaxError('not the source map of a module: it has several lines');
  for (const segment of line === '' ? [] : line.split(',')) {
    const numbers = readNumbers(segment);
    if (numbers.length !== 1 && numbers.length !== 4 && numbers.length !== 5) throw malformed(segment);
    // A fifth number would be that of a name.
    numbers.slice(0, 4).forEach((difference, field) => {
      (last[field] as number) += difference;
    });
    if (!last.every((number) => number >= 0 && number < 2 ** 31)) throw malformed(segment);
    entries.push(numbers.length === 1 ? [last[0], -1, 0, 0] : [...last]);
  }
  return entries;
}

/** Numbers in base 64, the lowest digits first, each with its sign in the lowest bit. @throws SyntaxError */
function readNumbers(segment: string): number[] {
  const numbers: number[] = [];
  let number = 0;
  let digits = 0;
  for (const character of segment) {
    const digit = DIGITS.get(character);
    if (digit === undefined || digits === DIGITS_MAX) throw malformed(segment);
    number += (digit & (CONTINUES - 1)) * CONTINUES ** digits++;
    if ((digit & CONTINUES) !== 0) continue;
    numbers.push(number % 2 === 1 ? -(number - 1) / 2 : number / 2);
    number = 0;
    digits = 0;
  }
  if (digits > 0) throw malformed(segment);
  return numbers;
}

function malformed(segment: string): SyntaxError {
  return new SyntaxError(`malformed mapping "${segment.slice(0, 32)}"`);
}

type DeclaredFunction = readonly [string, number, number, number, number, string];

function isDeclaredFunction(value: unknown): value is DeclaredFunction {
  if (!Array.isArray(value)) return false;
  const [file, ...rest] = value;
  const name: unknown = rest.pop();
  return typeof file === 'string' && typeof name === 'string' && rest.length === 4 && rest.every(Number.isInteger);
}

interface SourceMapDocument {
  readonly sources: readonly string[];
  readonly mappings: string;
  readonly sourcesContent?: readonly unknown[] | null;
  readonly [FUNCTIONS_EXTENSION]?: readonly unknown[];
}

function isSourceMap(value: unknown): value is SourceMapDocument {
  const {
    version,
    mappings,
    sources,
    sourcesContent,
    [FUNCTIONS_EXTENSION]: functions = [],
  } = (value ?? {}) as Record<string, unknown>;
  const areNames = Array.isArray(sources) && sources.every((name) => typeof name === 'string');
  const areTexts = sourcesContent === undefined || sourcesContent === null || Array.isArray(sourcesContent);
  return version === 3 && typeof mappings === 'string' && areNames && areTexts && Array.isArray(functions);
}
