import { createHash } from 'node:crypto';
import { MisuseError } from '../index.js';

const ADDRESS_BYTES = 32;

/** Somebody who calls contracts. Needs no key: the runtime takes the sender's word. */
export class Account {
  readonly name: string;
  /** SHA-256 of `blockstm.account:` and the name, as in genesis and block files of the command line. */
  readonly address: Uint8Array;

  constructor(name: string, address: Uint8Array = accountAddress(name)) {
    this.name = name;
    this.address = address;
  }

  toString(): string {
    return this.name;
  }
}

/** An account, or the name of one, or an address of 32 bytes. */
export type AccountLike = Account | string | Uint8Array;

/** @throws MisuseError `ERR_ARGUMENT` for what is none. */
export function accountOf(who: AccountLike): Account {
  if (who instanceof Account) return who;
  if (typeof who === 'string' && who !== '' && !who.startsWith('0x')) return new Account(who);
  if (who instanceof Uint8Array && who.length === ADDRESS_BYTES) return new Account(hex(who), who);
  throw new MisuseError(
    'ERR_ARGUMENT',
    `expected an account: chain.account('alice'), a name that does not start with "0x", or an address of ${ADDRESS_BYTES} bytes`,
  );
}

export function hex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`;
}

function accountAddress(name: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(`blockstm.account:${name}`).digest());
}
