import { ContractCodeError } from '../runtime/errors.js';

/** What can cross a call. `address` is 32 bytes; `string` is UTF-8; `bytes` any number of bytes. */
export type ValueType =
  | 'bool'
  | 'u8'
  | 'u16'
  | 'u32'
  | 'u64'
  | 'i8'
  | 'i16'
  | 'i32'
  | 'i64'
  | 'address'
  | 'string'
  | 'bytes';

/** Every value type, in the order documented. */
export const valueTypes: readonly ValueType[] = [
  'bool',
  'u8',
  'u16',
  'u32',
  'u64',
  'i8',
  'i16',
  'i32',
  'i64',
  'address',
  'string',
  'bytes',
];

/** A type, as the interface writes it: `u64`, `Order[]?`. */
export type TypeExpression = string;

/** A named field of a struct. */
export interface FieldInterface {
  readonly name: string;
  readonly type: TypeExpression;
}

/** A class of the contract's author that crosses as its fields, in order. */
export interface StructInterface {
  readonly name: string;
  readonly fields: readonly FieldInterface[];
}

/** A field of an event. */
export interface EventFieldInterface extends FieldInterface {
  readonly indexed?: boolean;
}

/** Something that a contract announces. */
export interface EventInterface {
  readonly name: string;
  readonly fields: readonly EventFieldInterface[];
}

export type MethodKind = 'call' | 'view' | 'init' | 'migrate';

/** One named argument of a method. */
export interface ParameterInterface {
  readonly name: string;
  readonly type: ValueType;
}

/** One method: its name is that of a function the Wasm module exports. */
export interface MethodInterface {
  readonly name: string;
  readonly kind?: MethodKind;
  readonly doc?: string;
  /** In the order in which they are encoded. */
  readonly inputs: readonly ParameterInterface[];
  /** Null where the method returns nothing. */
  readonly output: ValueType | null;
}

/** How to talk to a contract: the JSON in the custom section `blockstm.interface` of its Wasm. */
export interface ContractInterface {
  readonly schema: typeof interfaceSchema;
  readonly name: string;
  readonly methods: readonly MethodInterface[];
  readonly events?: readonly EventInterface[];
  readonly structs?: readonly StructInterface[];
}

export const interfaceSchema = 'blockstm.interface/1';

/** Name of the custom section. */
export const interfaceSection = 'blockstm.interface';

/**
 * Reads an interface from its JSON.
 * @throws ContractCodeError `ERR_INTERFACE` naming the place that is not as documented.
 */
export function parseInterface(json: string): ContractInterface {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new ContractCodeError('ERR_INTERFACE', `the contract's interface is not JSON: ${(cause as Error).message}`, {
      cause,
    });
  }
  const contract = record(value, 'the interface');
  if (contract.schema !== interfaceSchema) {
    malformed('schema', `"${interfaceSchema}"`, contract.schema);
  }
  const methods = list(contract.methods, 'methods').map((method, index) => parseMethod(method, `methods[${index}]`));
  refuseDuplicates(methods, 'methods');
  return { schema: interfaceSchema, name: text(contract.name, 'name'), methods };
}

function parseMethod(value: unknown, place: string): MethodInterface {
  const method = record(value, place);
  const inputs = list(method.inputs, `${place}.inputs`).map((input, index) => {
    const parameter = record(input, `${place}.inputs[${index}]`);
    return {
      name: text(parameter.name, `${place}.inputs[${index}].name`),
      type: valueType(parameter.type, `${place}.inputs[${index}].type`),
    };
  });
  refuseDuplicates(inputs, `${place}.inputs`);
  const output = method.output === null ? null : valueType(method.output, `${place}.output`);
  return { name: text(method.name, `${place}.name`), inputs, output };
}

function record(value: unknown, place: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) malformed(place, 'an object', value);
  return value as Record<string, unknown>;
}

function list(value: unknown, place: string): readonly unknown[] {
  if (!Array.isArray(value)) malformed(place, 'an array', value);
  return value as readonly unknown[];
}

function text(value: unknown, place: string): string {
  if (typeof value !== 'string' || value === '') malformed(place, 'a string that is not empty', value);
  return value as string;
}

function valueType(value: unknown, place: string): ValueType {
  const type = valueTypes.find((candidate) => candidate === value);
  return type ?? malformed(place, `one of ${valueTypes.join(', ')}`, value);
}

function refuseDuplicates(items: readonly { readonly name: string }[], place: string): void {
  const names = new Set<string>();
  for (const { name } of items) {
    if (names.has(name)) malformed(place, 'names that differ', name);
    names.add(name);
  }
}

function malformed(place: string, expected: string, found: unknown): never {
  const shown = JSON.stringify(found) ?? String(found);
  throw new ContractCodeError(
    'ERR_INTERFACE',
    `the contract's interface: ${place} must be ${expected}, found ${shown}`,
  );
}
