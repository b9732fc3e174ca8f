import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { decodeOutput, encodeInput } from '../contract/codec.js';
import type { ContractInterface } from '../contract/interface.js';
import type { MethodTargets, Target, Targets } from '../engine/calls.js';
import { UNKNOWN_CONTRACT, UNKNOWN_METHOD } from '../engine/traps.js';
import { AddressTable } from './address-table.js';
import type { CheckedCode } from './codes.js';
import { MisuseError } from './errors.js';
import { options, resolve, wholeNumber } from './option-schema.js';
import type { Contract } from './types.js';

const ADDRESS_BYTES = 32;
const unknownMethod: Target = { entry: -1, contract: UNKNOWN_METHOD };
const unknownContract: Target = { entry: -1, contract: UNKNOWN_CONTRACT };
const noMethods: MethodTargets = { find: () => unknownContract };

const transactionSchema = options({ gasLimit: v.optional(wholeNumber(0, Number.MAX_SAFE_INTEGER)) });

interface Deployed extends MethodTargets {
  readonly contract: Contract;
  /** How many contracts of the branch are older. */
  readonly ordinal: number;
}

/** The contracts of a branch, by address. */
export class Contracts implements Targets {
  readonly #own = new AddressTable<Deployed>();
  /** Of every branch, by their index in the engine. */
  readonly #addresses: Uint8Array[];
  readonly #parent: Contracts | undefined;
  /** Contracts of the parent that were there when this one was made. */
  readonly #inherited: number;
  #count: number;

  constructor(addresses: Uint8Array[] = [], parent?: Contracts) {
    this.#addresses = addresses;
    this.#parent = parent;
    this.#inherited = parent?.count ?? 0;
    this.#count = this.#inherited;
  }

  /** Contracts that a branch starts with which begins here: what either adds, the other does not see. */
  fork(): Contracts {
    return new Contracts(this.#addresses, this);
  }

  get count(): number {
    return this.#count;
  }

  /** The address for a contract: the one given, or a new one made from the code. @throws MisuseError where it is malformed or taken. */
  chooseAddress(code: CheckedCode, address: Uint8Array | undefined): Uint8Array {
    const chosen = address ?? createHash('sha256').update(`${code.hash}:${this.#count}`).digest();
    refuseNoAddress('deploy: address', chosen);
    if (this.#find(chosen, this.#count) !== undefined) {
      const digits = Buffer.from(chosen).toString('hex');
      throw new MisuseError('ERR_ARGUMENT', `deploy: there is a contract at 0x${digits} already`);
    }
    return new Uint8Array(chosen);
  }

  /** Add a contract whose index in the engine is `index`. */
  add(code: CheckedCode, address: Uint8Array, index: number): Contract {
    const contract = makeContract(code, address);
    this.#own.set(address, { contract, ordinal: this.#count++, ...targetsOf(code, index) });
    this.name(index, address);
    return contract;
  }

  /** Know the address of contract `index`, which is being deployed and not there yet. */
  name(index: number, address: Uint8Array): void {
    this.#addresses[index] = address;
  }

  /** It will not be there. */
  forget(index: number): void {
    delete this.#addresses[index];
  }

  /** @throws MisuseError for what is no address. */
  get(address: Uint8Array): Contract | undefined {
    refuseNoAddress('contract: address', address);
    return this.#find(address, this.#count)?.contract;
  }

  methodsOf(contract: Uint8Array): MethodTargets {
    return this.#find(contract, this.#count) ?? noMethods;
  }

  /** Among the first `count` contracts. */
  #find(address: Uint8Array, count: number): Deployed | undefined {
    let visible = count;
    for (let at: Contracts | undefined = this; at !== undefined; at = at.#parent) {
      const found = at.#own.get(address);
      if (found !== undefined) return found.ordinal < visible ? found : undefined;
      visible = Math.min(visible, at.#inherited);
    }
    return undefined;
  }

  /** The address of contract `index`, a copy. */
  addressOf(index: number): Uint8Array {
    return new Uint8Array(this.#addresses[index] as Uint8Array);
  }

  /** The addresses of the contracts whose index is `first` or more, with their index, ascending. An index whose deployment failed has none. */
  addressesFrom(first: number): [index: number, address: Uint8Array][] {
    return this.#addresses.slice(first).flatMap((address, position) => [[first + position, address]]);
  }
}

/** Where calls of a contract's methods go. */
export function targetsOf(code: CheckedCode, index: number): MethodTargets {
  const targets = new Map(
    code.methods.map((name, position) => [name, { entry: code.firstEntry + position, contract: index }]),
  );
  return { find: (method) => targets.get(method) ?? unknownMethod };
}

function makeContract(code: CheckedCode, address: Uint8Array): Contract {
  const contract: Contract = {
    address: new Uint8Array(address),
    codeHash: code.hash,
    methods: code.methods,
    interface: code.interface,
    layout: code.layout,
    transaction: (sender, method, args = {}, given = {}) => {
      const { gasLimit } = resolve('options', transactionSchema, given);
      refuseNoAddress(`${method}: sender`, sender);
      return {
        sender,
        contract: contract.address,
        method,
        input: encodeInput(interfaceOf(code, method), method, args),
        ...(gasLimit !== undefined && { gasLimit }),
      };
    },
    decodeOutput: (method, output) => decodeOutput(interfaceOf(code, method), method, output),
  };
  return contract;
}

function interfaceOf(code: CheckedCode, method: string): ContractInterface {
  if (code.interface !== undefined) return code.interface;
  throw new MisuseError('ERR_ARGUMENT', `${method}: the contract carries no interface to encode or decode by`);
}

/** @throws MisuseError `ERR_ARGUMENT` */
function refuseNoAddress(what: string, value: unknown): void {
  if (value instanceof Uint8Array && value.length === ADDRESS_BYTES) return;
  throw new MisuseError('ERR_ARGUMENT', `${what} must be a Uint8Array of ${ADDRESS_BYTES} bytes`);
}
