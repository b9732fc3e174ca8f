/**
 * Why a call failed, as a stable code and a message of our own. The kernel's numbers are those of assembly/kernel/result.ts; those of
 * traps that V8 raises come after them.
 */

import { CapacityError, InvariantError } from '../runtime/errors.js';

interface FailureKind {
  readonly code: string;
  readonly message: string;
}

const FIRST_TRAP = 32;

/** Traps that a contract's own instructions raise. */
const TRAPS: readonly FailureKind[] = [
  { code: 'unreachable', message: 'the contract reached an unreachable instruction' },
  { code: 'divisionByZero', message: 'integer division by zero' },
  { code: 'integerOverflow', message: 'integer division overflow' },
  { code: 'outOfBounds', message: 'memory access out of bounds' },
  { code: 'indirectCall', message: 'indirect call to a wrong function' },
];

export const UNKNOWN_CONTRACT = 16;
export const UNKNOWN_METHOD = 17;

const FAILURES = new Map<number, FailureKind>([
  [1, { code: 'revert', message: 'reverted' }],
  [2, { code: 'badInput', message: 'the input cannot be decoded' }],
  [3, { code: 'keyLength', message: 'a storage key must have 1 to 256 bytes' }],
  [
    4,
    {
      code: 'valueLength',
      message: 'a value, output, message or event exceeds 65,536 bytes, or a topic or the name of a method 256',
    },
  ],
  [5, { code: 'stagedWords', message: 'the words pushed do not fit the length given' }],
  [6, { code: 'slot', message: 'no such slot: `lookup` did not return it in this call' }],
  [7, { code: 'outOfGas', message: 'the call needs more gas than its limit' }],
  [8, { code: 'stackLimit', message: 'the contract calls itself too deeply' }],
  [9, { code: 'memoryLimit', message: 'the contract asked for more memory than it may have' }],
  [10, { code: 'counter', message: 'the value counted on is not a number of 8 bytes' }],
  [11, { code: 'readOnly', message: 'the call is read-only: it may not store, remove, count or announce' }],
  [12, { code: 'reentrance', message: 'the contract called is on the call stack already' }],
  [13, { code: 'callDepth', message: 'more than 32 contracts call one another' }],
  [14, { code: 'callMode', message: 'a contract is called with mode 0 or 1' }],
  [15, { code: 'hashKind', message: 'there is no hash of this kind' }],
  [UNKNOWN_CONTRACT, { code: 'unknownContract', message: 'no contract has this address' }],
  [UNKNOWN_METHOD, { code: 'unknownMethod', message: 'the contract has no such method' }],
  ...TRAPS.map((kind, position): [number, FailureKind] => [FIRST_TRAP + position, kind]),
]);

/** The stable codes of failed calls. */
export const FAILURE_CODES: readonly string[] = [...FAILURES.values()].map(({ code }) => code);

/** The stable code and default message of a failure number. */
export function failureOf(number: number): FailureKind {
  const kind = FAILURES.get(number);
  if (kind === undefined) throw new RangeError(`there is no failure ${number}`);
  return kind;
}

/**
 * A module whose functions trap, each in its own way, named by the trap's position in TRAPS and a letter:
 *
 * ```wat
 * (type $v (func)) (type $i (func (param i32)))
 * (table 2 funcref) (memory 0) (elem (i32.const 0) $0a)
 * $0a: unreachable                          $1a: 1 / 0      $1b: 1 rem 0      $2a: -2^31 / -1      $3a: load of address 0
 * $4a: table index 5 of 2      $4b: an empty entry of the table      $4c: a function of another type
 * ```
 */
const TRAPPING = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x01, 0x08, 0x02, 0x60, 0x00, 0x00, 0x60, 0x01, 0x7f, 0x00],
  ...[0x03, 0x09, 0x08, 0, 0, 0, 0, 0, 0, 0, 0],
  ...[0x04, 0x04, 0x01, 0x70, 0x00, 0x02],
  ...[0x05, 0x03, 0x01, 0x00, 0x00],
  ...[0x07, 0x29, 0x08, ...['0a', '1a', '1b', '2a', '3a', '4a', '4b', '4c'].flatMap(exported)],
  ...[0x09, 0x07, 0x01, 0x00, 0x41, 0x00, 0x0b, 0x01, 0x00],
  ...[0x0a, 0x47, 0x08],
  ...[0x03, 0x00, 0x00, 0x0b],
  ...[0x08, 0x00, 0x41, 0x01, 0x41, 0x00, 0x6d, 0x1a, 0x0b],
  ...[0x08, 0x00, 0x41, 0x01, 0x41, 0x00, 0x6f, 0x1a, 0x0b],
  ...[0x0c, 0x00, 0x41, 0x80, 0x80, 0x80, 0x80, 0x78, 0x41, 0x7f, 0x6d, 0x1a, 0x0b],
  ...[0x08, 0x00, 0x41, 0x00, 0x28, 0x02, 0x00, 0x1a, 0x0b],
  ...[0x07, 0x00, 0x41, 0x05, 0x11, 0x00, 0x00, 0x0b],
  ...[0x07, 0x00, 0x41, 0x01, 0x11, 0x00, 0x00, 0x0b],
  ...[0x09, 0x00, 0x41, 0x00, 0x41, 0x00, 0x11, 0x01, 0x00, 0x0b],
]);

function exported(name: string, index: number): number[] {
  return [name.length, ...Buffer.from(name), 0, index];
}

let known: ReadonlyMap<string, number> | undefined;

/**
 * How this V8 words each trap, found out by provoking it: its wording differs between versions and is documented nowhere.
 * Nothing of it ever reaches a receipt. Once a thread: an instance takes address space, however small its memory is.
 *
 * @throws CapacityError where this process has too little of that for any contract.
 */
export function learnTraps(): ReadonlyMap<string, number> {
  known ??= provokeTraps();
  return known;
}

function provokeTraps(): ReadonlyMap<string, number> {
  const { exports } = trapping();
  const numbers = new Map<string, number>();
  for (const [name, trap] of Object.entries(exports)) {
    try {
      (trap as () => void)();
    } catch (error) {
      numbers.set((error as Error).message, FIRST_TRAP + Number(name[0]));
    }
  }
  const learned = new Set(numbers.values());
  if (learned.size !== TRAPS.length) throw new InvariantError(`this V8 words only ${learned.size} kinds of traps`);
  return numbers;
}

function trapping(): WebAssembly.Instance {
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(TRAPPING));
  } catch (cause) {
    const message = 'the machine refused the memory of an instance: V8 reserves some 10 GiB of address space for each';
    throw new CapacityError('memory', message, { cause });
  }
}

/** The number of the trap that `error` is; undefined where it is no trap of a contract's own instructions. */
export function trapNumber(traps: ReadonlyMap<string, number>, error: unknown): number | undefined {
  return error instanceof WebAssembly.RuntimeError ? traps.get(error.message) : undefined;
}
