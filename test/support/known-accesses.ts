import type { Transaction } from '../../dist/host/index.js';
import { encodeProgram } from './programs.js';
import type { Random } from './random.js';
import type { TapedContract } from './taped.js';

/** What a call does to keys, in its order. `fail`: it reverts. */
export type KnownStep = { readonly does: 'read' | 'write' | 'add'; readonly key: number } | { readonly does: 'fail' };

/** Operations of the program contract (assembly/contracts/program.ts). */
const NUMBERS = { read: 0, write: 1, add: 17 } as const;
const ADD_TO_REGISTER = 2;
const REVERT = 11;

/** Calls whose reads and writes are known from what they are made of. Counters are only added to before anything else, when the register is small, odd and known. */
export function makeKnownCalls(random: Random, calls: number, keys: number): KnownStep[][] {
  return Array.from({ length: calls }, () => {
    const steps: KnownStep[] = [];
    const key = (): number => random.below(keys);
    for (let adds = random.below(3); adds > 0; adds--) steps.push({ does: 'add', key: key() });
    for (let others = random.below(5); others > 0; others--) {
      steps.push({ does: random.chance(0.5) ? 'read' : 'write', key: key() });
    }
    if (random.chance(0.1)) steps.push({ does: 'fail' });
    return steps;
  });
}

export function knownTransaction(contract: TapedContract, steps: readonly KnownStep[], work = 0): Transaction {
  const operations = [
    { number: 16, operand: BigInt(work) },
    // An odd register with bit 1: whatever is added to has no near bound.
    { number: ADD_TO_REGISTER, operand: 3n },
    ...steps.map((step) =>
      step.does === 'fail'
        ? { number: REVERT, operand: 0n }
        : { number: NUMBERS[step.does], operand: BigInt(step.key) },
    ),
  ];
  return contract.call(0, 'run', { code: encodeProgram(operations) });
}

interface KnownAccess {
  read: boolean;
  written: boolean;
  added: boolean;
}

function accessesOf(steps: readonly KnownStep[]): Map<number, KnownAccess> {
  const accesses = new Map<number, KnownAccess>();
  for (const step of steps) {
    if (step.does === 'fail') {
      for (const access of accesses.values()) Object.assign(access, { written: false, added: false });
      break;
    }
    const access = accesses.get(step.key) ?? { read: false, written: false, added: false };
    accesses.set(step.key, access);
    if (step.does === 'write') Object.assign(access, { written: true, added: false });
    else if (step.does === 'add') {
      if (!access.written) access.added = true;
    } else if (access.added) Object.assign(access, { read: true, written: true, added: false });
    else if (!access.written) access.read = true;
  }
  return accesses;
}

/** "from to key" of each dependency, sorted: what a call reads was left by the last one below it that wrote it, and those that have added to it since. */
export function knownDependencies(calls: readonly (readonly KnownStep[])[]): string[] {
  const accesses = calls.map(accessesOf);
  const found: string[] = [];
  for (const [to, own] of accesses.entries()) {
    for (const [key, { read }] of own) {
      for (let from = to - 1; read && from >= 0; from--) {
        const other = accesses[from]?.get(key);
        if (other?.written || other?.added) found.push(`${from} ${to} ${key}`);
        if (other?.written) break;
      }
    }
  }
  return found.sort();
}

/** The gas of the dearest chain of dependencies, found by going through all of them. */
export function dearestChain(gas: readonly number[], dependencies: readonly string[]): number {
  const after = new Map<number, number[]>();
  for (const text of dependencies) {
    const [from, to] = text.split(' ').map(Number) as [number, number];
    after.set(from, [...(after.get(from) ?? []), to]);
  }
  const dearestFrom = (index: number): number =>
    (gas[index] as number) + Math.max(0, ...(after.get(index) ?? []).map(dearestFrom));
  return Math.max(0, ...gas.map((_, index) => dearestFrom(index)));
}
