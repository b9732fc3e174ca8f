/** Where a text stops being JSON, and what could have stood there. */
export interface SyntaxProblem {
  readonly offset: number;
  readonly expected: string;
}

/**
 * The first place where a text is not JSON (RFC 8259); undefined where it is. `JSON.parse` decides whether a file is
 * accepted: this says what is wrong with one that is not, since V8's messages name the place only sometimes.
 */
export function findSyntaxProblem(text: string): SyntaxProblem | undefined {
  const scanner = new Scanner(text);
  try {
    scanner.document();
    return undefined;
  } catch (problem) {
    if (problem instanceof Stop) return problem;
    throw problem;
  }
}

class Stop implements SyntaxProblem {
  readonly offset: number;
  readonly expected: string;

  constructor(offset: number, expected: string) {
    this.offset = offset;
    this.expected = expected;
  }
}

/** Everything that is not nested: numbers, words and strings, each at the place where the last match ended. */
const SPACE = /[ \t\r\n]*/y;
const SCALAR = /(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)(?![0-9a-zA-Z.])/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in strings.
const PLAIN = /[^"\\\u0000-\u001f]+/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): void {
    this.#value();
    this.#skip(SPACE);
    if (this.#at < this.#text.length) this.#stop('the end');
  }

  #value(): void {
    this.#skip(SPACE);
    if (this.#text[this.#at] === '{') this.#list('}', () => this.#member());
    else if (this.#text[this.#at] === '[') this.#list(']', () => this.#value());
    else if (this.#text[this.#at] === '"') this.#string();
    else if (!this.#skip(SCALAR)) this.#stop('a value');
  }

  #list(close: string, item: () => void): void {
    this.#at++;
    this.#skip(SPACE);
    if (this.#text[this.#at] !== close) {
      item();
      while (this.#skipOne(',')) item();
      if (this.#text[this.#at] !== close) this.#stop(`"," or "${close}"`);
    }
    this.#at++;
  }

  #member(): void {
    this.#skip(SPACE);
    if (this.#text[this.#at] !== '"') this.#stop('a name in double quotes');
    this.#string();
    if (!this.#skipOne(':')) this.#stop('":"');
    this.#value();
  }

  #string(): void {
    this.#at++;
    while (this.#skip(PLAIN) || this.#skip(ESCAPE));
    if (this.#text[this.#at] !== '"') this.#stop('the rest of a string and its closing quote');
    this.#at++;
  }

  #skipOne(character: string): boolean {
    this.#skip(SPACE);
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  /** @returns whether anything was passed over. */
  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const length = pattern.exec(this.#text)?.[0].length ?? 0;
    this.#at += length;
    return length > 0;
  }

  #stop(expected: string): never {
    throw new Stop(this.#at, expected);
  }
}
