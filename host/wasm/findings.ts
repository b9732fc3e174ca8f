import type { Finding, FindingCode, SourcePosition } from './finding.js';

/** So many findings of one code are listed for one function; then one says how many more there are. */
const LISTED = 10;

/** Says where in its source a byte of function `index` is. */
export type SourceOf = (offset: number, index: number) => SourcePosition | undefined;

interface Repeated {
  count: number;
  last: Finding;
}

/** Findings while they are collected: of one module, many of which may be alike. */
export class Findings {
  readonly #found: Finding[] = [];
  readonly #repeated = new Map<string, Repeated>();
  readonly #names: ReadonlyMap<number, string>;
  readonly #sourceOf: SourceOf;

  constructor(names: ReadonlyMap<number, string>, sourceOf: SourceOf = () => undefined) {
    this.#names = names;
    this.#sourceOf = sourceOf;
  }

  get isEmpty(): boolean {
    return this.#found.length === 0;
  }

  /** `index`: of the function that it is in. */
  add(code: FindingCode, message: string, offset: number, index?: number): void {
    if (index === undefined) {
      this.#found.push({ code, message, offset });
      return;
    }
    const name = this.#names.get(index);
    const finding = { code, message, offset, function: { index, ...(name !== undefined && { name }) } };
    const key = `${index} ${code}`;
    const repeated = this.#repeated.get(key) ?? { count: 0, last: finding };
    repeated.count++;
    repeated.last = finding;
    this.#repeated.set(key, repeated);
    if (repeated.count <= LISTED) this.#found.push(finding);
  }

  /** In the order of the module's bytes. */
  list(): Finding[] {
    const listed = [...this.#found];
    for (const { count, last } of this.#repeated.values()) {
      const unlisted = count - LISTED - 1;
      if (unlisted >= 0) listed.push(unlisted === 0 ? last : withCount(last, unlisted));
    }
    return listed.sort((a, b) => a.offset - b.offset).map((finding) => this.#withSource(finding));
  }

  #withSource(finding: Finding): Finding {
    const source = finding.function && this.#sourceOf(finding.offset, finding.function.index);
    return source === undefined ? finding : { ...finding, source };
  }
}

function withCount(finding: Finding, unlisted: number): Finding {
  return { ...finding, message: `${finding.message}, and ${unlisted} more before it` };
}
