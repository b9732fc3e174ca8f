import type { DependencyGraph, Transaction } from '../../dist/host/index.js';
import { type Operation, runModel } from './program-model.js';
import { encodeProgram } from './programs.js';
import type { Random } from './random.js';
import type { TapedContract } from './taped.js';

/**
 * What a call does to keys, in its order. `add`: to a counter, with a bound that is far away; `count` and `countDown`: `more` is added to the register, which then says the amount
 * and the bound, perhaps a near one. `fail`: it reverts.
 */
export type KnownStep =
  | { readonly does: 'read' | 'write' | 'add'; readonly key: number }
  | { readonly does: 'count' | 'countDown'; readonly key: number; readonly more: number }
  | { readonly does: 'fail' };

/** Operations of the program contract (assembly/contracts/program.ts). */
const NUMBERS = { read: 0, write: 1, add: 17, count: 17, countDown: 18 } as const;
const ADD_TO_REGISTER = 2;
const OUTPUT = 10;
const REVERT = 11;
const SENDER = new Uint8Array(32).fill(1);

/**
 * Calls whose reads and writes are known from what they are made of. Counters are only added to before anything else, when the register is small, odd and known; then one may be counted on to a near
 * bound, so that no verdict depends on another key's.
 */
export function makeKnownCalls(random: Random, calls: number, keys: number): KnownStep[][] {
  return Array.from({ length: calls }, () => {
    const steps: KnownStep[] = [];
    const key = (): number => random.below(keys);
    for (let adds = random.below(3); adds > 0; adds--) steps.push({ does: 'add', key: key() });
    const bounded = key();
    for (let counts = random.below(3); counts > 0; counts--) {
      const more = random.below(random.chance(0.5) ? 30 : 1200);
      steps.push({ does: random.chance(0.5) ? 'count' : 'countDown', key: bounded, more });
    }
    for (let others = random.chance(0.4) ? 0 : random.below(4); others > 0; others--) {
      steps.push({ does: random.chance(0.6) ? 'read' : 'write', key: key() });
    }
    if (random.chance(0.1)) steps.push({ does: 'fail' });
    return steps;
  });
}

export function knownTransaction(contract: TapedContract, steps: readonly KnownStep[], work = 0): Transaction {
  const operations = [{ number: 16, operand: BigInt(work) }, ...operationsOf(steps)];
  return contract.call(0, 'run', { code: encodeProgram(operations) });
}

function operationsOf(steps: readonly KnownStep[]): Operation[] {
  // An odd register with bit 1: whatever is added to has no near bound.
  return [{ number: ADD_TO_REGISTER, operand: 3n }, ...steps.flatMap(operationsOfStep)];
}

function operationsOfStep(step: KnownStep): Operation[] {
  if (step.does === 'fail') return [{ number: REVERT, operand: 0n }];
  const operation = { number: NUMBERS[step.does], operand: BigInt(step.key) };
  return 'more' in step ? [{ number: ADD_TO_REGISTER, operand: BigInt(step.more) }, operation] : [operation];
}

type KnownCalls = readonly (readonly KnownStep[])[];

/** What the steps of call `index` that count are told, at their places, if it is executed right after the first `length` calls. */
function verdictsAfter(calls: KnownCalls, length: number, index: number): Map<number, boolean> {
  const before = calls.slice(0, length).map((steps) => ({ sender: SENDER, operations: operationsOf(steps) }));
  const verdicts = new Map<number, boolean>();
  const own = calls[index] as readonly KnownStep[];
  for (const [place, { does }] of own.entries()) {
    if (does !== 'add' && does !== 'count' && does !== 'countDown') continue;
    const operations = [...operationsOf(own.slice(0, place + 1)), { number: OUTPUT, operand: 0n }];
    const output = runModel([...before, { sender: SENDER, operations }]).receipts.at(-1)?.output as string;
    // The lowest byte comes first, and its lowest bit is the verdict.
    verdicts.set(place, (Number.parseInt(output.slice(0, 2), 16) & 1) === 1);
  }
  return verdicts;
}

interface KnownAccess {
  read: boolean;
  written: boolean;
  added: boolean;
  /** Places of the steps whose verdicts depend on what was there before the call. */
  readonly counts: number[];
}

function accessesOf(steps: readonly KnownStep[], verdicts: ReadonlyMap<number, boolean>): Map<number, KnownAccess> {
  const accesses = new Map<number, KnownAccess>();
  for (const [place, step] of steps.entries()) {
    if (step.does === 'fail') {
      for (const access of accesses.values()) Object.assign(access, { written: false, added: false });
      break;
    }
    const access = accesses.get(step.key) ?? { read: false, written: false, added: false, counts: [] };
    accesses.set(step.key, access);
    if (step.does === 'write') Object.assign(access, { written: true, added: false });
    else if (step.does !== 'read') {
      if (access.written) continue;
      access.counts.push(place);
      if (verdicts.get(place)) access.added = true;
    } else if (access.added) Object.assign(access, { read: true, written: true, added: false });
    else if (!access.written) access.read = true;
  }
  return accesses;
}

/**
 * "from to key" of each dependency, sorted: what a call reads was left by the last one below it that wrote it, and those that have added to it since. What it counts on without reading it, it depends on
 * if the verdicts would have been others on the state before the block: where nobody has written it, on those that have added to it in the shortest beginning of the block after which the
 * verdicts are the same, found by executing the call after each.
 */
export function knownDependencies(calls: KnownCalls): string[] {
  const verdicts = calls.map((_, index) => verdictsAfter(calls, index, index));
  const accesses = calls.map((steps, index) => accessesOf(steps, verdicts[index] as Map<number, boolean>));
  const found: string[] = [];
  for (const [to, own] of accesses.entries()) {
    for (const [key, { read, counts }] of own) {
      const isToldAfter = (length: number): boolean => {
        const told = verdictsAfter(calls, length, to);
        return counts.every((place) => told.get(place) === verdicts[to]?.get(place));
      };
      let end = to;
      if (!read) {
        end = 0;
        while (!isToldAfter(end)) end++;
        const isWritten = accesses.slice(0, to).some((other) => other.get(key)?.written);
        if (end > 0 && isWritten) end = to;
      }
      for (let from = end - 1; from >= 0; from--) {
        const other = accesses[from]?.get(key);
        if (other?.written || other?.added) found.push(`${from} ${to} ${key}`);
        if (other?.written) break;
      }
    }
  }
  return found.sort();
}

/** The same of a graph, whose junctions stand for all that they come from. */
export function graphDependencies({ locations, nodes, junctions, edges }: DependencyGraph): string[] {
  const adders = (from: number): readonly number[] => {
    const junction = junctions[from - nodes.length];
    if (junction === undefined) return [from];
    return [...(junction.after === null ? [] : adders(junction.after)), ...junction.adders];
  };
  return edges
    .flatMap(({ from, to, location }) => adders(from).map((each) => `${each} ${to} ${locations[location]?.key}`))
    .sort();
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
