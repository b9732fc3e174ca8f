import type { ContractInterface } from '../index.js';
import type { AddressBook } from './address-book.js';
import type { JsonField } from './json-field.js';
import { elementType, integerRange, nullableType, structOf } from './type-expression.js';

/** Makes values of what is given for them in JSON, as the interface of a contract has their types. Every method throws a FileError that names the part that is wrong. */
export class ValueReader {
  readonly #addresses: AddressBook;
  readonly #interface: ContractInterface;

  constructor(addresses: AddressBook, contractInterface: ContractInterface) {
    this.#addresses = addresses;
    this.#interface = contractInterface;
  }

  read(type: string, field: JsonField): unknown {
    const inner = nullableType(type);
    if (inner !== undefined) return field.value === null ? null : this.read(inner, field);
    const element = elementType(type);
    if (element !== undefined) return field.items().map((item) => this.read(element, item));
    const range = integerRange(type);
    if (range !== undefined) return field.integer(...range);
    if (type === 'address') return this.#addresses.resolve(field);
    if (type === 'bytes') return field.bytes();
    if (type === 'bool') return typeof field.value === 'boolean' ? field.value : field.expected('true or false');
    if (type === 'string') return typeof field.value === 'string' ? field.value : field.expected('a string');
    return this.#struct(type, field);
  }

  #struct(name: string, field: JsonField): Readonly<Record<string, unknown>> {
    const { fields } = structOf(this.#interface, name);
    const members = field.members(fields.map((each) => each.name));
    return Object.fromEntries(
      fields.map(({ name, type }) => [name, this.read(type, members[name] as JsonField)] as const),
    );
  }
}
