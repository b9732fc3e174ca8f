/** A single line of the kernel and a mistake in its place, see mutants.js. */
export interface Mutant {
  readonly file: string;
  readonly line: string;
  readonly replacement: string;
  readonly mistake: string;
  readonly equivalent?: string;
}

export declare const mutants: readonly Mutant[];
