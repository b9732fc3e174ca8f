import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeInput, decodeOutput, decodeValues, encodeInput, encodeValue } from '../../dist/host/contract/codec.js';
import type { ContractInterface, TypeExpression } from '../../dist/host/contract/interface.js';
import { baseTypes } from '../../dist/host/contract/type.js';
import { MisuseError } from '../../dist/host/runtime/errors.js';
import { anyValueOf } from '../support/interface-values.js';

const token: ContractInterface = {
  schema: 'blockstm.interface/1',
  name: 'token',
  methods: [
    {
      name: 'transfer',
      inputs: [
        { name: 'to', type: 'address' },
        { name: 'amount', type: 'u64' },
      ],
      output: 'bool',
    },
    { name: 'pause', inputs: [], output: null },
    { name: 'note', inputs: [{ name: 'text', type: 'string' }], output: 'i8' },
  ],
};

const to = new Uint8Array(32).fill(9);

const typedArguments = fc
  .array(fc.constantFrom(...baseTypes), { maxLength: 6 })
  .chain((types) => fc.tuple(fc.constant(types), fc.tuple(...types.map((type) => anyValueOf(type, [])))));

function methodOf(types: readonly TypeExpression[]): ContractInterface {
  const inputs = types.map((type, index) => ({ name: `argument${index}`, type }));
  return { schema: 'blockstm.interface/1', name: 'sample', methods: [{ name: 'method', inputs, output: null }] };
}

function argumentsOf(values: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(values.map((value, index) => [`argument${index}`, value]));
}

describe('the codec', () => {
  it('gives back the arguments it encoded', () => {
    fc.assert(
      fc.property(typedArguments, ([types, values]) => {
        const contract = methodOf(types);
        const encoded = encodeInput(contract, 'method', argumentsOf(values));
        expect(encoded.length % 8).toBe(0);
        expect(decodeInput(contract, 'method', encoded)).toEqual(argumentsOf(values));
      }),
    );
  });

  it('accepts no bytes but those that encoding gives', () => {
    fc.assert(
      fc.property(typedArguments, fc.nat(), fc.integer({ min: 1, max: 255 }), ([types, values], at, change) => {
        const contract = methodOf(types);
        const bytes = encodeInput(contract, 'method', argumentsOf(values));
        fc.pre(bytes.length > 0);
        const index = at % bytes.length;
        bytes[index] = (bytes[index] ?? 0) ^ change;
        let decoded: Record<string, unknown>;
        try {
          decoded = decodeInput(contract, 'method', bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(MisuseError);
          return;
        }
        expect(encodeInput(contract, 'method', decoded)).toEqual(bytes);
      }),
    );
  });

  it('refuses bytes cut short or followed by others', () => {
    fc.assert(
      fc.property(typedArguments, fc.nat(), fc.integer({ min: 1, max: 16 }), ([types, values], at, more) => {
        const contract = methodOf(types);
        const bytes = encodeInput(contract, 'method', argumentsOf(values));
        expect(() => decodeInput(contract, 'method', new Uint8Array([...bytes, ...new Uint8Array(more)]))).toThrow(
          MisuseError,
        );
        fc.pre(bytes.length > 0);
        expect(() => decodeInput(contract, 'method', bytes.subarray(0, at % bytes.length))).toThrow(MisuseError);
      }),
    );
  });

  it('lays words out little-endian, bytes padded with zeros', () => {
    expect(Buffer.from(encodeValue('u16', 0x1234)).toString('hex')).toBe('3412000000000000');
    expect(Buffer.from(encodeValue('i8', -2)).toString('hex')).toBe('feffffffffffffff');
    expect(Buffer.from(encodeValue('bool', true)).toString('hex')).toBe('0100000000000000');
    expect(Buffer.from(encodeValue('string', 'é')).toString('hex')).toBe('0200000000000000c3a9000000000000');
    expect(Buffer.from(encodeValue('bytes', '0x010203040506070809')).toString('hex')).toBe(
      '090000000000000001020304050607080900000000000000',
    );
    expect(encodeValue('address', `0x${'ab'.repeat(20)}`)).toEqual(
      Uint8Array.from([...new Uint8Array(12), ...new Uint8Array(20).fill(0xab)]),
    );
  });

  it('takes integers as numbers, bigints and decimal strings', () => {
    for (const amount of [100, 100n, '100']) {
      expect(encodeInput(token, 'transfer', { to, amount })).toEqual(
        encodeInput(token, 'transfer', { to, amount: 100n }),
      );
    }
    expect(encodeValue('u64', '18446744073709551615')).toEqual(new Uint8Array(8).fill(0xff));
    expect(encodeValue('i64', '-1')).toEqual(new Uint8Array(8).fill(0xff));
  });

  it('decodes values that follow one another', () => {
    const data = new Uint8Array([...to, ...encodeValue('u64', 5n), ...encodeValue('string', 'five')]);
    expect(decodeValues(['address', 'u64', 'string'], data)).toEqual([to, 5n, 'five']);
  });

  it('decodes outputs, undefined for a method without one', () => {
    expect(decodeOutput(token, 'transfer', encodeValue('bool', true))).toBe(true);
    expect(decodeOutput(token, 'note', encodeValue('i8', -3))).toBe(-3);
    expect(decodeOutput(token, 'pause', new Uint8Array(0))).toBeUndefined();
    expect(() => decodeOutput(token, 'pause', new Uint8Array(8))).toThrow(
      'token.pause: the output is 8 bytes too long',
    );
  });

  it.each([
    ['transfer', { to }, 'token.transfer argument "amount" (u64) is missing'],
    ['transfer', { to, amount: 1, fee: 2 }, 'token.transfer has no argument "fee"; it has "to", "amount"'],
    ['transfer', { to, amount: -1 }, 'token.transfer: argument "amount" must be a u64; found -1'],
    ['transfer', { to, amount: 2n ** 64n }, 'argument "amount" must be a u64; found 18446744073709551616n'],
    ['transfer', { to, amount: 1.5 }, 'must be a u64: a whole number, or one as a decimal string; found 1.5'],
    [
      'transfer',
      { to, amount: 2 ** 53 },
      'must be a u64: a whole number, or one as a decimal string; found 9007199254740992',
    ],
    ['transfer', { to, amount: '0x10' }, 'found "0x10"'],
    ['transfer', { to, amount: ' 1' }, 'found " 1"'],
    ['transfer', { to, amount: null }, 'found null'],
    ['transfer', { to: 'alice', amount: 1 }, 'argument "to" must be an address: 32 bytes, or "0x" with 64 or 40'],
    ['transfer', { to: to.subarray(1), amount: 1 }, 'found 31 bytes'],
    ['note', { text: 7 }, 'argument "text" must be a string; found 7'],
    ['note', { text: '\ud800' }, 'must be a string without half surrogate pairs'],
    ['burn', {}, 'token has no method "burn"; it has "transfer", "pause", "note"'],
  ])('says what is wrong with %s(%o)', (method, args, message) => {
    expect(() => encodeInput(token, method, args)).toThrow(message);
    expect(() => encodeInput(token, method, args)).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT' }));
  });
});
