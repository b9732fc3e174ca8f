import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEvent, encodeEvent } from '../../dist/host/contract/event-codec.js';
import { compileErrorOf, sampleCaller, sdkImport } from '../support/sample-source.js';

describe('events', () => {
  it('are announced as the host encodes them', async () => {
    const contract = await sampleCaller(`${sdkImport}
      class Inner { constructor(readonly a: u8, readonly b: string) {} }
      @event class Plain { constructor(readonly text: string, readonly number: i16) {} }
      @event class Nothing { constructor() {} }
      @event("from", "inner") class Eightful { constructor(readonly from: Address, readonly amount: u128, readonly inner: Inner, readonly rest: u64[]) {} }
      @event class Declared { flag: bool = true; note: string | null = null; }
      export function go(text: string, number: i16, from: Address, amount: u128, inner: Inner, rest: u64[]): void {
        emit(new Plain(text, number));
        emit(new Nothing());
        const event = new Eightful(from, amount, inner, rest);
        emit(event);
        const declared = new Declared();
        declared.note = text;
        emit(declared);
      }
      export function fails(): void { emit(new Nothing()); assert(false); }
    `);
    fc.assert(
      fc.property(
        fc.record({
          text: fc.string({ unit: 'binary', maxLength: 30 }),
          number: fc.integer({ min: -32768, max: 32767 }),
          from: fc.uint8Array({ minLength: 32, maxLength: 32 }),
          amount: fc.bigInt(0n, 2n ** 128n - 1n),
          inner: fc.record({ a: fc.nat(255), b: fc.string({ maxLength: 20 }) }),
          rest: fc.array(fc.bigInt(0n, 2n ** 64n - 1n), { maxLength: 3 }),
        }),
        (args) => {
          const { text, number, from, amount, inner, rest } = args;
          const expected = [
            { name: 'Plain', fields: { text, number } },
            { name: 'Nothing', fields: {} },
            { name: 'Eightful', fields: { from, amount, inner, rest } },
            { name: 'Declared', fields: { flag: true, note: text } },
          ];
          const { events } = contract.call('alice', 'go', args);
          expect(events.map((event) => decodeEvent(contract.interface, event))).toEqual(expected);
          const encoded = expected.map(({ name, fields }) => encodeEvent(contract.interface, name, fields));
          expect(events.map(({ topic, data }) => ({ topic, data }))).toEqual(encoded);
        },
      ),
      { numRuns: 50 },
    );
    expect(contract.call('alice', 'fails').events).toEqual([]);
  });

  it('are of classes with @event only', async () => {
    const emitted: readonly (readonly [body: string, type: string])[] = [
      ['emit(new Plain(1))', 'Plain'],
      ['const it = new Plain(1); emit(it)', 'Plain'],
      ['sdk.emit<Plain>(new Plain(1))', 'Plain'],
      ['emit("text")', 'String'],
    ];
    const error = await compileErrorOf(`import { emit } from "blockstm/assembly";
import * as sdk from "blockstm/assembly";
class Plain { constructor(readonly text: u64) {} }
function help<T>(event: T): void { emit(event); }
${emitted.map(([body], index) => `export function go${index}(): void { ${body}; }`).join('\n')}
export function last(): void { help(new Plain(1)); }`);
    const refused = (line: number, type: string) =>
      `sample.ts:${line}: only an object of a class declared with @event can be emitted, and ${type} is none`;
    expect(error.problems.map(({ file, line, message }) => `${file}:${line}: ${message}`)).toEqual([
      refused(4, 'Plain'),
      ...emitted.map(([, type], index) => refused(5 + index, type)),
    ]);
  });
});
