import { createHash } from 'node:crypto';
import { decodeOutput, encodeInput } from '../contract/codec.js';
import type { ContractInterface } from '../contract/interface.js';
import { readInterface } from '../contract/module-interface.js';
import type { MethodTargets, Target, Targets } from '../engine/calls.js';
import type { Code } from '../engine/protocol.js';
import { UNKNOWN_CONTRACT, UNKNOWN_METHOD } from '../engine/traps.js';
import { AddressTable } from './address-table.js';
import { codeHash, compileCode, methodsOf } from './contract-code.js';
import { MisuseError } from './errors.js';
import { refuseUnknown } from './option-check.js';
import type { Contract } from './types.js';

/** A module that can be deployed: checked, compiled, with its methods' entries given out. */
export interface CheckedCode extends Code {
  readonly hash: string;
  readonly interface: ContractInterface | undefined;
}

const ADDRESS_BYTES = 32;
const unknownMethod: Target = { entry: -1, contract: UNKNOWN_METHOD };
const unknownContract: Target = { entry: -1, contract: UNKNOWN_CONTRACT };
const noMethods: MethodTargets = { find: () => unknownContract };

/** The contracts of a runtime: their code by hash, themselves by address. */
export class Contracts implements Targets {
  readonly #codes = new Map<string, CheckedCode>();
  readonly #deployed = new AddressTable<MethodTargets>();
  readonly #addresses: Uint8Array[] = [];
  #entries = 0;

  /** The code of `wasm`, checked, and whether it is one that was not known before. @throws ContractCodeError */
  async check(wasm: Uint8Array): Promise<{ readonly code: CheckedCode; readonly isNew: boolean }> {
    if (!(wasm instanceof Uint8Array)) throw new MisuseError('ERR_ARGUMENT', 'deploy: wasm must be a Uint8Array');
    const hash = codeHash(wasm);
    const known = this.#codes.get(hash);
    if (known !== undefined) return { code: known, isNew: false };
    const module = await compileCode(wasm);
    const methods = methodsOf(module);
    const code = { hash, module, methods, firstEntry: this.#entries, interface: readInterface(module) };
    return { code, isNew: true };
  }

  /** Remember a code that every worker has installed. */
  addCode(code: CheckedCode): void {
    this.#codes.set(code.hash, code);
    this.#entries += code.methods.length;
  }

  /** The address for a contract: the one given, or a new one made from the code. @throws MisuseError where it is malformed or taken. */
  chooseAddress(code: CheckedCode, address: Uint8Array | undefined): Uint8Array {
    const chosen = address ?? createHash('sha256').update(`${code.hash}:${this.#addresses.length}`).digest();
    if (!(chosen instanceof Uint8Array) || chosen.length !== ADDRESS_BYTES) {
      throw new MisuseError('ERR_ARGUMENT', `deploy: address must be a Uint8Array of ${ADDRESS_BYTES} bytes`);
    }
    if (this.#deployed.get(chosen) !== undefined) {
      throw new MisuseError(
        'ERR_ARGUMENT',
        `deploy: there is a contract at 0x${Buffer.from(chosen).toString('hex')} already`,
      );
    }
    return new Uint8Array(chosen);
  }

  /** Add a contract whose index in the engine is `index`; they are given out from 0, one by one. */
  add(code: CheckedCode, address: Uint8Array, index: number): Contract {
    const contract: Contract = {
      address: new Uint8Array(address),
      codeHash: code.hash,
      methods: code.methods,
      interface: code.interface,
      transaction: (sender, method, args = {}, options = {}) => {
        refuseUnknown('options', options, ['gasLimit']);
        if (!(sender instanceof Uint8Array) || sender.length !== ADDRESS_BYTES) {
          throw new MisuseError('ERR_ARGUMENT', `${method}: sender must be a Uint8Array of ${ADDRESS_BYTES} bytes`);
        }
        return {
          sender,
          contract: contract.address,
          method,
          input: encodeInput(interfaceOf(code, method), method, args),
          ...options,
        };
      },
      decodeOutput: (method, output) => decodeOutput(interfaceOf(code, method), method, output),
    };
    const targets = new Map(
      code.methods.map((name, position) => [name, { entry: code.firstEntry + position, contract: index }]),
    );
    this.#deployed.set(address, { find: (method) => targets.get(method) ?? unknownMethod });
    this.#addresses[index] = address;
    return contract;
  }

  methodsOf(contract: Uint8Array): MethodTargets {
    return this.#deployed.get(contract) ?? noMethods;
  }

  /** The address of contract `index`, a copy. */
  addressOf(index: number): Uint8Array {
    return new Uint8Array(this.#addresses[index] as Uint8Array);
  }
}

function interfaceOf(code: CheckedCode, method: string): ContractInterface {
  if (code.interface !== undefined) return code.interface;
  throw new MisuseError('ERR_ARGUMENT', `${method}: the contract carries no interface to encode or decode by`);
}
