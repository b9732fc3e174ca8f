import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleCaller } from '../support/sample-source.js';

describe('checked arithmetic', () => {
  const types = ['u8', 'u16', 'u32', 'u64', 'i8', 'i16', 'i32', 'i64'];

  it('reverts exactly where the result does not fit', async () => {
    const contract = await sampleCaller(
      [
        'import { checked } from "blockstm/assembly";',
        ...types.flatMap((type) =>
          ['add', 'subtract', 'multiply'].map(
            (name) =>
              `export function ${name}_${type}(left: ${type}, right: ${type}): ${type} { return checked.${name}<${type}>(left, right); }`,
          ),
        ),
      ].join('\n'),
    );
    for (const type of types) {
      const bits = BigInt(type.slice(1));
      const [least, most] = type.startsWith('i')
        ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n]
        : [0n, (1n << bits) - 1n];
      const number = fc.oneof(
        fc.bigInt(least, most),
        fc.constantFrom(least, least + 1n, most, most - 1n, 0n, 1n, least === 0n ? 2n : -1n),
        fc.bigInt(0n, 1n << (bits / 2n)),
      );
      fc.assert(
        fc.property(number, number, fc.constantFrom('add', 'subtract', 'multiply'), (left, right, name) => {
          const exact = name === 'add' ? left + right : name === 'subtract' ? left - right : left * right;
          const receipt = contract.call('alice', `${name}_${type}`, { left, right });
          if (exact >= least && exact <= most) {
            expect(receipt).toMatchObject({ status: 'ok', value: bits === 64n ? exact : Number(exact) });
          } else {
            const message = exact > most ? 'overflow' : 'underflow';
            expect(receipt).toMatchObject({ status: 'reverted', message });
          }
        }),
        { numRuns: 300 },
      );
    }
  });
});
