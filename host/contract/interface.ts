// The interface of a contract: how to talk to it. JSON in the custom section `blockstm.interface`, specified in assembly/sdk/README.md and by schemas/interface.schema.json.

import { DocumentReader } from './document.js';
import { type FieldInterface, isStructName, type StructInterface, type TypeExpression, Types } from './type.js';
import { padded } from './value.js';

export type { FieldInterface, StructInterface, TypeExpression } from './type.js';

/** One named argument of a method. */
export type ParameterInterface = FieldInterface;

/**
 * What a method is for. `call` is the default; `view` changes nothing; `init` is called once, in the block that deploys the contract; `migrate` when its code has been
 * replaced. There is one `init` and one `migrate` at most.
 */
export type MethodKind = 'call' | 'view' | 'init' | 'migrate';

/** Whether methods of this kind are called by the block that gives a contract its code, and by nobody else. */
export function beginsCode(kind: MethodKind | undefined): kind is 'init' | 'migrate' {
  return kind === 'init' || kind === 'migrate';
}

/** One method: its name is that of a function the Wasm module exports. */
export interface MethodInterface {
  readonly name: string;
  /** Default `call`. */
  readonly kind?: MethodKind;
  /** In the order in which they are encoded. */
  readonly inputs: readonly ParameterInterface[];
  /** Null where the method returns nothing. */
  readonly output: TypeExpression | null;
  /** The first paragraph of what its author says of it. */
  readonly doc?: string;
}

/** A field of an event. */
export interface EventFieldInterface extends FieldInterface {
  /** Whether it is a part of the topic, and not of the data. Default false. */
  readonly indexed?: boolean;
}

/** Something that a contract announces. */
export interface EventInterface {
  readonly name: string;
  /** In the order in which they are encoded. */
  readonly fields: readonly EventFieldInterface[];
}

/** How to talk to a contract: the JSON in the custom section `blockstm.interface` of its Wasm. */
export interface ContractInterface {
  readonly schema: typeof interfaceSchema;
  readonly name: string;
  readonly methods: readonly MethodInterface[];
  readonly events?: readonly EventInterface[];
  /** What type expressions name. */
  readonly structs?: readonly StructInterface[];
}

export const interfaceSchema = 'blockstm.interface/1';

/** Name of the custom section. */
export const interfaceSection = 'blockstm.interface';

/** Bytes of an event's topic at most. */
const TOPIC_BYTES_MAX = 256;

const document = new DocumentReader("the contract's interface");

/**
 * Reads an interface from its JSON.
 * @throws ContractCodeError `ERR_INTERFACE` naming the place that is not as documented.
 */
export function parseInterface(json: string): ContractInterface {
  return checkInterface(document.parse(json));
}

/**
 * `value`, which is an interface as `JSON.parse` gives it.
 * @throws ContractCodeError `ERR_INTERFACE` naming the place that is not as documented.
 */
export function checkInterface(value: unknown): ContractInterface {
  const contract = document.record(value, 'the interface', ['schema', 'name', 'methods', 'events', 'structs']);
  document.oneOf(contract.schema, 'schema', [interfaceSchema]);
  const name = document.text(contract.name, 'name');
  const structs = contract.structs === undefined ? undefined : readStructs(document, contract.structs);
  const types = typesOf(document, structs);
  const methods = document
    .list(contract.methods, 'methods')
    .map((method, index) => readMethod(method, `methods[${index}]`, types));
  document.refuseDuplicates(methods, 'methods');
  for (const kind of ['init', 'migrate'] as const) {
    const [, second] = methods.filter((method) => method.kind === kind);
    if (second !== undefined)
      document.fail('methods', `must have one of the kind ${kind} at most, "${second.name}" is another`);
  }
  const events =
    contract.events === undefined
      ? undefined
      : document.list(contract.events, 'events').map((event, index) => readEvent(event, `events[${index}]`, types));
  document.refuseDuplicates(events ?? [], 'events');
  return {
    schema: interfaceSchema,
    name,
    methods,
    ...(events !== undefined && { events }),
    ...(structs !== undefined && { structs }),
  };
}

/** The types of a document with these structs, all of which it has resolved. */
export function typesOf(reader: DocumentReader, structs: readonly StructInterface[] = []): Types {
  const types = new Types(structs, (place, problem) => reader.fail(place, problem));
  for (const [index, { name }] of structs.entries()) types.struct(name, `structs[${index}]`);
  return types;
}

/** Their types are still to be resolved: any may name any other. */
export function readStructs(reader: DocumentReader, value: unknown): StructInterface[] {
  const structs = reader.list(value, 'structs').map((each, index) => {
    const place = `structs[${index}]`;
    const struct = reader.record(each, place, ['name', 'fields']);
    const name = reader.text(struct.name, `${place}.name`);
    if (!isStructName(name)) {
      reader.malformed(`${place}.name`, 'a name of letters, digits, "_" and "$" that starts with a capital', name);
    }
    const fields = reader.list(struct.fields, `${place}.fields`).map((field, position) => {
      const at = `${place}.fields[${position}]`;
      const { name: fieldName, type } = reader.record(field, at, ['name', 'type']);
      return { name: reader.text(fieldName, `${at}.name`), type: type as TypeExpression };
    });
    reader.refuseDuplicates(fields, `${place}.fields`);
    return { name, fields };
  });
  reader.refuseDuplicates(structs, 'structs');
  return structs;
}

function readMethod(value: unknown, place: string, types: Types): MethodInterface {
  const method = document.record(value, place, ['name', 'kind', 'inputs', 'output', 'doc']);
  const inputs = document.list(method.inputs, `${place}.inputs`).map((input, index) => {
    const at = `${place}.inputs[${index}]`;
    const { name, type } = document.record(input, at, ['name', 'type']);
    return { name: document.text(name, `${at}.name`), type: types.of(type, `${at}.type`).text };
  });
  document.refuseDuplicates(inputs, `${place}.inputs`);
  return {
    name: document.text(method.name, `${place}.name`),
    ...(method.kind !== undefined && {
      kind: document.oneOf(method.kind, `${place}.kind`, ['call', 'view', 'init', 'migrate']),
    }),
    inputs,
    output: method.output === null ? null : types.of(method.output, `${place}.output`).text,
    ...(method.doc !== undefined && { doc: document.text(method.doc, `${place}.doc`) }),
  };
}

function readEvent(value: unknown, place: string, types: Types): EventInterface {
  const event = document.record(value, place, ['name', 'fields']);
  const name = document.text(event.name, `${place}.name`);
  if (name.includes('\0')) document.malformed(`${place}.name`, 'a name without a zero character', name);
  const nameBytes = Buffer.byteLength(name);
  let indexedBytes = 0;
  const fields = document.list(event.fields, `${place}.fields`).map((field, index) => {
    const at = `${place}.fields[${index}]`;
    const { name: fieldName, type, indexed } = document.record(field, at, ['name', 'type', 'indexed']);
    if (indexed !== undefined && typeof indexed !== 'boolean')
      document.malformed(`${at}.indexed`, 'true or false', indexed);
    const resolved = types.of(type, `${at}.type`);
    if (indexed === true) indexedBytes += resolved.size;
    return {
      name: document.text(fieldName, `${at}.name`),
      type: resolved.text,
      ...(indexed !== undefined && { indexed: indexed as boolean }),
    };
  });
  document.refuseDuplicates(fields, `${place}.fields`);
  const topicBytes = indexedBytes === 0 ? nameBytes : padded(nameBytes + 1) + indexedBytes;
  if (topicBytes > TOPIC_BYTES_MAX) {
    document.fail(place, `has a topic of ${topicBytes} bytes or more, of which there may be ${TOPIC_BYTES_MAX}`);
  }
  return { name, fields };
}
