import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeInput, encodeInput, encodeValue } from '../../dist/host/contract/codec.js';
import { compile } from '../../dist/host/contract/index.js';
import { addressOf, ContractCaller } from '../support/contract-caller.js';

async function compiled(source: string, context = {}): Promise<ContractCaller> {
  return new ContractCaller((await compile({ source, name: 'sample' })).wasm, context);
}

const integers = ['u8', 'u16', 'u32', 'u64', 'i8', 'i16', 'i32', 'i64'] as const;

const types: Readonly<Record<string, string>> = {
  ...Object.fromEntries(integers.map((type) => [type, type])),
  bool: 'bool',
  address: 'Address',
  string: 'string',
  staticArray: 'StaticArray<u8>',
  uint8Array: 'Uint8Array',
};

function valuesOf(type: string): fc.Arbitrary<unknown> {
  if (type === 'bool') return fc.boolean();
  if (type === 'address') return fc.uint8Array({ minLength: 32, maxLength: 32 });
  if (type === 'string') return fc.string({ unit: 'binary', maxLength: 30 });
  if (type === 'staticArray' || type === 'uint8Array') return fc.uint8Array({ maxLength: 30 });
  const bits = BigInt(type.slice(1));
  const range = type.startsWith('i')
    ? fc.bigInt(-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n)
    : fc.bigInt(0n, (1n << bits) - 1n);
  return bits === 64n ? range : range.map(Number);
}

const echo = await compiled(
  [
    'import { Address, Map } from "blockstm/assembly";',
    ...Object.entries(types).flatMap(([name, type]) => [
      `const ${name}Map = new Map<${type}, ${type}>("${name}");`,
      `export function ${name}Back(value: ${type}): ${type} { return value; }`,
      `export function ${name}Kept(value: ${type}): ${type} { const slot = ${name}Map.at(value); slot.set(value); return slot.get(); }`,
      `export function ${name}Absent(value: ${type}): ${type} { ${name}Map.delete(value); return ${name}Map.get(value); }`,
    ]),
    'export function mixed(a: bool, b: string, c: i16, d: StaticArray<u8>, e: Address, f: u8): u8 { return f; }',
  ].join('\n'),
);

describe('values that cross', () => {
  it.each(Object.keys(types))('%s comes back as it was given, from input and from storage', (name) => {
    fc.assert(
      fc.property(valuesOf(name), (value) => {
        expect(echo.value('alice', `${name}Back`, { value })).toEqual(value);
        expect(echo.value('alice', `${name}Kept`, { value })).toEqual(value);
      }),
    );
  });

  it.each(Object.keys(types))('%s reads as nothing where nothing is stored', (name) => {
    const nothing: Record<string, unknown> = {
      bool: false,
      address: new Uint8Array(32),
      string: '',
      staticArray: new Uint8Array(0),
      uint8Array: new Uint8Array(0),
      u64: 0n,
      i64: 0n,
    };
    fc.assert(
      fc.property(valuesOf(name), (value) => {
        expect(echo.value('alice', `${name}Absent`, { value })).toEqual(nothing[name] ?? 0);
      }),
      { numRuns: 5 },
    );
  });

  it('are decoded by the contract exactly where the host decodes them', () => {
    const mixed = fc.record({
      a: valuesOf('bool'),
      b: valuesOf('string'),
      c: valuesOf('i16'),
      d: valuesOf('staticArray'),
      e: valuesOf('address'),
      f: valuesOf('u8'),
    });
    const outcomes = new Map<string, number>();
    fc.assert(
      fc.property(
        mixed,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }),
        fc.integer({ min: -9, max: 9 }),
        (args, changes, cut) => {
          let input = encodeInput(echo.interface, 'mixed', args);
          for (const [at, byte] of changes) input[at % input.length] = byte;
          // Mostly left as long as it is.
          if (cut < -7) input = input.slice(0, cut);
          if (cut > 7) input = Uint8Array.from([...input, ...new Uint8Array(cut)]);
          let expected = 'ok';
          try {
            decodeInput(echo.interface, 'mixed', input);
          } catch {
            expected = 'invalid';
          }
          const receipt = echo.callEncoded('alice', 'mixed', input);
          expect(receipt.status).toBe(expected);
          outcomes.set(expected, (outcomes.get(expected) ?? 0) + 1);
        },
      ),
      { numRuns: 2000 },
    );
    expect([...outcomes.keys()].sort()).toEqual(['invalid', 'ok']);
  });

  it.each([
    ['u64', '00', 'u64Back: the arguments take 8 bytes, the input has 1'],
    ['bool', '0200000000000000', 'boolBack: argument "value" is not a bool'],
    ['u8', '0001000000000000', 'u8Back: argument "value" is out of range'],
    ['i8', 'ff00000000000000', 'i8Back: argument "value" is out of range'],
    ['string', '', 'stringBack: the arguments take at least 8 bytes, the input has 0'],
    ['string', '0100000000000000ff00000000000000', 'stringBack: argument "value" is not UTF-8 padded with zeros'],
    [
      'string',
      '03000000000000'.concat('00', 'eda0800000000000'),
      'stringBack: argument "value" is not UTF-8 padded with zeros',
    ],
    ['string', '0100000000000000610000000000000061', 'stringBack: 1 bytes follow the arguments'],
    ['string', 'ffffffffffffffff', 'stringBack: argument "value" runs past the end of the input'],
    ['staticArray', '0900000000000000'.concat('0102030405060708'), 'argument "value" runs past the end of the input'],
    ['uint8Array', '0100000000000000'.concat('0102000000000000'), 'argument "value" is not padded with zeros'],
  ])('%s rejects %s', (type, bytes, message) => {
    const receipt = echo.callEncoded('alice', `${type}Back`, Uint8Array.from(Buffer.from(bytes, 'hex')));
    expect(receipt).toMatchObject({ status: 'invalid', message: expect.stringContaining(message) });
  });
});

describe('storage', () => {
  it('lays keys out as the field name hash and the words of the key', async () => {
    const contract = await compiled(`
      import { Map, Value } from "blockstm/assembly";
      const single = new Value<u8>("single");
      const texts = new Map<string, u16>("texts");
      export function put(): void { single.set(5); texts.set("key", 6); }
    `);
    contract.value('alice', 'put');
    const key = Buffer.from(encodeValue('string', 'key')).toString('hex');
    expect(contract.contract.storage).toEqual(
      new Map([
        [prefix('single'), '0500000000000000'],
        [prefix('texts') + key, '0600000000000000'],
      ]),
    );
  });

  it('keeps objects', async () => {
    const contract = await compiled(`
      import { Value } from "blockstm/assembly";
      class Person {
        name: string = "nobody";
        age: u32 = 1;
      }
      const person = new Value<Person>();
      export function set(name: string, age: u32): void { const it = new Person(); it.name = name; it.age = age; person.set(it); }
      export function describe(): string { const it = person.get(); return it.name + " " + it.age.toString(); }
      export function has(): bool { return person.has(); }
      export function remove(): void { person.remove(); }
    `);
    expect(contract.value('alice', 'describe')).toBe('nobody 1');
    contract.value('alice', 'set', { name: 'Zoë 🦊', age: 37 });
    expect([contract.value('alice', 'describe'), contract.value('alice', 'has')]).toEqual(['Zoë 🦊 37', true]);
    contract.value('alice', 'remove');
    expect([contract.value('alice', 'describe'), contract.value('alice', 'has')]).toEqual(['nobody 1', false]);
  });
});

describe('context', () => {
  it('tells who calls, where and when', async () => {
    const seed = Uint8Array.from({ length: 32 }, (_, index) => index);
    const context = { height: 7n, timestamp: 8n, chainId: 9n, seed };
    const contract = await compiled(
      `
      import { Address, context } from "blockstm/assembly";
      export function sender(): Address { return context.sender(); }
      export function self(): Address { return context.self(); }
      export function block(): string { return \`\${context.height()} \${context.timestamp()} \${context.chainId()} \${context.seed()[1]}\`; }
    `,
      context,
    );
    expect(contract.value('alice', 'sender')).toEqual(addressOf('alice'));
    expect(contract.value('alice', 'self')).toEqual(contract.contract.address);
    expect(contract.value('alice', 'block')).toBe(`7 8 9 ${0x0f0e0d0c0b0a0908n}`);
  });
});

describe('failures', () => {
  it('say what the contract says, and where for an assertion', async () => {
    const contract = await compiled(
      [
        'import { require, revert, trap } from "blockstm/assembly";',
        'export function reverts(): void { revert("no 🦊 today"); }',
        'export function requires(condition: bool): void { require(condition, "required"); }',
        'export function asserts(): void { assert(false, "asserted"); }',
        'export function assertsSilently(): void { assert(false); }',
        'export function throws(): void { throw new Error("thrown"); }',
        'export function indexes(index: i32): u8 { return new StaticArray<u8>(4)[index]; }',
        'export function divides(by: u64): u64 { return 1 / by; }',
        'export function traps(): void { trap(); }',
        'export function recurses(depth: u64): u64 { return depth == 0 ? 0 : 1 + recurses(depth - 1); }',
      ].join('\n'),
    );
    const outcome = (method: string, args = {}) => {
      const { status, message } = contract.call('alice', method, args);
      return `${status} ${message}`;
    };
    expect(outcome('reverts')).toBe('reverted no 🦊 today');
    expect(outcome('requires', { condition: true })).toBe('ok ');
    expect(outcome('requires', { condition: false })).toBe('reverted required');
    expect(outcome('asserts')).toBe('reverted asserted (sample.ts:4:35)');
    expect(outcome('assertsSilently')).toBe('reverted assertion failed (sample.ts:5:43)');
    expect(outcome('throws')).toBe('reverted thrown (sample.ts:6:34)');
    expect(outcome('indexes', { index: 4 })).toMatch(/^reverted Index out of range \(~lib\/staticarray\.ts:\d+:\d+\)$/);
    expect(outcome('divides', { by: 0 })).toBe('trapped ');
    expect(outcome('traps')).toBe('trapped ');
    expect(outcome('recurses', { depth: 10_000_000 })).toBe('trapped ');
  });

  it('leave no memory behind', async () => {
    const contract = await compiled(`
      import { trap } from "blockstm/assembly";
      export function allocate(bytes: i32, fails: bool): i32 {
        const array = new Uint8Array(bytes);
        for (let index = 0; index < bytes; index += 1000) if (array[index] != 0) return -1;
        array.fill(255);
        if (fails) trap();
        return array.length;
      }
    `);
    for (let call = 0; call < 40; call++) {
      expect(contract.call('alice', 'allocate', { bytes: 4_000_000, fails: true }).status).toBe('trapped');
      expect(contract.value('alice', 'allocate', { bytes: 4_000_000, fails: false })).toBe(4_000_000);
    }
  });
});

describe('addresses and wide arithmetic', () => {
  it('read, write and compare addresses', async () => {
    const contract = await compiled(`
      import { Address } from "blockstm/assembly";
      export function parse(text: string): Address { return Address.fromHex(text); }
      export function show(address: Address): string { return address.toString(); }
      export function compare(left: Address, right: Address): bool { assert((left == right) != (left != right)); return left == right; }
      export function isZero(address: Address): bool { return address.isZero; }
    `);
    fc.assert(
      fc.property(valuesOf('address'), valuesOf('address'), (left, right) => {
        const text = `0x${Buffer.from(left as Uint8Array).toString('hex')}`;
        expect(contract.value('alice', 'show', { address: left })).toBe(text);
        expect(contract.value('alice', 'parse', { text: text.toUpperCase().replace('X', 'x') })).toEqual(left);
        expect(contract.value('alice', 'compare', { left, right: left })).toBe(true);
        expect(contract.value('alice', 'compare', { left, right })).toBe(
          Buffer.from(left as Uint8Array).equals(right as Uint8Array),
        );
      }),
    );
    expect(contract.value('alice', 'parse', { text: `0x${'ab'.repeat(20)}` })).toEqual(
      Uint8Array.from([...new Uint8Array(12), ...new Uint8Array(20).fill(0xab)]),
    );
    expect(contract.value('alice', 'isZero', { address: new Uint8Array(32) })).toBe(true);
    for (const text of ['', '0x', `0x${'g'.repeat(64)}`, 'ab'.repeat(33), `0x${'a'.repeat(63)}`]) {
      expect(contract.call('alice', 'parse', { text }).message).toContain(
        'an address is 0x and 64 or 40 hexadecimal digits',
      );
    }
  });

  it('multiplies and divides in 128 bits', async () => {
    const contract = await compiled(`
      import { mulDiv, mulDivUp, squareRoot } from "blockstm/assembly";
      export function down(left: u64, right: u64, divisor: u64): u64 { return mulDiv(left, right, divisor); }
      export function up(left: u64, right: u64, divisor: u64): u64 { return mulDivUp(left, right, divisor); }
      export function root(left: u64, right: u64): u64 { return squareRoot(left, right); }
    `);
    const largest = 2n ** 64n - 1n;
    // Of every size: uniform numbers would all be large.
    const number = fc
      .tuple(fc.bigInt(0n, largest), fc.integer({ min: 0, max: 63 }))
      .map(([value, shift]) => value >> BigInt(shift));
    const edges = fc.constantFrom(0n, 1n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 63n, largest - 1n, largest);
    const any = fc.oneof(number, edges);
    fc.assert(
      fc.property(any, any, any, (left, right, divisor) => {
        const receipt = contract.call('alice', 'down', { left, right, divisor });
        const receiptUp = contract.call('alice', 'up', { left, right, divisor });
        if (divisor === 0n) {
          expect(receipt.status).toBe('reverted');
        } else {
          const exact = (left * right) / divisor;
          const exactUp = (left * right + divisor - 1n) / divisor;
          expect(receipt.value).toBe(exact > largest ? undefined : exact);
          expect(receiptUp.value).toBe(exactUp > largest ? undefined : exactUp);
        }
        const root = contract.value('alice', 'root', { left, right }) as bigint;
        expect(root * root <= left * right && (root + 1n) * (root + 1n) > left * right).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

/** FNV-1a, 64 bits, as the first word of a key, in hexadecimal digits. */
function prefix(name: string): string {
  let hash = 14695981039346656037n;
  for (const byte of Buffer.from(name)) hash = ((hash ^ BigInt(byte)) * 1099511628211n) % 2n ** 64n;
  return Buffer.from(encodeValue('u64', hash)).toString('hex');
}

describe('hashes and signatures', () => {
  it('are of the bytes given, whatever their length, and leave no words behind', async () => {
    const contract = await compiled(`
      import { blake3, keccak256, sha256, verifyEd25519 } from "blockstm/assembly";
      export function hash(bytes: StaticArray<u8>): StaticArray<u8> { keccak256(bytes); blake3(bytes); return sha256(bytes); }
      export function check(signature: StaticArray<u8>, message: StaticArray<u8>, key: StaticArray<u8>): bool {
        return verifyEd25519(signature, message, key);
      }
    `);
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const key = Buffer.from(publicKey.export({ format: 'jwk' }).x as string, 'base64url');
    const anyBytes = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(anyBytes, fc.nat(63), fc.nat(40), (message, at, cut) => {
        const expected = Uint8Array.from(createHash('sha256').update(message).digest());
        expect(contract.value('alice', 'hash', { bytes: message })).toEqual(expected);
        const signature = Uint8Array.from(sign(null, message, privateKey));
        expect(contract.value('alice', 'check', { signature, message, key })).toBe(true);
        const wrong = signature.map((byte, index) => (index === at ? byte ^ 1 : byte));
        expect(contract.value('alice', 'check', { signature: wrong, message, key })).toBe(false);
        const short = { signature: signature.slice(0, 63 - cut), message, key };
        expect(contract.value('alice', 'check', short)).toBe(false);
        expect(contract.value('alice', 'check', { signature, message, key: key.subarray(0, cut % 32) })).toBe(false);
      }),
      { numRuns: 30 },
    );
  });
});
