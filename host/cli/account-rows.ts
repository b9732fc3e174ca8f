import type { AddressBook } from './address-book.js';
import { hex } from './hex.js';
import { printableName } from './printable.js';
import type { Row } from './rows.js';

/** Which names a command has taken for accounts': one that was meant to be a contract's, which is not there yet, is seen by whoever gave it. */
export function accountRows({ accounts }: AddressBook): Row[] {
  return [...accounts].map(([name, address]) => ['account', `${printableName(name)} is ${hex(address)}`]);
}

/** For JSON. */
export function accountDocuments({ accounts }: AddressBook): readonly { name: string; address: string }[] {
  return [...accounts].map(([name, address]) => ({ name, address: hex(address) }));
}
