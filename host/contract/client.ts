// What a client is: the interface of a contract at run time, and its types at compile time. `generateClient` writes one.

import { type ContractInterface, checkInterface, type MethodKind } from './interface.js';

/** What an integer argument is taken from: a bigint, a safe integer, decimal digits. */
export type IntegerInput = bigint | number | string;

/** What an address is taken from: 32 bytes, or "0x" and 64 or 40 hexadecimal digits. */
export type AddressInput = Uint8Array | `0x${string}`;

/** What bytes are taken from: an array, or "0x" and hexadecimal digits. */
export type BytesInput = Uint8Array | `0x${string}`;

/** The types of one method. */
export interface MethodTypes {
  readonly kind: MethodKind;
  /** Its arguments, by name. */
  readonly input: object;
  /** What it gives back, decoded; undefined for a method without a result. */
  readonly output: unknown;
}

/** The types of a contract, as `generateClient` writes them. */
export interface ClientTypes {
  readonly methods: Readonly<Record<string, MethodTypes>>;
  /** The fields of each event, by name. */
  readonly events: Readonly<Record<string, object>>;
}

declare const clientTypes: unique symbol;

/** An interface that knows its types: what `runtime.contract(client, address)` takes. */
export interface ContractClient<Types extends ClientTypes> {
  readonly interface: ContractInterface;
  /** Only for the compiler. */
  readonly [clientTypes]?: Types;
}

/**
 * A client of the contracts with this interface.
 * @throws ContractCodeError `ERR_INTERFACE` where the interface is not as documented.
 */
export function defineClient<Types extends ClientTypes>(contract: ContractInterface): ContractClient<Types> {
  return { interface: checkInterface(contract) };
}
