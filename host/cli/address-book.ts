import { createHash } from 'node:crypto';
import type { JsonField } from './json-field.js';

/**
 * What the addresses in a genesis or block file mean: `"0x"` and 64 hex digits are the address itself, 40 digits are padded
 * on the left with zeros, the name of one of the genesis's contracts means that contract, any other name an account.
 */
export class AddressBook {
  readonly #contracts = new Map<string, Uint8Array>();

  /** @returns the contract's address: the given one, or SHA-256 of `"blockstm.contract:"` and its name. */
  addContract(name: string, address?: Uint8Array): Uint8Array {
    const resolved = address ?? sha256(`blockstm.contract:${name}`);
    this.#contracts.set(name, resolved);
    return resolved;
  }

  hasContract(name: string): boolean {
    return this.#contracts.has(name);
  }

  /** @throws FileError for a number that is not an address, such as one of a wrong length. */
  resolve(field: JsonField): Uint8Array {
    const { value } = field;
    if (typeof value !== 'string' || value === '') return field.expected('an address or the name of an account');
    const contract = this.#contracts.get(value);
    if (contract !== undefined) return contract;
    return value.startsWith('0x') ? parseAddress(field) : sha256(`blockstm.account:${value}`);
  }
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
