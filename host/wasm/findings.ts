import type { Finding, FindingCode, SourcePosition } from './finding.js';

/** So many findings of one code are listed for one function; then one says how many more there are. */
const LISTED = 10;

interface Repeated {
  count: number;
  readonly last: Finding;
}

/** Findings while they are collected: of one module, many of which may be alike. */
export class Findings {
  readonly #found: Finding[] = [];
  readonly #repeated = new Map<string, Repeated>();
  readonly #names: ReadonlyMap<number, string>;
  readonly #positionOf: (offset: number) => SourcePosition | undefined;

  constructor(
    names: ReadonlyMap<number, string>,
    positionOf: (offset: number) => SourcePosition | undefined = () => undefined,
  ) {
    this.#names = names;
    this.#positionOf = positionOf;
  }

  get isEmpty(): boolean {
    return this.#found.length === 0;
  }

  /** `index`: of the function that it is in. */
  add(code: FindingCode, message: string, offset: number, index?: number): void {
    const source = this.#positionOf(offset);
    const finding: Finding = {
      code,
      message,
      offset,
      ...(index !== undefined && { function: this.#function(index) }),
      ...(source !== undefined && { source }),
    };
    if (index !== undefined) {
      const key = `${index} ${code}`;
      const repeated = this.#repeated.get(key) ?? { count: 0, last: finding };
      this.#repeated.set(key, { count: repeated.count + 1, last: finding });
      if (repeated.count >= LISTED) return;
    }
    this.#found.push(finding);
  }

  #function(index: number): { readonly index: number; readonly name?: string } {
    const name = this.#names.get(index);
    return { index, ...(name !== undefined && { name }) };
  }

  /** In the order of the module's bytes. */
  list(): Finding[] {
    const more = [...this.#repeated.values()]
      .filter(({ count }) => count > LISTED)
      .map(({ count, last }) => ({ ...last, message: `${last.message}, and ${count - LISTED - 1} more before it` }));
    return [...this.#found, ...more].sort((a, b) => a.offset - b.offset);
  }
}
