import { nearestName } from '../contract/nearest-name.js';
import { MisuseError } from '../runtime/errors.js';

/**
 * What a call does, in the explorer: a method written out as the storage operations that it makes. What it writes and answers is a digest of all that it has
 * read, so a call that read something else than sequentially is found out.
 *
 * ```text
 *   a        reads a            a=     writes a digest of what it has read so far       a=7   writes 7        a!   removes a
 *   a+2 a-2  adds to a counter, or subtracts                                            fail  reverts
 *   a?x:y    reads a, and does x where that is odd, else y
 * ```
 *
 * A key is a word of small letters and digits. None is `fail`, or one letter away from it: a slip of the pen would be a read.
 */
export type Operation =
  | { readonly kind: 'read' | 'write' | 'remove'; readonly key: number }
  | { readonly kind: 'put' | 'add' | 'subtract'; readonly key: number; readonly amount: number }
  | { readonly kind: 'choose'; readonly key: number; readonly odd: Operation; readonly even: Operation }
  | { readonly kind: 'fail' };

export interface Program {
  /** As it was written. */
  readonly text: string;
  readonly operations: readonly Operation[];
}

/** A block of calls, on a state. Keys are numbers, `names` says what they are called. */
export interface ProgramBlock {
  readonly programs: readonly Program[];
  readonly names: readonly string[];
  /** By key. */
  readonly state: ReadonlyMap<number, bigint>;
}

/** What a call answers, and whether it failed. */
export interface Outcome {
  readonly isFailed: boolean;
  readonly output: number;
}

/** What executing a block call by call gives. */
export interface SequentialResult {
  readonly outcomes: readonly Outcome[];
  readonly state: ReadonlyMap<number, bigint>;
}

const MAX_AMOUNT = 1_000_000;
/** Counters stay from 0 to this. */
export const COUNTER_MOST = 0xffff_ffff_ffffn;

/** Read a block: its calls separated by ";", their operations by spaces; the state as `a=5,b=2`. @throws MisuseError `ERR_ARGUMENT` */
export function parseBlock(text: string, state = ''): ProgramBlock {
  const names: string[] = [];
  const keyOf = (name: string): number => {
    const known = names.indexOf(name);
    return known >= 0 ? known : names.push(name) - 1;
  };
  const programs = text
    .split(';')
    .map((call) => call.trim())
    .map((call, index) => ({
      text: call,
      operations: call.split(/\s+/).map((word) => parseOperation(word, keyOf, `call ${index}`)),
    }));
  const values = new Map<number, bigint>();
  for (const part of state.split(',').filter((each) => each !== '')) {
    const match = /^([a-z]\w*)=(\d+)$/.exec(part.trim());
    if (match === null) throw new MisuseError('ERR_ARGUMENT', `state: expected a=5,b=2, found ${part}`);
    const value = BigInt(match[2] as string);
    if (value > COUNTER_MOST) throw new MisuseError('ERR_ARGUMENT', `state: ${part}: at most ${COUNTER_MOST}`);
    values.set(keyOf(match[1] as string), value);
  }
  return { programs, names, state: values };
}

function parseOperation(word: string, keyOf: (name: string) => number, where: string): Operation {
  if (word === 'fail') return { kind: 'fail' };
  const match = /^([a-z][a-z0-9]*)(.*)$/.exec(word);
  const rest = match?.[2];
  if (match === null || rest === undefined) throw unknownOperation(word, where);
  const name = match[1] as string;
  if (isLikeFail(name))
    throw new MisuseError(
      'ERR_ARGUMENT',
      `${where}: ${word}: no key is as near to fail as ${name}: did you mean fail?`,
    );
  const key = keyOf(name);
  if (rest === '') return { kind: 'read', key };
  if (rest === '=') return { kind: 'write', key };
  if (rest === '!') return { kind: 'remove', key };
  const change = /^([=+-])(\d+)$/.exec(rest);
  if (change !== null) {
    const amount = Number(change[2]);
    if (amount > MAX_AMOUNT) throw new MisuseError('ERR_ARGUMENT', `${where}: ${word}: at most ${MAX_AMOUNT}`);
    const kind = change[1] === '=' ? 'put' : change[1] === '+' ? 'add' : 'subtract';
    return { kind, key, amount };
  }
  const choice = /^\?([^:?]+):([^:?]+)$/.exec(rest);
  if (choice === null) throw unknownOperation(word, where);
  const [odd, even] = [choice[1] as string, choice[2] as string].map((each) => parseOperation(each, keyOf, where));
  return { kind: 'choose', key, odd: odd as Operation, even: even as Operation };
}

function isLikeFail(name: string): boolean {
  // In longer words the nearest name may be two letters away.
  return name.length <= 'fail'.length + 1 && nearestName(name, ['fail']) !== undefined;
}

function unknownOperation(word: string, where: string): MisuseError {
  return new MisuseError(
    'ERR_ARGUMENT',
    `${where}: no operation ${word || '(nothing)'}: expected a, a=, a=7, a+1, a-1, a!, a?x:y or fail, where a is any word`,
  );
}

/** What a call has read so far, with one more word: 32 bits. */
export function digest(before: number, word: bigint): number {
  const low = Number(word & 0xffff_ffffn);
  const high = Number((word >> 32n) & 0xffff_ffffn);
  return mixed(mixed(before, low), high);
}

function mixed(before: number, word: number): number {
  const product = Math.imul(before ^ word, 0x9e37_79b1);
  // Never a number that could be an address: states are compared up to the names of addresses.
  return ((product ^ (product >>> 15)) | 0x8000_0000) >>> 0;
}

/** What the call number `index` begins with. */
export function seedOf(index: number): number {
  return mixed(0x2545_f491, index + 1);
}

/** What a call reads where there is no value. */
export const NO_VALUE = 0x5eed_5eed_5eedn;

/** Execute a block call by call, without the kernel: what the explorer holds every schedule against. */
export function executeInOrder({ programs, state }: ProgramBlock): SequentialResult {
  let committed = new Map(state);
  const outcomes = programs.map(({ operations }, index): Outcome => {
    const values = new Map(committed);
    let answer = seedOf(index);
    const todo = [...operations];
    for (let next = todo.shift(); next !== undefined; next = todo.shift()) {
      if (next.kind === 'fail') return { isFailed: true, output: 0 };
      const value = values.get(next.key);
      const number = value ?? 0n;
      if (next.kind === 'read' || next.kind === 'choose') answer = digest(answer, value ?? NO_VALUE);
      if (next.kind === 'choose') todo.unshift((number & 1n) === 1n ? next.odd : next.even);
      if (next.kind === 'write') values.set(next.key, BigInt(answer));
      if (next.kind === 'put') values.set(next.key, BigInt(next.amount));
      if (next.kind === 'remove') values.delete(next.key);
      if (next.kind !== 'add' && next.kind !== 'subtract') continue;
      const sum = next.kind === 'add' ? number + BigInt(next.amount) : number - BigInt(next.amount);
      const isInBounds = sum >= 0n && sum <= COUNTER_MOST;
      if (isInBounds) values.set(next.key, sum);
      answer = digest(answer, isInBounds ? 1n : 0n);
    }
    committed = values;
    return { isFailed: false, output: answer };
  });
  return { outcomes, state: committed };
}
