// Values of random types cross between the host's codec and the SDK's, both ways, and through storage.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeInput, encodeInput } from '../../dist/host/contract/codec.js';
import { compile } from '../../dist/host/contract/index.js';
import { baseTypes } from '../../dist/host/contract/type.js';
import { ContractCaller } from '../support/contract-caller.js';
import { absentOf, anyTypes, anyValueOf, classOf, writtenOf } from '../support/interface-values.js';

const seed = Math.floor(Math.random() * 2 ** 31);
const [made] = fc.sample(anyTypes(20), { seed, numRuns: 1 });
const structs = made?.structs ?? [];
// What is seldom made by chance is always there: arrays that are null, nulls in arrays, and both types of bytes.
const types = [...baseTypes, 'bytes', 'string[]?', 'string?[]', ...(made?.types ?? [])].map((text, index) => ({
  text,
  written: writtenOf(text, index % 2 === 0 ? 'Uint8Array' : 'StaticArray<u8>'),
  values: anyValueOf(text, structs),
  absent: absentOf(text, structs),
}));

const { wasm } = await compile({
  name: 'echo',
  source: [
    'import { Address, Map, u128, u256 } from "blockstm/assembly";',
    ...structs.map((struct, index) => classOf(struct, index % 2 === 0)),
    ...types.flatMap(({ written }, index) => [
      `const map${index} = new Map<u32, ${written}>();`,
      `export function back${index}(value: ${written}): ${written} { return value; }`,
      `export function kept${index}(value: ${written}): ${written} { map${index}.set(1, value); return map${index}.get(1); }`,
      `export function absent${index}(): ${written} { return map${index}.get(2); }`,
    ]),
    `export function mixed(${types
      .slice(-8)
      .map(({ written }, index) => `value${index}: ${written}`)
      .join(', ')}): void {}`,
  ].join('\n'),
});
const echo = new ContractCaller(wasm);

describe(`values of random types, seed ${seed}`, () => {
  it('are of the types that the interface says', () => {
    const outputs = echo.interface.methods.filter(({ name }) => name.startsWith('back')).map(({ output }) => output);
    expect(outputs).toEqual(types.map(({ text }) => text));
    expect(outputs).toEqual(expect.arrayContaining(['string[]?', 'string?[]']));
  });

  it('come back as they were given, from input and from storage', () => {
    for (const [index, type] of types.entries()) {
      fc.assert(
        fc.property(type.values, (value) => {
          expect(echo.value('alice', `back${index}`, { value })).toEqual(value);
          expect(echo.value('alice', `kept${index}`, { value })).toEqual(value);
        }),
        { numRuns: 40 },
      );
    }
  });

  it('read as nothing where nothing is stored', () => {
    for (const [index, { absent }] of types.entries()) {
      expect(echo.value('alice', `absent${index}`)).toEqual(absent);
    }
  });

  it('are decoded by the contract exactly where the host decodes them', () => {
    const outcomes = new Map<string, number>();
    const values = fc.record(
      Object.fromEntries(types.slice(-8).map((type, index) => [`value${index}`, type.values] as const)),
    );
    const change = fc.tuple(fc.nat(), fc.oneof(fc.constantFrom(0, 1, 2, 255), fc.nat(255)));
    fc.assert(
      fc.property(
        values,
        fc.array(change, { maxLength: 2 }),
        fc.integer({ min: -18, max: 18 }),
        (args, changes, cut) => {
          let input = encodeInput(echo.interface, 'mixed', args);
          for (const [at, byte] of changes) input[at % input.length] = byte;
          // Mostly left as long as it is.
          if (cut < -14) input = input.slice(0, cut);
          if (cut > 14) input = Uint8Array.from([...input, ...new Uint8Array(cut - (cut % 8))]);
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
      { numRuns: 3000 },
    );
    expect([...outcomes.keys()].sort()).toEqual(['invalid', 'ok']);
  });
});
