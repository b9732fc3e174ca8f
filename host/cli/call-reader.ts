import type { Contract, ContractInterface, MethodInterface, Transaction } from '../index.js';
import type { AddressBook } from './address-book.js';
import { hex } from './hex.js';
import type { JsonField } from './json-field.js';
import { ValueReader } from './value-reader.js';

/** A deployed contract under the name that a genesis gives it, or that its address is derived from; its address in place of a name that is not known. */
export interface NamedContract {
  readonly name: string;
  readonly contract: Contract;
}

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
      sender: this.#addresses.resolveAccount(sender),
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
    const { input: encoded } = callee.transaction(call.sender, call.method, this.#args(callee, signature, args));
    return { ...call, input: encoded };
  }

  #args(callee: Contract, { inputs }: MethodInterface, field: JsonField): Record<string, unknown> {
    if (!field.present && inputs.length === 0) return {};
    const fields = field.members(inputs.map(({ name }) => name));
    const values = new ValueReader(this.#addresses, callee.interface as ContractInterface);
    return Object.fromEntries(
      inputs.map(({ name, type }) => [name, values.read(type, fields[name] as JsonField)] as const),
    );
  }
}
