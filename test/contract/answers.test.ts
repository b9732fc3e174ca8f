// What a contract does with what another one answers, which may be anything.

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeValues, encodeValue } from '../../dist/host/contract/codec.js';
import { addressOf } from '../support/contract-caller.js';
import { Runtimes } from '../support/runtimes.js';
import { compileSample, sdkImport } from '../support/sample-source.js';

const runtimes = new Runtimes();
afterAll(() => runtimes.close());

const seed = Math.floor(Math.random() * 2 ** 31);
const alice = addressOf('alice');

/** By type: what it is in AssemblyScript, and a value of it. */
const asked = [
  { type: 'bool', written: 'bool', value: true },
  { type: 'u8', written: 'u8', value: 7 },
  { type: 'u64', written: 'u64', value: 7n },
  { type: 'u128', written: 'u128', value: 7n },
  { type: 'address', written: 'Address', value: alice },
  { type: 'string', written: 'string', value: 'dear me' },
  { type: 'string?', written: 'string | null', value: 'oh' },
  { type: 'bytes', written: 'Uint8Array', value: Uint8Array.of(1, 2, 3) },
  { type: 'Part', written: 'Part', value: { name: 'axle', sizes: [1n, 2n] } },
  { type: 'Part?[]', written: 'Array<Part | null>', value: [null, { name: '', sizes: [] }] },
];

const answering = `${sdkImport}
export function answer(bytes: StaticArray<u8>): void {
  all.set(all.get() + 1);
  for (let at = 0; at < bytes.length; at += 8) {
    let word: u64 = 0;
    for (let index = min(at + 8, bytes.length) - 1; index >= at; index--) word = (word << 8) | bytes[index];
    abi.push(word);
  }
  abi.output(bytes.length);
}
export function answered(): u64 { return all.get(); }
const all = new Value<u64>();`;

const asking = `${sdkImport}
import { call, CallStatus, stageMethod, stageTarget, tryCall } from "blockstm/assembly/call";
import { encode } from "blockstm/assembly/codec";
class Part { constructor(readonly name: string, readonly sizes: u64[]) {} }
const asked = new Value<u64>();
function ask<T>(target: Address, bytes: StaticArray<u8>): string {
  asked.set(asked.get() + 1);
  stageTarget(target);
  const method = stageMethod("answer");
  const result = tryCall<T>(method, encode<StaticArray<u8>>(bytes));
  if (result.ok) return "ok";
  assert(result.status == CallStatus.Malformed);
  return result.message;
}
export function times(): u64 { return asked.get(); }
${asked
  .map(
    ({ written }, index) => `
export function ask${index}(target: Address, bytes: StaticArray<u8>): string { return ask<${written}>(target, bytes); }
export function have${index}(target: Address, bytes: StaticArray<u8>): void {
  stageTarget(target);
  const method = stageMethod("answer");
  call<${written}>(method, encode<StaticArray<u8>>(bytes));
}`,
  )
  .join('\n')}`;

const malformed = 'the contract called gave another type of value';

/** Bytes that are nearly those of a value. */
const mutated = fc.record({
  which: fc.nat(asked.length - 1),
  from: fc.nat(asked.length - 1),
  at: fc.nat(),
  byte: fc.nat(255),
  kind: fc.constantFrom('as it is', 'changed', 'cut', 'longer', 'huge count'),
});

describe(`an answer, seed ${seed}`, () => {
  it('that is no value of the type is a failure for who tries, and the end of who does not', async () => {
    const runtime = await runtimes.get({ executor: 'sequential' });
    const asker = await runtime.deploy((await compileSample(asking)).wasm);
    const answerer = await runtime.deploy((await compileSample(answering)).wasm);
    const structs = [PART];
    const cases = fc.sample(mutated, { seed, numRuns: 300 }).map(({ which, from, at, byte, kind }) => {
      const other = asked[kind === 'as it is' ? which : from] as (typeof asked)[number];
      const bytes = [...encodeValue(other.type, other.value, structs)];
      if (kind === 'changed') bytes[at % bytes.length] = byte;
      if (kind === 'cut') bytes.length = at % bytes.length;
      if (kind === 'longer') bytes.push(...Array.from({ length: byte % 20 }, () => byte));
      if (kind === 'huge count') bytes.fill(255, 0, 5);
      return { which, bytes: Uint8Array.from(bytes) };
    });
    const call = (method: string, bytes: Uint8Array) =>
      asker.transaction(alice, method, { target: answerer.address, bytes });
    const { receipts } = await runtime.execute({
      transactions: [
        ...cases.map(({ which, bytes }) => call(`ask${which}`, bytes)),
        asker.transaction(alice, 'times'),
        answerer.transaction(alice, 'answered'),
        ...cases.map(({ which, bytes }) => call(`have${which}`, bytes)),
      ],
    });
    const outcomes = new Map<string, number>();
    for (const [index, { which, bytes }] of cases.entries()) {
      const { type } = asked[which] as (typeof asked)[number];
      const expected = isValue(type, bytes, structs) ? 'ok' : malformed;
      outcomes.set(expected, (outcomes.get(expected) ?? 0) + 1);
      const tried = receipts.get(index);
      expect(tried.status).toBe('ok');
      expect(asker.decodeOutput(`ask${which}`, tried.output)).toBe(expected);
      const { status, error } = receipts.get(cases.length + 2 + index);
      expect(status === 'ok' ? 'ok' : `${status} ${error?.message}`).toBe(
        expected === 'ok' ? 'ok' : `reverted ${malformed}`,
      );
    }
    // Who tried went on, and what the other did stays.
    expect(asker.decodeOutput('times', receipts.get(cases.length).output)).toBe(BigInt(cases.length));
    expect(answerer.decodeOutput('answered', receipts.get(cases.length + 1).output)).toBe(BigInt(cases.length));
    expect(Math.min(...outcomes.values())).toBeGreaterThan(40);
    expect(outcomes.size).toBe(2);
  });
});

const PART = {
  name: 'Part',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'sizes', type: 'u64[]' },
  ],
};

function isValue(type: string, bytes: Uint8Array, structs: readonly (typeof PART)[]): boolean {
  try {
    decodeValues([type], bytes, structs);
    return true;
  } catch {
    return false;
  }
}
