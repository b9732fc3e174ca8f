import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeInput,
  decodeOutput,
  decodeValues,
  encodeInput,
  encodeOutput,
  encodeValue,
} from '../../dist/host/contract/codec.js';
import { type ContractInterface, parseInterface, type StructInterface } from '../../dist/host/contract/interface.js';
import { NESTING_MAX } from '../../dist/host/contract/type.js';
import { MisuseError } from '../../dist/host/runtime/errors.js';
import { anyArguments, anyTypedValue, EMPTY } from '../support/interface-values.js';

const order: StructInterface[] = [
  {
    name: 'Order',
    fields: [
      { name: 'maker', type: 'address' },
      { name: 'price', type: 'u128' },
      { name: 'memo', type: 'string?' },
    ],
  },
];

const words = (...values: bigint[]): Uint8Array => new Uint8Array(BigUint64Array.from(values).buffer);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('values of every type', () => {
  it('are decoded as they were encoded', () => {
    fc.assert(
      fc.property(anyTypedValue, ({ type, structs, value }) => {
        const bytes = encodeValue(type, value, structs);
        expect(bytes.length % 8).toBe(0);
        expect(decodeValues([type], bytes, structs)).toEqual([value]);
      }),
      { numRuns: 1000 },
    );
  });

  it('are arguments, and encoding is all that decoding accepts', () => {
    const change = fc.record({ at: fc.nat(), bits: fc.integer({ min: 1, max: 255 }) });
    let refused = 0;
    fc.assert(
      fc.property(anyArguments, change, ({ contract, args }, { at, bits }) => {
        const bytes = encodeInput(contract, 'take', args);
        expect(decodeInput(contract, 'take', bytes)).toEqual(args);
        const index = at % bytes.length;
        bytes[index] = (bytes[index] as number) ^ bits;
        let decoded: Record<string, unknown>;
        try {
          decoded = decodeInput(contract, 'take', bytes);
        } catch (error) {
          refused++;
          expect(error).toBeInstanceOf(MisuseError);
          return;
        }
        expect(decoded).not.toEqual(args);
        expect(encodeInput(contract, 'take', decoded)).toEqual(bytes);
      }),
      { numRuns: 1000 },
    );
    expect(refused).toBeGreaterThan(100);
  });

  it('are refused cut short, or with something behind them', () => {
    fc.assert(
      fc.property(anyTypedValue, fc.nat(), ({ type, structs, value }, at) => {
        const bytes = encodeValue(type, value, structs);
        expect(() => decodeValues([type], bytes.subarray(0, at % bytes.length), structs)).toThrow(MisuseError);
        expect(() => decodeValues([type], new Uint8Array([...bytes, 0]), structs)).toThrow(MisuseError);
      }),
    );
  });

  it('are laid out in words', () => {
    expect(encodeValue('u128', 2n ** 64n + 5n)).toEqual(words(5n, 1n));
    expect(encodeValue('u256', 2n ** 192n)).toEqual(words(0n, 0n, 0n, 1n));
    expect(encodeValue('u16[]', [1, 2])).toEqual(words(2n, 1n, 2n));
    expect(encodeValue('u128?', null)).toEqual(words(0n));
    expect(encodeValue('u128?', 7)).toEqual(words(1n, 7n, 0n));
    expect(encodeValue('i8[]?[]', [null, [-1]])).toEqual(words(2n, 0n, 1n, 1n, 2n ** 64n - 1n));
    const value = { memo: 'x', price: '9', maker: `0x${'00'.repeat(32)}` };
    expect(encodeValue('Order', value, order)).toEqual(words(0n, 0n, 0n, 0n, 9n, 0n, 1n, 1n, 0x78n));
  });

  it('may be outputs', () => {
    const contract: ContractInterface = {
      ...EMPTY,
      structs: order,
      methods: [
        { name: 'best', kind: 'view', inputs: [], output: 'Order?' },
        { name: 'go', inputs: [], output: null },
      ],
    };
    const value = { maker: new Uint8Array(32), price: 2n ** 100n, memo: null };
    expect(decodeOutput(contract, 'best', encodeOutput(contract, 'best', value))).toEqual(value);
    expect(decodeOutput(contract, 'best', encodeOutput(contract, 'best', null))).toBeNull();
    expect(encodeOutput(contract, 'go', undefined)).toEqual(new Uint8Array(0));
    expect(() => encodeOutput(contract, 'go', 1)).toThrow('sample.go has no result');
  });

  it('have fields of any name, also those of every object', () => {
    const names = ['__proto__', 'constructor', 'toString'];
    const structs = [{ name: 'Odd', fields: names.map((name) => ({ name, type: 'u8' })) }];
    const value = Object.fromEntries(names.map((name, index) => [name, index]));
    const [decoded] = decodeValues(['Odd'], encodeValue('Odd', value, structs), structs);
    expect(Object.entries(decoded as object)).toEqual(Object.entries(value));
    expect(() => encodeValue('Odd', {}, structs)).toThrow('misses the field "__proto__" (u8)');
  });

  it('can be encoded while others are, by a getter', () => {
    const args = {
      get argument0() {
        return encodeValue('u64', 5n);
      },
      argument1: 7n,
    };
    const inputs = [
      { name: 'argument0', type: 'bytes' },
      { name: 'argument1', type: 'u64' },
    ];
    const contract = { ...EMPTY, methods: [{ name: 'take', inputs, output: null }] };
    expect(encodeInput(contract, 'take', args)).toEqual(words(8n, 5n, 7n));
    const large = encodeValue('bytes[]', Array(20).fill(new Uint8Array(10_000).fill(1)));
    expect(decodeValues(['bytes[]'], large)).toEqual([Array(20).fill(new Uint8Array(10_000).fill(1))]);
  });
});

describe('what is not a value', () => {
  const contract: ContractInterface = {
    ...EMPTY,
    structs: order,
    methods: [{ name: 'place', inputs: [{ name: 'orders', type: 'Order[]' }], output: null }],
  };
  const good = { maker: new Uint8Array(32), price: 1n, memo: null };

  it.each([
    [{}, 'argument "orders" must be an array; found an object'],
    [[good, { ...good, price: -1 }], 'sample.place: argument "orders"[1].price must be a u128; found -1'],
    [[{ ...good, price: 2n ** 128n }], '[0].price must be a u128'],
    [[{ ...good, memo: undefined }], '[0].memo must be a string; found nothing'],
    [[{ ...good, fee: 1 }], 'argument "orders"[0] has no field "fee"; Order has maker, price, memo'],
    [[{ maker: good.maker, price: 1 }], 'argument "orders"[0] misses the field "memo" (string?)'],
    [[null], 'argument "orders"[0] must be an object with the fields of Order; found null'],
    [[[]], 'found an array'],
  ])('is refused by its place: %o', (orders, message) => {
    expect(() => encodeInput(contract, 'place', { orders })).toThrow(message);
    expect(() => encodeInput(contract, 'place', { orders })).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT' }));
  });

  it.each([
    ['u8[]', words(2n ** 60n), 'ends inside an array of 1152921504606846976 elements'],
    ['u8[]', words(2n ** 64n - 1n, 1n), 'ends inside an array'],
    ['u128[]', words(2n, 0n, 0n), 'ends inside an array of 2 elements'],
    ['bytes', words(2n ** 60n), 'ends inside a value of 1152921504606846976 bytes'],
    ['string?', words(2n), 'has 2 where whether there is a value was expected'],
    ['bool[]', words(1n, 2n), 'has 2 where a bool was expected'],
    ['i8', words(128n), 'has 128 where a i8 was expected'],
  ])('is refused as bytes of a %s', (type, bytes, message) => {
    expect(() => decodeValues([type], bytes)).toThrow(message);
  });

  it('is decoded in no more memory than its bytes are worth', () => {
    // Every level doubles what a value has: 2^31 words, of which there are four.
    const structs = Array.from({ length: 31 }, (_, index) => {
      const type = index === 0 ? 'u64' : `Level${index - 1}`;
      return { name: `Level${index}`, fields: ['left', 'right'].map((name) => ({ name, type })) };
    });
    const before = process.memoryUsage().heapUsed;
    expect(() => decodeValues(['Level30'], words(1n, 2n, 3n, 4n), structs)).toThrow('ends after 32 bytes');
    expect(() => decodeValues(['Level29[]'], words(2n ** 50n, 2n, 3n, 4n), structs)).toThrow('ends inside an array');
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(16 << 20);
  });
});

describe('a type expression', () => {
  const withType = (type: unknown, structs: unknown = order): string =>
    JSON.stringify({ ...EMPTY, structs, methods: [{ name: 'go', inputs: [{ name: 'x', type }], output: null }] });

  it.each(['u64', 'Order', 'Order[]?', 'u128?[]', 'bytes[][]', 'address?', `u8${'[]'.repeat(NESTING_MAX - 1)}`])(
    'is read as it is written: %s',
    (type) => {
      expect(parseInterface(withType(type)).methods[0]?.inputs[0]?.type).toBe(type);
    },
  );

  it.each([
    ['f64', 'names the type "f64", which is neither one of bool, u8,'],
    ['Bid', 'names the type "Bid", which is neither'],
    ['order', 'names the type "order"'],
    ['u64?', 'makes u64 nullable, which has no null'],
    ['bool?', 'makes bool nullable'],
    ['Order??', 'makes Order? nullable, which has no null'],
    ['[]', 'must be a type such as u64 or Order[]?, found "[]"'],
    ['u64 []', 'must be a type such as'],
    ['u64[', 'must be a type such as'],
    ['u64[3]', 'must be a type such as'],
    ['', 'must be a type such as'],
    ['constructor', 'names the type "constructor"'],
    [7, 'must be a type such as u64 or Order[]?, found 7'],
    [undefined, 'found nothing'],
    [`u8${'[]'.repeat(NESTING_MAX)}`, 'nests types more than 32 deep'],
    [`u8${'[]'.repeat(100_000)}`, 'must be a type such as'],
  ])('is refused at its place: %s', (type, message) => {
    expect(() => parseInterface(withType(type))).toThrow("the contract's interface: methods[0].inputs[0].type ");
    expect(() => parseInterface(withType(type))).toThrow(message);
    expect(() => parseInterface(withType(type))).toThrow(expect.objectContaining({ code: 'ERR_INTERFACE' }));
  });

  const struct = (name: string, ...types: string[]) => ({
    name,
    fields: types.map((type, index) => ({ name: `field${index}`, type })),
  });

  it.each([
    [[struct('A', 'A')], 'structs[0].fields[0].type makes the struct A a part of itself'],
    [[struct('A', 'u8', 'B[]'), struct('B', 'A?')], 'structs[1].fields[0].type makes the struct A a part of itself'],
    [[struct('A', 'B')], 'structs[0].fields[0].type names the type "B"'],
    [[struct('a', 'u8')], 'structs[0].name must be a name of letters, digits, "_" and "$" that starts with a capital'],
    [[struct('A b', 'u8')], 'structs[0].name must be'],
    [[struct('A')], 'structs[0].fields must be an array that is not empty'],
    [[struct('A', 'u8'), struct('A', 'u8')], 'structs must be names that differ, found "A"'],
    [[{ ...struct('A', 'u8'), extends: 'B' }], 'structs[0] has the unknown member "extends", known are name, fields'],
    [
      Array.from({ length: 40 }, (_, index) => struct(`S${index}`, index === 39 ? 'u8' : `S${index + 1}`)),
      'nests types more than 32 deep',
    ],
  ])('of structs is refused: %o', (structs, message) => {
    expect(() => parseInterface(withType('u8', structs))).toThrow(message);
  });

  it('is resolved in a time that goes with the document, whatever is nested in it', () => {
    const levels = Array.from({ length: 31 }, (_, index) =>
      struct(`S${index}`, ...Array(100).fill(index === 0 ? 'u8' : `S${index - 1}`)),
    );
    expect(parseInterface(withType('S30', levels)).structs).toHaveLength(31);
    const chain = Array.from({ length: 10_000 }, (_, index) => struct(`S${index}`, `S${index + 1}`));
    expect(() => parseInterface(withType('S0', chain))).toThrow('nests types more than 32 deep');
    expect(() => parseInterface(`${'['.repeat(400_000)}${']'.repeat(400_000)}`)).toThrow('found an array');
    expect(() => parseInterface(' '.repeat(2 ** 20 + 1))).toThrow('has 1048577 characters, more than 1048576');
    expect(hex(encodeValue('S0', { field0: 1 }, [struct('S0', 'u8')]))).toBe('0100000000000000');
  });
});
