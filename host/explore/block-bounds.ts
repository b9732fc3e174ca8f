// What a block can come to at most: how often its calls are executed, what they allocate, how far the lookahead gets.

import type { Operation, ProgramBlock } from './program.js';

/** Of a call, at most (assembly/kernel/status.ts). */
export const INCARNATIONS = 9;
/** Slots of an arena are noted in 64 bits, of which one is what was allocated before the block. */
const MAX_SLOTS = 63;
/** What a lookahead loses where a call is aborted, in sixteenths, and its most (assembly/kernel/frontier.ts). */
const SIXTEENTHS_LOST = 24;
const MOST_LOOKAHEAD = 2048;
const PAGE = 65536;

/**
 * Bytes of an arena in which one incarnation has all that it allocates; and, before its worker begins another one, the sums that it commits for others. 0 where there are too
 * many for each to have a place of its own.
 */
export function slotBytesOf({ programs }: ProgramBlock): number {
  const slots = 1 + INCARNATIONS * programs.length;
  if (slots > MAX_SLOTS) return 0;
  const allocated = programs.map(({ operations }) => operations.reduce((sum, each) => sum + allocatedBy(each), 0));
  const sums = allocated.some((_, call) => programs[call]?.operations.some(isCounting)) ? 16 * programs.length : 0;
  const bytes = 16 + Math.max(...allocated) + sums;
  return bytes * slots <= PAGE ? bytes : 0;
}

/** A record, a node and an access, or a delta, its sum and an access. */
function allocatedBy(operation: Operation): number {
  if (operation.kind === 'choose') return 16 + allocatedBy(operation.odd) + allocatedBy(operation.even);
  return isCounting(operation) ? 128 : 48;
}

function isCounting(operation: Operation): boolean {
  if (operation.kind === 'choose') return isCounting(operation.odd) || isCounting(operation.even);
  return operation.kind === 'add' || operation.kind === 'subtract';
}

function amountOf(operation: Operation): number {
  if (operation.kind === 'choose') return amountOf(operation.odd) + amountOf(operation.even);
  return 'amount' in operation ? operation.amount : 0;
}

/** Above any number that calls add, write or find, but digests. */
export function mostNumber({ programs, state }: ProgramBlock): number {
  const amounts = programs.flatMap(({ operations }) => operations.map(amountOf));
  return (
    [...state.values()].map(Number).reduce((sum, each) => sum + each, 0) + amounts.reduce((sum, each) => sum + each, 0)
  );
}

/** How far the lookahead can get from `first`, what it is at first in the frontier's word, where it is never less than the block nor held back by its bounds; else 0. */
export function lookaheadRange(block: ProgramBlock, first: number): number {
  const calls = block.programs.length;
  const range = 2 * INCARNATIONS * calls * SIXTEENTHS_LOST;
  if ((first - range) >>> 5 < calls || (first + range) >>> 5 > MOST_LOOKAHEAD) return 0;
  // Numbers of the program's own must not look like it.
  return mostNumber(block) < first - range ? range : 0;
}
