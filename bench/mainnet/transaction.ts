/** One transaction of an Ethereum mainnet block; see bench/data/README.md. Amounts are in the asset's smallest unit. */
export type MainnetTransaction =
  | (MainnetTransfer & { readonly kind: 'native'; readonly to: string })
  | (MainnetTransfer & {
      readonly kind: 'erc20-transfer';
      readonly to: string;
      readonly recipient: string;
      readonly amount: bigint;
    })
  | (MainnetTransfer & {
      readonly kind: 'erc20-transferFrom';
      readonly to: string;
      readonly owner: string;
      readonly recipient: string;
      readonly amount: bigint;
    })
  | (MainnetTransfer & { readonly kind: 'call'; readonly to: string; readonly selector: string })
  | (MainnetTransfer & { readonly kind: 'create'; readonly to: null; readonly nonce: number });

/** What every transaction has. */
export interface MainnetTransfer {
  /** `"0x"` and 40 hex digits, as every address here. */
  readonly from: string;
  /** Wei. */
  readonly value: bigint;
}

/** What still fits an unsigned 64-bit number of gwei; more than all the ether there is. */
const WEI_MAX = (2n ** 64n - 1n) * 10n ** 9n;

/** A line that is not such a transaction. The message names file, line and field. */
export class MainnetLineError extends Error {
  constructor(file: string, line: number, problem: string) {
    super(`${file}:${line}: ${problem}`);
    this.name = 'MainnetLineError';
  }
}

/**
 * The transactions of a file: one JSON object a line; empty lines are passed over.
 * @throws MainnetLineError at the first bad line.
 */
export function parseTransactions(file: string, text: string): MainnetTransaction[] {
  const transactions: MainnetTransaction[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    transactions.push(new LineReader(file, index + 1, line).transaction());
  }
  return transactions;
}

/** Reads the fields of one line; fields it does not ask for are ignored, since the data has more than is used. */
class LineReader {
  readonly #file: string;
  readonly #line: number;
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(file: string, line: number, text: string) {
    this.#file = file;
    this.#line = line;
    this.#fields = this.#parse(text);
  }

  transaction(): MainnetTransaction {
    const common = { from: this.#address('from'), value: this.#value() };
    const kind = this.#fields.kind;
    switch (kind) {
      case 'native':
        return { ...common, kind, to: this.#address('to') };
      case 'erc20-transfer':
        return {
          ...common,
          kind,
          to: this.#address('to'),
          recipient: this.#address('recipient'),
          amount: this.#amount('amount'),
        };
      case 'erc20-transferFrom':
        return {
          ...common,
          kind,
          to: this.#address('to'),
          owner: this.#address('owner'),
          recipient: this.#address('recipient'),
          amount: this.#amount('amount'),
        };
      case 'call':
        return { ...common, kind, to: this.#address('to'), selector: this.#selector() };
      case 'create':
        return { ...common, kind, to: null, nonce: this.#nonce() };
      default:
        return this.#fail('kind', 'one of native, erc20-transfer, erc20-transferFrom, call, create');
    }
  }

  #parse(text: string): Record<string, unknown> {
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch (cause) {
      throw new MainnetLineError(this.#file, this.#line, `not JSON: ${(cause as Error).message}`);
    }
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
      throw new MainnetLineError(this.#file, this.#line, 'expected one JSON object a line');
    }
    return parsed as Record<string, unknown>;
  }

  #address(field: string): string {
    const value = this.#fields[field];
    if (typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value)) return value.toLowerCase();
    return this.#fail(field, 'an address ("0x" and 40 hex digits)');
  }

  #value(): bigint {
    const value = this.#amount('value');
    return value <= WEI_MAX ? value : this.#fail('value', `at most ${WEI_MAX} wei`);
  }

  #amount(field: string): bigint {
    const value = this.#fields[field];
    if (typeof value === 'string' && /^[0-9]{1,78}$/.test(value)) return BigInt(value);
    return this.#fail(field, 'a whole number of at most 78 digits, as a decimal string');
  }

  #selector(): string {
    const value = this.#fields.selector;
    if (typeof value === 'string' && /^0x([0-9a-f]{2}){1,4}$/.test(value)) return value;
    return this.#fail('selector', 'a method selector ("0x" and 2 to 8 lower-case hex digits)');
  }

  #nonce(): number {
    const value = this.#fields.nonce;
    if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
    return this.#fail('nonce', 'a whole number from 0');
  }

  #fail(field: string, expected: string): never {
    const value = this.#fields[field];
    const found = value === undefined ? 'nothing' : JSON.stringify(value);
    throw new MainnetLineError(this.#file, this.#line, `${field}: expected ${expected}, found ${found}`);
  }
}
