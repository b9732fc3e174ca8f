import type { Contract, MethodInterface, ParameterInterface, Transaction } from '../index.js';
import type { AddressBook } from './address-book.js';
import { hex } from './hex.js';
import type { JsonField } from './json-field.js';

/** A deployed contract under the name that a genesis gives it, or that its address is derived from; its address in place of a name that is not known. */
export interface NamedContract {
  readonly name: string;
  readonly contract: Contract;
}

const INTEGER_RANGES = {
  u8: [0n, 2n ** 8n - 1n],
  u16: [0n, 2n ** 16n - 1n],
  u32: [0n, 2n ** 32n - 1n],
  u64: [0n, 2n ** 64n - 1n],
  i8: [-(2n ** 7n), 2n ** 7n - 1n],
  i16: [-(2n ** 15n), 2n ** 15n - 1n],
  i32: [-(2n ** 31n), 2n ** 31n - 1n],
  i64: [-(2n ** 63n), 2n ** 63n - 1n],
} as const;

/** Makes transactions of the calls in a genesis or block file. */
export class CallReader {
  readonly #addresses: AddressBook;
  /** By address, in hexadecimal. */
  readonly #contracts = new Map<string, Contract>();

  constructor(addresses: AddressBook, contracts: readonly NamedContract[]) {
    this.#addresses = addresses;
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
      sender: this.#addresses.resolve(sender),
      contract: this.#addresses.resolve(contract),
      method: method.text(),
      ...(gasLimit.present && { gasLimit: Number(gasLimit.integer(0n, BigInt(Number.MAX_SAFE_INTEGER))) }),
    };
    if (input.present) {
      if (args.present) input.fail('expected either args or input, found both');
      return { ...call, input: input.bytes() };
    }
    const callee = this.#contracts.get(hex(call.contract));
    if (callee === undefined || !callee.methods.includes(call.method)) return { ...call, input: new Uint8Array(0) };
    const signature = callee.interface?.methods.find(({ name }) => name === call.method);
    if (signature === undefined) {
      return contract.fail(
        'this contract has no interface section that describes the method: give "input" in place of "args"',
      );
    }
    const { input: encoded } = callee.transaction(call.sender, call.method, this.#args(signature, args));
    return { ...call, input: encoded };
  }

  #args({ inputs }: MethodInterface, field: JsonField): Record<string, unknown> {
    if (!field.present && inputs.length === 0) return {};
    const fields = field.members(inputs.map(({ name }) => name));
    return Object.fromEntries(
      inputs.map((input) => [input.name, this.#argument(input, fields[input.name] as JsonField)]),
    );
  }

  #argument({ type }: ParameterInterface, field: JsonField): unknown {
    if (type === 'address') return this.#addresses.resolve(field);
    if (type === 'bytes') return field.bytes();
    if (type === 'bool') return typeof field.value === 'boolean' ? field.value : field.expected('true or false');
    if (type === 'string') return typeof field.value === 'string' ? field.value : field.expected('a string');
    const [min, max] = INTEGER_RANGES[type];
    return field.integer(min, max);
  }
}
