import { describe, expect, it } from 'vitest';
import { encodeInput } from '../../dist/host/contract/codec.js';
import { addressOf, ContractCaller, sampleContract, wordOf } from '../support/contract-caller.js';
import type { ReferenceReceipt } from '../support/reference-host.js';

const operations = [
  'read',
  'write',
  'add',
  'remove',
  'has',
  'skipIfOdd',
  'writeAt',
  'readAt',
  'writeLong',
  'emit',
  'output',
  'revert',
  'trap',
  'assert',
  'mix',
  'sender',
] as const;

type Step = readonly [operation: (typeof operations)[number] | number, operand: bigint];

const absent = 0xabadcafeabadcafen;

/** Programs run one after another on one contract. */
class Machine {
  readonly #caller = new ContractCaller(sampleContract('program'));
  readonly contract = this.#caller.contract;

  run(...steps: Step[]): ReferenceReceipt {
    const words = steps.flatMap(([operation, operand]) => [
      BigInt(typeof operation === 'number' ? operation : operations.indexOf(operation)),
      operand,
    ]);
    return this.runCode(Uint8Array.from(words.flatMap(bytesOf)));
  }

  /** The output is the program's own, not the interface's, which says that there is none. */
  runCode(code: Uint8Array): ReferenceReceipt {
    const input = encodeInput(this.#caller.interface, 'run', { code });
    return this.contract.call({ sender: addressOf('alice'), method: 'run', input });
  }

  /** What the program leaves in `acc`. */
  result(...steps: Step[]): bigint {
    const { status, message, output } = this.run(...steps, ['output', 0n]);
    if (status !== 'ok') throw new Error(`the program ended ${status}: ${message}`);
    return wordOf(output, 0);
  }
}

function bytesOf(word: bigint): number[] {
  return Array.from({ length: 8 }, (_, index) => Number((word >> BigInt(index * 8)) & 0xffn));
}

function fold(digest: bigint, word: bigint): bigint {
  const mixed = BigInt.asUintN(64, digest * 0x9e3779b97f4a7c15n + word);
  return mixed ^ (mixed >> 29n);
}

describe('a program', () => {
  it('reads what it wrote, and a distinct value where there is nothing', () => {
    const machine = new Machine();
    expect(machine.result(['read', 1n])).toBe(absent);
    expect(machine.result(['add', 5n], ['write', 1n], ['read', 1n])).toBe(fold(8n, 5n));
    expect(machine.result(['read', 1n])).toBe(fold(8n, 5n));
    expect(machine.result(['remove', 1n], ['read', 1n])).toBe(absent);
    expect(machine.contract.storage.size).toBe(0);
  });

  it('tells whether a key has a value', () => {
    const machine = new Machine();
    expect(machine.result(['write', 3n], ['has', 3n], ['has', 4n], ['has', 3n])).toBe(0b101n);
  });

  it('skips operations where acc is odd', () => {
    const machine = new Machine();
    expect(machine.result(['add', 1n], ['skipIfOdd', 1n], ['add', 10n], ['add', 100n])).toBe(101n);
    expect(machine.result(['add', 2n], ['skipIfOdd', 1n], ['add', 10n], ['add', 100n])).toBe(112n);
    expect(machine.run(['add', 1n], ['skipIfOdd', 2n ** 64n - 1n], ['trap', 0n])).toMatchObject({
      status: 'ok',
      output: new Uint8Array(0),
    });
    expect(machine.run(['add', 1n], ['skipIfOdd', 1n], ['trap', 0n])).toMatchObject({
      status: 'ok',
      output: new Uint8Array(0),
    });
  });

  it('chooses keys by what it read', () => {
    const machine = new Machine();
    expect(machine.result(['add', 17n], ['writeAt', 10n], ['readAt', 0n])).toBe(absent);
    expect(machine.result(['read', 7n])).toBe(fold(8n, 17n));
    expect(machine.result(['add', 27n], ['readAt', 10n])).toBe(fold(8n, 17n));
    expect(machine.result(['writeAt', 0n], ['read', 0n])).toBe(fold(8n, 0n));
  });

  it.each([0n, 1n, 7n, 8n, 9n, 299n, 300n, 301n, 12345n])('writes acc mod 301 bytes where acc is %s', (acc) => {
    const machine = new Machine();
    machine.run(['add', acc], ['writeLong', 5n]);
    const length = Number(acc % 301n);
    const bytes = Uint8Array.from({ length }, (_, index) => Number((acc + BigInt(index)) & 0xffn));
    const value = [...machine.contract.storage.values()][0];
    expect(value).toBe(Buffer.from(bytes).toString('hex'));
    let summary = BigInt(length);
    for (let offset = 0; offset < length; offset += 8) {
      const word = [...bytes.slice(offset, offset + 8)].reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
      summary = fold(summary, word);
    }
    expect(machine.result(['read', 5n])).toBe(summary);
  });

  it('announces, mixes and knows its caller', () => {
    const machine = new Machine();
    const { events } = machine.run(['add', 6n], ['emit', 0x61n], ['emit', 0x62n]);
    expect(events.map(({ topic, data }) => [topic[0], topic.length, data[0], data.length])).toEqual([
      [0x61, 8, 6, 8],
      [0x62, 8, 6, 8],
    ]);
    expect(machine.result(['add', 3n], ['mix', 4n])).toBe(fold(3n, 4n));
    expect(machine.result(['sender', 0n])).toBe(fold(0n, wordOf(addressOf('alice'), 0)));
    expect(machine.result(['add', 1n], ['output', 0n], ['add', 2n ** 64n - 1n])).toBe(0n);
    expect(machine.run(['add', 1n]).output).toEqual(new Uint8Array(0));
  });

  it('stores a key as the hash of "cells" and the key', () => {
    const machine = new Machine();
    machine.run(['write', 0x0102n]);
    expect([...machine.contract.storage.keys()]).toEqual(['f2d2f7925e36990c0201000000000000']);
  });

  it('ends in every way a call can, keeping nothing', () => {
    const machine = new Machine();
    const ends: [Step, string, RegExp][] = [
      [['revert', 0n], 'reverted', /^acc is 18446744073709551615$/],
      [['trap', 0n], 'trapped', /^$/],
      [['assert', 0n], 'reverted', /^assertion of the program \(program\.ts:\d+:\d+\)$/],
      [[21, 0n], 'reverted', /^no such operation: 21$/],
    ];
    for (const [step, status, message] of ends) {
      expect(machine.run(['add', 2n ** 64n - 1n], ['write', 1n], ['emit', 1n], step)).toMatchObject({
        status,
        message: expect.stringMatching(message),
        events: [],
      });
    }
    expect(machine.runCode(new Uint8Array(17)).message).toBe('the code ends inside an operation');
    expect(machine.contract.storage.size).toBe(0);
  });
});
