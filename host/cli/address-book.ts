import { createHash } from 'node:crypto';
import { readsAsPart } from '../trace/location-names.js';
import { hex } from './hex.js';
import type { JsonField } from './json-field.js';
import { suggestion } from './nearest-name.js';
import { printableName } from './printable.js';

/** What says whose name follows. */
const ACCOUNT = 'account:';
const CONTRACT = 'contract:';
/** What begins like that is no name alone. */
const OTHERS: readonly string[] = ['0x', ACCOUNT, CONTRACT];

/** For `--help`. */
export const ADDRESSES = `An address is "0x" and 40 or 64 hex digits, or a name: that of a contract which is there means the contract, any other means an account, from then on: no contract can be
given it any more. contract:name and account:name say which is meant.`;

/** Who calls where nobody is said to: the address of all zeros. */
export const NOBODY = `0x${'00'.repeat(32)}`;

/**
 * What addresses mean in a genesis, a block file or a command: `"0x"` and 64 hex digits are the address itself, 40 digits are padded
 * on the left with zeros, a contract's name means that contract, any other name an account. `contract:alice` and `account:alice` say which of the two is meant.
 *
 * Contracts have the names that the genesis gives them. A state directory keeps no names, but the address that is derived from one says whether a contract of that name is there.
 */
export class AddressBook {
  readonly #contracts = new Map<string, Uint8Array>();
  /** Addresses of contracts, also of those whose names are not known, in hexadecimal. */
  readonly #deployed = new Set<string>();
  readonly #accounts = new Map<string, Uint8Array>();
  /** Names of contracts and of accounts by their addresses, in hexadecimal. */
  readonly #contractNames = new Map<string, string>();
  readonly #accountNames = new Map<string, string>();

  /** The names that were taken for accounts', where it was not said that they are. */
  get accounts(): ReadonlyMap<string, Uint8Array> {
    return this.#accounts;
  }

  /** @returns the contract's address: the given one, or SHA-256 of `"blockstm.contract:"` and its name. */
  addContract(name: string, address?: Uint8Array): Uint8Array {
    const resolved = address ?? contractAddress(name);
    this.#contracts.set(name, resolved);
    this.#contractNames.set(hex(resolved), name);
    this.addDeployed(resolved);
    return resolved;
  }

  hasContract(name: string): boolean {
    return this.#contracts.has(name);
  }

  /** Know a contract by its address: a name that it is derived from means it from now on. */
  addDeployed(address: Uint8Array): void {
    this.#deployed.add(hex(address));
  }

  /** The address of the contract of this name; undefined where there is none. */
  contract(name: string): Uint8Array | undefined {
    const given = this.#contracts.get(name);
    if (given !== undefined) return given;
    const derived = contractAddress(name);
    const digits = hex(derived);
    if (!this.#deployed.has(digits)) return undefined;
    if (!this.#contractNames.has(digits)) this.#contractNames.set(digits, name);
    return derived;
  }

  /** The address of a contract that is there, by its name or its address. @throws FileError */
  resolveContract(field: JsonField): Uint8Array {
    const text = field.text();
    if (text.startsWith(CONTRACT)) return this.resolve(field);
    const address = text.startsWith('0x') ? parseAddress(field) : this.contract(text);
    if (address !== undefined && this.#deployed.has(hex(address))) return address;
    return field.fail(`there is no contract ${text}${suggestion(text, [...this.#contracts.keys()])}`);
  }

  /** @throws FileError for a number that is not an address, such as one of a wrong length, and for a contract that is not there. */
  resolve(field: JsonField): Uint8Array {
    const { value } = field;
    if (typeof value !== 'string' || value === '') return field.expected('an address or the name of an account');
    if (value.startsWith('0x')) return parseAddress(field);
    if (value.startsWith(ACCOUNT)) return this.#named(value.slice(ACCOUNT.length));
    if (value.startsWith(CONTRACT)) return this.contract(value.slice(CONTRACT.length)) ?? this.#unknown(field);
    return this.contract(value) ?? this.#account(value);
  }

  /**
   * The name of a contract, or of an account that was given by its name, as one would give it here: `alice`; `account:alice` and `contract:alice` where `alice` alone means something else, here or as the key of a
   * location. As JSON writes it, so that no name puts lines into what is said of it. Undefined where none is known.
   */
  nameOf(address: Uint8Array): string | undefined {
    const name = this.#givenName(hex(address));
    return name === undefined ? undefined : printableName(name);
  }

  #givenName(digits: string): string | undefined {
    const account = this.#accountNames.get(digits);
    if (account !== undefined) return this.#isPlain(account) ? account : `${ACCOUNT}${account}`;
    const contract = this.#contractNames.get(digits);
    return contract !== undefined && readsAsPart(contract) ? `${CONTRACT}${contract}` : contract;
  }

  /** Whether it means the account of that name, alone as well. */
  #isPlain(account: string): boolean {
    if (account === '' || readsAsPart(account)) return false;
    return !OTHERS.some((each) => account.startsWith(each)) && this.contract(account) === undefined;
  }

  /** Who calls: nobody means a contract there, so that its name alone is refused. @throws FileError */
  resolveAccount(field: JsonField): Uint8Array {
    const { value } = field;
    if (typeof value === 'string' && this.contract(value) !== undefined) {
      return field.fail(`${value} is a contract here: ${ACCOUNT}${value} is the account of that name`);
    }
    return this.resolve(field);
  }

  #account(name: string): Uint8Array {
    const known = this.#accounts.get(name);
    if (known !== undefined) return known;
    const address = this.#named(name);
    this.#accounts.set(name, address);
    return address;
  }

  #named(account: string): Uint8Array {
    const address = accountAddress(account);
    this.#accountNames.set(hex(address), account);
    return address;
  }

  #unknown(field: JsonField): never {
    const name = field.text().slice(CONTRACT.length);
    return field.fail(`there is no contract ${name}${suggestion(name, [...this.#contracts.keys()])}`);
  }
}

/** The account of this name. */
export function accountAddress(name: string): Uint8Array {
  return sha256(`blockstm.account:${name}`);
}

/** Where a contract of this name is deployed, unless an address is given. */
export function contractAddress(name: string): Uint8Array {
  return sha256(`blockstm.contract:${name}`);
}

/** A contract's name: anything that is not taken for an address. @throws FileError */
export function parseContractName(field: JsonField): string {
  const text = field.text();
  const prefix = OTHERS.find((each) => text.startsWith(each));
  return prefix === undefined ? text : field.expected(`a name, which does not start with "${prefix}"`);
}

/** An address in digits, see `AddressBook`. @throws FileError */
export function parseAddress(field: JsonField): Uint8Array {
  const { value } = field;
  if (typeof value !== 'string' || !/^0x([0-9a-fA-F]{40}|[0-9a-fA-F]{64})$/.test(value)) {
    return field.expected('an address ("0x" and 40 or 64 hex digits)');
  }
  return Buffer.from(value.slice(2).padStart(64, '0'), 'hex');
}

function sha256(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}
