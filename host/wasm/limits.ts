/** What a contract's code may be at most. */
export interface CodeLimits {
  /** Bytes of the module. */
  readonly moduleBytes: number;
  readonly types: number;
  /** Functions, imported ones included. */
  readonly functions: number;
  /** Parameters of one function. */
  readonly parameters: number;
  /** Locals of one function, its parameters included. */
  readonly locals: number;
  /** Bytes of one function's body. */
  readonly functionBytes: number;
  /** Locals times blocks and branches, summed over the functions: V8's compilers take time and memory by that product. */
  readonly complexity: number;
  /** Blocks within blocks in a function. */
  readonly nesting: number;
  /** Targets of one `br_table`, its default not counted. */
  readonly brTableTargets: number;
  readonly globals: number;
  readonly exports: number;
  /** Pages of memory, of 64 KiB: to begin with, as the declared maximum, and when it is grown. */
  readonly memoryPages: number;
  readonly tableEntries: number;
  readonly dataSegments: number;
  /** Entries of all elements together, which each instance puts into its table. */
  readonly elementEntries: number;
}

/** The limits of every runtime: what is a contract must not depend on who runs it. */
export const CODE_LIMITS: CodeLimits = {
  moduleBytes: 512 * 1024,
  types: 10_000,
  functions: 20_000,
  parameters: 100,
  locals: 10_000,
  functionBytes: 65_536,
  complexity: 2_000_000,
  nesting: 1024,
  brTableTargets: 4096,
  globals: 1000,
  exports: 1000,
  memoryPages: 256,
  tableEntries: 2500,
  dataSegments: 2500,
  elementEntries: 10_000,
};
