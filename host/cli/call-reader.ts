import { type Signature, Signatures } from '../contract/signature.js';
import type { IntegerType, NamedType, Type } from '../contract/type.js';
import type { Contract, Transaction } from '../index.js';
import type { AddressBook } from './address-book.js';
import { hex } from './hex.js';
import type { JsonField } from './json-field.js';

/** A deployed contract under the name that a genesis gives it, or that its address is derived from; its address in place of a name that is not known. */
export interface NamedContract {
  readonly name: string;
  readonly contract: Contract;
}

/** Makes transactions of the calls in a genesis or block file. */
export class CallReader {
  /** It knows the names in all that was read. */
  readonly addresses: AddressBook;
  /** By address, in hexadecimal. */
  readonly #contracts = new Map<string, Contract>();

  constructor(addresses: AddressBook, contracts: readonly NamedContract[]) {
    this.addresses = addresses;
    for (const { contract } of contracts) this.#contracts.set(hex(contract.address), contract);
  }

  /**
   * `{"sender", "contract", "method", "args", "gasLimit"}`, or `"input"` in place of `"args"`: the encoded bytes as they are.
   *
   * A contract or method that does not exist is not the file's mistake: the call is made, without input, and its receipt
   * says `invalid`.
   * @throws FileError naming the field.
   */
  read(field: JsonField): Transaction {
    const { sender, contract, method, args, input, gasLimit } = field.members([
      'sender',
      'contract',
      'method',
      'args',
      'input',
      'gasLimit',
    ]);
    const call = {
      sender: this.addresses.resolveAccount(sender),
      contract: this.addresses.resolve(contract),
      method: method.text(),
      ...(gasLimit.present && { gasLimit: Number(gasLimit.integer(0n, BigInt(Number.MAX_SAFE_INTEGER))) }),
    };
    if (input.present) {
      if (args.present) input.fail('expected either args or input, found both');
      return { ...call, input: input.bytes() };
    }
    const callee = this.#contracts.get(hex(call.contract));
    if (callee === undefined || !callee.methods.includes(call.method)) return { ...call, input: new Uint8Array(0) };
    if (!callee.interface?.methods.some(({ name }) => name === call.method)) {
      return contract.fail(
        'this contract has no interface section that describes the method: give "input" in place of "args"',
      );
    }
    const signature = Signatures.of(callee.interface).method(call.method);
    const { input: encoded } = callee.transaction(call.sender, call.method, this.arguments(signature, args));
    return { ...call, input: encoded };
  }

  /** The arguments of a method, by their names. @throws FileError naming the argument. */
  arguments({ inputs }: Pick<Signature, 'inputs'>, field: JsonField): Record<string, unknown> {
    return !field.present && inputs.length === 0 ? {} : this.#members(inputs, field);
  }

  #members(types: readonly NamedType[], field: JsonField): Record<string, unknown> {
    const fields = field.members(types.map(({ name }) => name));
    return Object.fromEntries(types.map(({ name, type }) => [name, this.#value(type, fields[name] as JsonField)]));
  }

  #value(type: Type, field: JsonField): unknown {
    switch (type.kind) {
      case 'address':
        return this.addresses.resolve(field);
      case 'bytes':
        return field.bytes();
      case 'bool':
        return typeof field.value === 'boolean' ? field.value : field.expected('true or false');
      case 'string':
        return typeof field.value === 'string' ? field.value : field.expected('a string');
      case 'integer':
        return field.integer(...integerRange(type));
      case 'nullable':
        return field.value === null ? null : this.#value(type.value, field);
      case 'array':
        return field.items().map((item) => this.#value(type.element, item));
      case 'struct':
        return this.#members(type.fields, field);
    }
  }
}

function integerRange({ bits, isSigned }: IntegerType): [min: bigint, max: bigint] {
  const half = 2n ** BigInt(bits - 1);
  return isSigned ? [-half, half - 1n] : [0n, 2n * half - 1n];
}
