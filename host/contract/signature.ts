// What an interface says, with its types resolved: made once for each interface, when it is first encoded or decoded by.

import { MisuseError } from '../runtime/errors.js';
import { DocumentReader } from './document.js';
import { type ContractInterface, type MethodKind, typesOf } from './interface.js';
import type { NamedType, StructType, Type, Types } from './type.js';

/** A method. */
export interface Signature {
  readonly name: string;
  readonly kind: MethodKind;
  readonly inputs: readonly NamedType[];
  readonly output: Type | null;
  /** As messages call it: `token.transfer`. */
  readonly place: string;
}

/** An event: its fields, in the order in which they are encoded. */
export interface EventSignature {
  readonly name: string;
  readonly fields: readonly (NamedType & { readonly isIndexed: boolean })[];
  readonly hasIndexed: boolean;
  /** As messages call it: `token.Transfer`. */
  readonly place: string;
}

/** The methods and events of an interface. */
export class Signatures {
  readonly #name: string;
  readonly #types: Types;
  readonly #methods: ReadonlyMap<string, Signature>;
  readonly #events: ReadonlyMap<string, EventSignature>;

  static readonly #known = new WeakMap<ContractInterface, Signatures>();

  /** @throws ContractCodeError `ERR_INTERFACE` for a type that there is not. */
  static of(contract: ContractInterface): Signatures {
    const known = Signatures.#known.get(contract);
    if (known !== undefined) return known;
    const signatures = new Signatures(contract);
    Signatures.#known.set(contract, signatures);
    return signatures;
  }

  private constructor({ name: contract, methods, events = [], structs }: ContractInterface) {
    const types = typesOf(new DocumentReader("the contract's interface"), structs);
    this.#name = contract;
    this.#types = types;
    this.#methods = new Map(
      methods.map(({ name, kind = 'call', inputs, output }) => {
        const place = `${contract}.${name}`;
        const named = inputs.map((input) => ({
          name: input.name,
          type: types.of(input.type, `${place}: ${input.name}`),
        }));
        const result = output === null ? null : types.of(output, `${place}: output`);
        return [name, { name, kind, inputs: named, output: result, place }];
      }),
    );
    this.#events = new Map(
      events.map(({ name, fields }) => {
        const place = `${contract}.${name}`;
        const named = fields.map((field) => {
          const type = types.of(field.type, `${place}: ${field.name}`);
          return { name: field.name, type, isIndexed: field.indexed === true };
        });
        return [name, { name, fields: named, hasIndexed: named.some(({ isIndexed }) => isIndexed), place }];
      }),
    );
  }

  /** @throws MisuseError `ERR_ARGUMENT` where there is none of this name. */
  method(name: string): Signature {
    return this.#methods.get(name) ?? this.#refuse('method', name, this.#methods);
  }

  /** Undefined where there is none of this kind. */
  methodOf(kind: MethodKind): Signature | undefined {
    return [...this.#methods.values()].find((method) => method.kind === kind);
  }

  /** @throws MisuseError `ERR_ARGUMENT` where there is none of this name. */
  event(name: string): EventSignature {
    return this.#events.get(name) ?? this.#refuse('event', name, this.#events);
  }

  findEvent(name: string): EventSignature | undefined {
    return this.#events.get(name);
  }

  /** @throws ContractCodeError `ERR_INTERFACE` where there is none of this name. */
  struct(name: string): StructType {
    return this.#types.struct(name, 'the struct');
  }

  #refuse(what: string, name: string, known: ReadonlyMap<string, unknown>): never {
    throw new MisuseError('ERR_ARGUMENT', `${this.#name} has no ${what} "${name}"; ${listOf([...known.keys()])}`);
  }
}

/** For messages: which names there are. */
export function listOf(names: readonly string[]): string {
  return names.length === 0 ? 'it has none' : `it has ${names.map((name) => `"${name}"`).join(', ')}`;
}
