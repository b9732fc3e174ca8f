/** A module, decoded: sections as lists, function bodies as ranges of the original bytes. */

export const I32 = 0x7f;
export const I64 = 0x7e;
export const F32 = 0x7d;
export const F64 = 0x7c;
export const V128 = 0x7b;
export const FUNCREF = 0x70;
export const EXTERNREF = 0x6f;
/** The block type without a result. */
export const EMPTY = 0x40;

export const FUNCTION = 0;
export const TABLE = 1;
export const MEMORY = 2;
export const GLOBAL = 3;

const TYPE_NAMES: ReadonlyMap<number, string> = new Map([
  [I32, 'i32'],
  [I64, 'i64'],
  [F32, 'f32'],
  [F64, 'f64'],
  [V128, 'v128'],
  [FUNCREF, 'funcref'],
  [EXTERNREF, 'externref'],
]);

export function typeName(type: number): string {
  return TYPE_NAMES.get(type) ?? `type 0x${type.toString(16)}`;
}

export interface FunctionType {
  readonly parameters: readonly number[];
  readonly results: readonly number[];
  readonly offset: number;
}

export interface Import {
  readonly module: string;
  readonly name: string;
  /** FUNCTION, TABLE, MEMORY, GLOBAL, or what a later standard adds. */
  readonly kind: number;
  /** Of a function: the index of its type. */
  readonly type: number;
  readonly offset: number;
}

/** Sizes of a table or memory, in entries or pages. */
export interface Size {
  readonly initial: number;
  readonly maximum: number | undefined;
  readonly offset: number;
}

/** A constant expression. */
export interface Constant {
  /** With its closing `end`. */
  readonly bytes: Uint8Array;
  /** The first opcode. */
  readonly opcode: number;
  /** What an `i32.const` gives. */
  readonly value: number;
  /** It is that one instruction. */
  readonly isSingle: boolean;
  readonly offset: number;
}

export interface Global {
  readonly type: number;
  readonly isMutable: boolean;
  readonly initial: Constant;
  readonly offset: number;
}

export interface Export {
  readonly name: string;
  readonly kind: number;
  readonly index: number;
  readonly offset: number;
}

/** Functions put into table 0. */
export interface Element {
  readonly start: Constant;
  readonly functions: readonly number[];
  readonly offset: number;
}

/** Bytes put into memory 0; without `start` only by `memory.init`. */
export interface Data {
  readonly start: Constant | undefined;
  readonly bytes: Uint8Array;
  readonly offset: number;
}

export interface Locals {
  readonly count: number;
  readonly type: number;
}

/** The body of a function that the module defines. */
export interface Body {
  readonly locals: readonly Locals[];
  /** Its instructions, in the module's bytes: with the closing `end`. */
  readonly start: number;
  readonly end: number;
  /** Where the body starts, its locals included. */
  readonly offset: number;
}

export interface Custom {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Something that is read, and skipped, but cannot be written again. `code` is that of the finding it makes. */
export interface Unsupported {
  readonly code:
    | 'gc'
    | 'simd'
    | 'referenceTypes'
    | 'exceptions'
    | 'memory64'
    | 'sharedMemory'
    | 'bulkMemory'
    | 'unknown';
  readonly message: string;
  readonly offset: number;
  /** Its position in `bodies`, where it is in one. */
  readonly body?: number;
}

export interface Module {
  /** All of its bytes. */
  readonly bytes: Uint8Array;
  readonly types: FunctionType[];
  readonly imports: Import[];
  /** For each function that the module defines, the index of its type. */
  readonly functions: number[];
  readonly tables: Size[];
  readonly memories: Size[];
  readonly globals: Global[];
  readonly exports: Export[];
  start: { readonly index: number; readonly offset: number } | undefined;
  readonly elements: Element[];
  readonly bodies: Body[];
  readonly data: Data[];
  readonly customs: Custom[];
  readonly unsupported: Unsupported[];
}

/** How many of a kind the module imports: they come first in their index space. */
export function importedCount(module: Module, kind: number): number {
  return module.imports.filter((one) => one.kind === kind).length;
}

/** The index of the type of each function: those that are imported, then those that are defined. */
export function functionTypes(module: Module): number[] {
  return [...module.imports.filter(({ kind }) => kind === FUNCTION).map(({ type }) => type), ...module.functions];
}
