// Reads the JSON documents that a module carries. They are a stranger's: nothing in them is believed, and nothing takes longer or deeper than they are long.

import { ContractCodeError } from '../runtime/errors.js';
import { describeFound } from './found.js';

/** Bytes of a document at most: more than any contract has to say, and read within milliseconds. */
export const DOCUMENT_BYTES_MAX = 1 << 20;

/** Reads values of one document. What is not as expected is a ContractCodeError `ERR_INTERFACE` that names document and place. */
export class DocumentReader {
  readonly #document: string;

  /** @param document what messages call it: "the contract's interface". */
  constructor(document: string) {
    this.#document = document;
  }

  parse(json: string): unknown {
    if (json.length > DOCUMENT_BYTES_MAX) {
      this.#refuse(`has ${json.length} characters, more than ${DOCUMENT_BYTES_MAX}`);
    }
    try {
      return JSON.parse(json);
    } catch (cause) {
      return this.#refuse(`is not JSON: ${(cause as Error).message}`, { cause });
    }
  }

  /** An object with these members and no others: a name that nobody reads is a slip of the pen. */
  record(value: unknown, place: string, names: readonly string[]): Record<string, unknown> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) this.malformed(place, 'an object', value);
    const unknown = Object.keys(value as object).find((name) => !names.includes(name));
    if (unknown !== undefined)
      this.fail(place, `has the unknown member ${describeFound(unknown)}, known are ${names.join(', ')}`);
    return value as Record<string, unknown>;
  }

  list(value: unknown, place: string): readonly unknown[] {
    return Array.isArray(value) ? value : this.malformed(place, 'an array', value);
  }

  text(value: unknown, place: string): string {
    return typeof value === 'string' && value !== '' && value.isWellFormed()
      ? value
      : this.malformed(place, 'a string that is not empty', value);
  }

  oneOf<const Choice extends string>(value: unknown, place: string, choices: readonly Choice[]): Choice {
    const choice = choices.find((candidate) => candidate === value);
    return choice ?? this.malformed(place, `one of ${choices.join(', ')}`, value);
  }

  refuseDuplicates(items: readonly { readonly name: string }[], place: string): void {
    const names = new Set<string>();
    for (const { name } of items) {
      if (names.has(name)) this.malformed(place, 'names that differ', name);
      names.add(name);
    }
  }

  malformed(place: string, expected: string, found: unknown): never {
    return this.fail(place, `must be ${expected}, found ${describeFound(found)}`);
  }

  fail(place: string, problem: string): never {
    throw new ContractCodeError('ERR_INTERFACE', `${this.#document}: ${place} ${problem}`);
  }

  #refuse(problem: string, options?: { cause?: unknown }): never {
    throw new ContractCodeError('ERR_INTERFACE', `${this.#document} ${problem}`, options);
  }
}
