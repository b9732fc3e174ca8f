import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEvent, encodeEvent, encodeTopic } from '../../dist/host/contract/event-codec.js';
import type { ContractInterface } from '../../dist/host/contract/interface.js';
import { MisuseError } from '../../dist/host/runtime/errors.js';
import { anyType, anyValueOf, EMPTY } from '../support/interface-values.js';

const token: ContractInterface = {
  ...EMPTY,
  name: 'token',
  events: [
    {
      name: 'Transfer',
      fields: [
        { name: 'from', type: 'address', indexed: true },
        { name: 'amount', type: 'u64', indexed: false },
        { name: 'to', type: 'address', indexed: true },
        { name: 'memo', type: 'string' },
      ],
    },
    { name: 'Paused', fields: [] },
    { name: 'Fee', fields: [{ name: 'amount', type: 'u128' }] },
  ],
};

const [from, to] = [1, 2].map((byte) => new Uint8Array(32).fill(byte)) as [Uint8Array, Uint8Array];
const fields = { from, to, amount: 5n, memo: 'hi' };

describe('an event', () => {
  it('has its name and what is indexed for a topic, the rest for data', () => {
    const { topic, data } = encodeEvent(token, 'Transfer', fields);
    // Of eight bytes: the zero behind it takes a word of its own.
    expect(Buffer.from(topic)).toEqual(Buffer.concat([Buffer.from('Transfer\0\0\0\0\0\0\0\0'), from, to]));
    expect(Buffer.from(data).toString('hex')).toBe('050000000000000002000000000000006869000000000000');
    expect(encodeTopic(token, 'Transfer', { from, to })).toEqual(topic);
    expect(decodeEvent(token, { topic, data })).toEqual({ name: 'Transfer', fields });
  });

  it('has its name for a topic, as it is, where nothing is indexed', () => {
    const { topic, data } = encodeEvent(token, 'Fee', { amount: 1 });
    expect(Buffer.from(topic).toString()).toBe('Fee');
    expect(data).toHaveLength(16);
    expect(decodeEvent(token, { topic, data })).toEqual({ name: 'Fee', fields: { amount: 1n } });
    expect(encodeEvent(token, 'Paused')).toEqual({ topic: encodeTopic(token, 'Paused'), data: new Uint8Array(0) });
  });

  it('is undefined where the interface has none of the topic', () => {
    const data = new Uint8Array(0);
    for (const topic of ['', 'Lost', 'Paused\0', 'Paused ', 'Transfer', 'transfer\0', '\0']) {
      expect(decodeEvent(token, { topic: Buffer.from(topic), data })).toBeUndefined();
    }
    expect(decodeEvent(token, { topic: Uint8Array.of(0xff), data })).toBeUndefined();
    expect(decodeEvent(EMPTY, { topic: Buffer.from('Paused'), data })).toBeUndefined();
  });

  it('is refused where it is none', () => {
    for (const none of [null, undefined, {}, { topic: 'Fee', data: new Uint8Array(0) }]) {
      expect(() => decodeEvent(token, none as never)).toThrow(
        expect.objectContaining({ name: 'MisuseError', message: expect.stringContaining('an event has a topic') }),
      );
    }
    expect(() => encodeEvent(token, 'Fee', null as never)).toThrow('token.Fee takes fields by name; found null');
  });

  it('is refused where topic or data are not its own', () => {
    const { topic, data } = encodeEvent(token, 'Transfer', fields);
    const decoding = (topic: Uint8Array, data: Uint8Array) => () => decodeEvent(token, { topic, data });
    expect(decoding(topic.subarray(0, 12), data)).toThrow('token.Transfer: the topic ends after 12 bytes');
    expect(decoding(topic.subarray(0, 72), data)).toThrow('token.Transfer: the topic ends after 72 bytes');
    expect(decoding(Buffer.concat([topic, topic]), data)).toThrow('token.Transfer: the topic is 80 bytes too long');
    expect(decoding(topic, data.subarray(0, 8))).toThrow('token.Transfer: the data ends after 8 bytes');
    const padded = Uint8Array.from(topic);
    padded[12] = 1;
    expect(decoding(padded, data)).toThrow('token.Transfer: the topic has padding that is not zero');
  });

  it.each([
    ['Transfer', { ...fields, fee: 1 }, 'token.Transfer has no field "fee"; it has "from", "amount", "to", "memo"'],
    ['Transfer', { from, to, amount: 1 }, 'token.Transfer field "memo" (string) is missing'],
    ['Transfer', { ...fields, amount: -1 }, 'token.Transfer: field "amount" must be a u64; found -1'],
    ['Transfer', { ...fields, to: 1 }, 'token.Transfer: indexed field "to" must be an address'],
    ['Minted', {}, 'token has no event "Minted"; it has "Transfer", "Paused", "Fee"'],
  ])('is not encoded with what it has not: %s %o', (name, given, message) => {
    expect(() => encodeEvent(token, name, given)).toThrow(message);
  });

  it('has no topic of fields that are not indexed', () => {
    expect(() => encodeTopic(token, 'Transfer', { from, amount: 1 })).toThrow('has no indexed field "amount"');
    expect(() => encodeTopic(token, 'Transfer', { from })).toThrow('indexed field "to" (address) is missing');
  });

  it('is decoded as it was encoded, whatever its fields are', () => {
    const anyEvent = fc
      .tuple(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
        anyType,
        fc.array(fc.boolean(), { minLength: 1 }),
      )
      .filter(([name]) => !name.includes('\0'))
      .chain(([name, { type, structs }, flags]) => {
        const list = flags.map((indexed, index) => ({ name: `field${index}`, type, indexed }));
        const values = fc.tuple(...list.map(() => anyValueOf(type, structs)));
        return values.map((all) => ({ name, structs, list, all }));
      });
    fc.assert(
      fc.property(anyEvent, fc.nat(), fc.integer({ min: 1, max: 255 }), ({ name, structs, list, all }, at, bits) => {
        const contract = { ...EMPTY, structs, events: [{ name, fields: list.map((field) => ({ ...field })) }] };
        const values = Object.fromEntries(list.map((field, index) => [field.name, all[index]]));
        let event: { topic: Uint8Array; data: Uint8Array };
        event = encodeEvent(contract, name, values);
        expect(decodeEvent(contract, event)).toEqual({ name, fields: values });
        const topic = Uint8Array.from(event.topic);
        topic[at % topic.length] = (topic[at % topic.length] as number) ^ bits;
        try {
          expect(decodeEvent(contract, { ...event, topic })).not.toEqual({ name, fields: values });
        } catch (error) {
          if (!(error instanceof MisuseError)) throw error;
        }
      }),
    );
  });
});
