/** What can be wrong with a contract's module; README.md says what each means. Stable across versions. */
export type FindingCode =
  // The bytes.
  | 'malformed'
  | 'invalid'
  | 'moduleSize'
  // Parts of the language that contracts are not written in.
  | 'float'
  | 'simd'
  | 'threads'
  | 'exceptions'
  | 'tailCall'
  | 'gc'
  | 'referenceTypes'
  | 'bulkMemory'
  | 'memory64'
  | 'multiMemory'
  | 'sharedMemory'
  | 'multiValue'
  | 'unknown'
  // What it imports, exports and starts with.
  | 'importName'
  | 'importKind'
  | 'importSignature'
  | 'exportOutsideInterface'
  | 'exportReserved'
  | 'exportMutableGlobal'
  | 'noMethod'
  | 'start'
  // What it says of itself.
  | 'interface'
  | 'layout'
  | 'constantExpression'
  | 'dataBounds'
  | 'elementBounds'
  // Sizes.
  | 'types'
  | 'functions'
  | 'parameters'
  | 'locals'
  | 'functionSize'
  | 'complexity'
  | 'nesting'
  | 'brTable'
  | 'globals'
  | 'exports'
  | 'memorySize'
  | 'multiTable'
  | 'tableSize'
  | 'tableGrowable'
  | 'dataSegments'
  | 'elementEntries';

/** One thing that keeps a module from being a contract. */
export interface Finding {
  readonly code: FindingCode;
  readonly message: string;
  /** Where, in bytes from the start of the module. */
  readonly offset: number;
  /** The function that it is in. */
  readonly function?: { readonly index: number; readonly name?: string };
  /** The place in the source, where a source map was given and knows it. */
  readonly source?: SourcePosition;
}

/** A place in a source file. */
export interface SourcePosition {
  /** As the source map names it: for contracts that `compile` has made, relative to the contract's folder. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
}
