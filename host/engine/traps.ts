/**
 * Why a call failed, as a stable code and a message of our own: the engine's wording differs between versions of V8.
 * The kernel's codes are those of assembly/kernel/result.ts.
 */

interface FailureKind {
  readonly code: string;
  readonly message: string;
}

const TRAP_BASE = 32;

/** Failures that the contract's own Wasm raises: how V8 words them, and what we make of it. */
const TRAPS: readonly (FailureKind & { readonly pattern: RegExp })[] = [
  { pattern: /unreachable/, code: 'unreachable', message: 'the contract reached an unreachable instruction' },
  { pattern: /divide by zero|remainder by zero/, code: 'divisionByZero', message: 'integer division by zero' },
  { pattern: /divide result unrepresentable/, code: 'integerOverflow', message: 'integer division overflow' },
  { pattern: /memory access out of bounds/, code: 'outOfBounds', message: 'memory access out of bounds' },
  {
    pattern: /table index|indirect call|null function|signature mismatch/,
    code: 'indirectCall',
    message: 'indirect call to a wrong function',
  },
  { pattern: /call stack/, code: 'stackOverflow', message: 'call stack exhausted' },
];

const OTHER_TRAP: FailureKind = { code: 'trap', message: 'the contract trapped' };

export const UNKNOWN_CONTRACT = 16;
export const UNKNOWN_METHOD = 17;

const FAILURES = new Map<number, FailureKind>([
  [1, { code: 'revert', message: 'reverted' }],
  [2, { code: 'badInput', message: 'the input cannot be decoded' }],
  [3, { code: 'keyLength', message: 'a storage key must have 1 to 256 bytes' }],
  [4, { code: 'valueLength', message: 'a value, output, message or event exceeds 65,536 bytes, or a topic 256' }],
  [5, { code: 'stagedWords', message: 'the words pushed do not fit the length given' }],
  [6, { code: 'slot', message: 'no such slot: `lookup` did not return it in this call' }],
  [UNKNOWN_CONTRACT, { code: 'unknownContract', message: 'no contract has this address' }],
  [UNKNOWN_METHOD, { code: 'unknownMethod', message: 'the contract has no such method' }],
  [TRAP_BASE + TRAPS.length, OTHER_TRAP],
  ...TRAPS.map(({ code, message }, position): [number, FailureKind] => [TRAP_BASE + position, { code, message }]),
]);

/** The number under which the kernel keeps what `error`, thrown by a contract, means. */
export function trapCode(error: unknown): number {
  const message = error instanceof Error ? error.message : '';
  const position = TRAPS.findIndex(({ pattern }) => pattern.test(message));
  return TRAP_BASE + (position < 0 ? TRAPS.length : position);
}

/** The stable code and default message of a failure number. */
export function failureOf(number: number): FailureKind {
  return FAILURES.get(number) ?? OTHER_TRAP;
}
