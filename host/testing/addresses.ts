import { Signatures } from '../contract/signature.js';
import type { NamedType, Type } from '../contract/type.js';
import type { ContractInterface } from '../index.js';
import type { Account } from './account.js';

/** Gives the account that a name means. */
export type AccountNames = (name: string) => Account;

/**
 * A method's arguments with addresses in the place of accounts, contracts and names of accounts, however deep. What no parameter takes is left to who encodes them, who refuses it.
 * @throws MisuseError for a name that means no account.
 */
export function addressedArguments(
  contract: ContractInterface | undefined,
  method: string,
  args: Readonly<Record<string, unknown>>,
  names: AccountNames,
): Readonly<Record<string, unknown>> {
  if (contract === undefined || typeof args !== 'object' || args === null) return args;
  return addressedFields(Signatures.of(contract).method(method).inputs, args, names);
}

function addressedFields(types: readonly NamedType[], values: object, names: AccountNames): Record<string, unknown> {
  const fields = Object.entries(values).map(([name, value]) => {
    const type = types.find((each) => each.name === name)?.type;
    return [name, type === undefined ? value : addressed(type, value, names)] as const;
  });
  return Object.fromEntries(fields);
}

function addressed(type: Type, value: unknown, names: AccountNames): unknown {
  switch (type.kind) {
    case 'address':
      return isName(value) ? names(value).address : addressOf(value);
    case 'bytes':
      return addressOf(value);
    case 'nullable':
      return value === null ? null : addressed(type.value, value, names);
    case 'array':
      return Array.isArray(value) ? value.map((item) => addressed(type.element, item, names)) : value;
    case 'struct':
      return isStruct(value) ? addressedFields(type.fields, value, names) : value;
    default:
      return value;
  }
}

/** Digits are an address themselves. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && !value.startsWith('0x');
}

/** That of an account or a contract. */
function addressOf(value: unknown): unknown {
  const { address } = (value ?? {}) as { address?: unknown };
  return address instanceof Uint8Array ? address : value;
}

function isStruct(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}
