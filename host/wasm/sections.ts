/** Where the bytes of a module are. */

import { Reader } from './reader.js';

/** Sections by their numbers, from 1; 0 are custom ones, which have names of their own. */
const SECTION_NAMES: readonly string[] = [
  'custom',
  'type',
  'import',
  'function',
  'table',
  'memory',
  'global',
  'export',
  'start',
  'element',
  'code',
  'data',
  'data count',
];

/** The magic number and the version. */
const HEADER_BYTES = 8;

/** A section of a module. */
export interface SectionSize {
  readonly name: string;
  /** Whether `name` is one that the module gives it. */
  readonly isCustom: boolean;
  /** With its number and its length. */
  readonly bytes: number;
}

/** The sections of a module, in its order; with the header's eight bytes they are all of it. @throws WasmError where the bytes are not a module. */
export function sectionSizes(module: Uint8Array): readonly SectionSize[] {
  const reader = new Reader(module, HEADER_BYTES);
  const sizes: SectionSize[] = [];
  while (reader.at < reader.end) {
    const start = reader.at;
    const id = reader.byte();
    const content = reader.take(reader.u32());
    const name = id === 0 ? new Reader(content).name() : (SECTION_NAMES[id] ?? `section ${id}`);
    sizes.push({ name, isCustom: id === 0, bytes: reader.at - start });
  }
  return sizes;
}
