// Events as topics and data. The topic is the event's name, and if fields are indexed, zeros to a whole word, at least one, and the words of those; the data
// are the words of the others.

import { MisuseError } from '../runtime/errors.js';
import { refuseUnknown, writeNamed } from './codec.js';
import { describeFound } from './found.js';
import type { ContractInterface } from './interface.js';
import { type EventSignature, Signatures } from './signature.js';
import { padded, type Value } from './value.js';
import { ValueReader } from './value-reader.js';
import { ValueWriter } from './value-writer.js';

/** An event as a contract announces it. */
export interface EncodedEvent {
  readonly topic: Uint8Array;
  readonly data: Uint8Array;
}

/** An event with its fields, by name. */
export interface DecodedEvent {
  readonly name: string;
  readonly fields: Readonly<Record<string, Value>>;
}

const textEncoder = new TextEncoder();
const textDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Encodes an event, as the contract would announce it.
 * @param fields taken as arguments are, see `encodeInput`.
 * @throws MisuseError `ERR_ARGUMENT` naming the event, the field and what was found.
 */
export function encodeEvent(
  contract: ContractInterface,
  name: string,
  fields: Readonly<Record<string, unknown>> = {},
): EncodedEvent {
  const event = Signatures.of(contract).event(name);
  refuseUnknown(event.fields, fields, event.place, 'field');
  const plain = event.fields.filter(({ isIndexed }) => !isIndexed);
  const data = ValueWriter.encode((writer) => writeNamed(writer, plain, fields, event.place, 'field'));
  return { topic: topicOf(event, fields), data };
}

/**
 * The topic of the events of this name that have these indexed fields: what `subscribe` filters by.
 * @param indexed all of its indexed fields.
 * @throws MisuseError `ERR_ARGUMENT` naming the event, the field and what was found.
 */
export function encodeTopic(
  contract: ContractInterface,
  name: string,
  indexed: Readonly<Record<string, unknown>> = {},
): Uint8Array {
  const event = Signatures.of(contract).event(name);
  refuseUnknown(indexedOf(event), indexed, event.place, 'indexed field');
  return topicOf(event, indexed);
}

/**
 * Decodes an event that the contract has announced; undefined for one that its interface does not describe.
 * @throws MisuseError `ERR_ARGUMENT` where topic or data are not exactly what the event's fields give.
 */
export function decodeEvent(contract: ContractInterface, event: EncodedEvent): DecodedEvent | undefined {
  const { topic, data } = bytesOf(contract, event);
  const end = topic.indexOf(0);
  const name = textOf(end < 0 ? topic : topic.subarray(0, end));
  const signature = name === undefined ? undefined : Signatures.of(contract).findEvent(name);
  if (signature === undefined || signature.hasIndexed !== end >= 0) return undefined;
  const words = new ValueReader(topic, `${signature.place}: the topic`);
  words.skip(signature.hasIndexed ? end : topic.length, signature.hasIndexed ? wordsAfter(end) : topic.length);
  const rest = new ValueReader(data, `${signature.place}: the data`);
  const fields = signature.fields.map(
    ({ name, type, isIndexed }) => [name, (isIndexed ? words : rest).take(type)] as const,
  );
  words.end();
  rest.end();
  return { name: signature.name, fields: Object.fromEntries(fields) };
}

/** @throws MisuseError for what is no event. */
function bytesOf({ name }: ContractInterface, event: unknown): EncodedEvent {
  const { topic, data } = (event ?? {}) as Partial<Record<keyof EncodedEvent, unknown>>;
  if (topic instanceof Uint8Array && data instanceof Uint8Array) return { topic, data };
  throw new MisuseError(
    'ERR_ARGUMENT',
    `${name}: an event has a topic and data, which are bytes; found ${describeFound(event)}`,
  );
}

function topicOf(event: EventSignature, fields: Readonly<Record<string, unknown>>): Uint8Array {
  const name = textEncoder.encode(event.name);
  if (!event.hasIndexed) return name;
  const words = ValueWriter.encode((writer) =>
    writeNamed(writer, indexedOf(event), fields, event.place, 'indexed field'),
  );
  const topic = new Uint8Array(wordsAfter(name.length) + words.length);
  topic.set(name);
  topic.set(words, wordsAfter(name.length));
  return topic;
}

function indexedOf({ fields }: EventSignature): EventSignature['fields'] {
  return fields.filter(({ isIndexed }) => isIndexed);
}

/** Where words begin after a name of `length` bytes and a zero. */
function wordsAfter(length: number): number {
  return padded(length + 1);
}

/** Undefined where it is no text. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return textDecoder.decode(bytes);
  } catch {
    return undefined;
  }
}
