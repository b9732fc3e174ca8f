import { NOTED_BYTES } from './analysis.js';
import type { Cards } from './cards.js';
import { Code } from './code.js';
import { type Data, EMPTY, type Module } from './module.js';
import {
  BLOCK,
  BR,
  BR_IF,
  BR_TABLE,
  END,
  I32_CONST,
  I32_EQZ,
  I32_LT_U,
  I32_SHL,
  I32_SUB,
  I32_WRAP_I64,
  I64_ADD,
  I64_AND,
  I64_CTZ,
  I64_EQZ,
  IF,
  LOOP,
  MEMORY_FILL,
  MEMORY_INIT,
  SELECT,
} from './opcode.js';

/** A stretch of the memory as it is instantiated that is not all zero. */
export interface Run {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** Zeros between two runs that are stored rather than making two runs: what it takes to write them is what starting another run does. */
const ZEROS_KEPT = 512;

/** The initial memory as few runs, whatever segments it was given in, and in which order. They must be inside the memory. */
export function initialRuns(data: readonly Data[]): Run[] {
  const active = data.filter(({ start, bytes }) => start !== undefined && bytes.length > 0);
  if (active.length === 0) return [];
  const from = Math.min(...active.map(startOf));
  const end = Math.max(...active.map((segment) => startOf(segment) + segment.bytes.length));
  const image = new Uint8Array(end - from);
  for (const segment of active) image.set(segment.bytes, startOf(segment) - from);
  const runs: Run[] = [];
  let zeros = 0;
  let start = -1;
  for (let at = 0; at <= image.length; at++) {
    if (at < image.length && image[at] !== 0) {
      if (start < 0) start = at;
      zeros = 0;
    } else if (start >= 0 && (++zeros > ZEROS_KEPT || at === image.length)) {
      runs.push({ at: from + start, bytes: image.subarray(start, at - zeros + 1) });
      start = -1;
    }
  }
  return runs;
}

function startOf({ start }: Data): number {
  return (start?.value ?? 0) >>> 0;
}

/** A part of a run that belongs to a card. */
interface Piece {
  readonly run: number;
  /** In the run's bytes. */
  readonly from: number;
  readonly length: number;
  readonly at: number;
}

/** For each card that has any: what of the runs is in it, and in what is restored past it. */
function piecesOf(runs: readonly Run[], cards: Cards): ReadonlyMap<number, Piece[]> {
  const pieces = new Map<number, Piece[]>();
  const size = 2 ** cards.shift;
  runs.forEach(({ at, bytes }, run) => {
    const first = Math.max(0, Math.floor((at - NOTED_BYTES) / size));
    for (let card = first; card * size < at + bytes.length; card++) {
      const start = Math.max(at, card * size);
      const end = Math.min(at + bytes.length, (card + 1) * size + NOTED_BYTES);
      if (start >= end) continue;
      const piece = { run, from: start - at, length: end - start, at: start };
      pieces.set(card, [...(pieces.get(card) ?? []), piece]);
    }
  });
  return pieces;
}

/** The cards that an instance must have restored before its first call: those with initial bytes. */
export function initialMarks(runs: readonly Run[], cards: Cards): bigint {
  let marks = 0n;
  for (const card of piecesOf(runs, cards).keys()) marks |= 1n << BigInt(card);
  return marks & cards.all;
}

/**
 * The body of `reset()`, which makes the instance what it was when it was instantiated: the memory's marked cards are cleared and
 * given their initial bytes, and every mutable global its initial value. A table cannot have changed: a contract has no instruction for it.
 *
 * It takes two locals: i64 (the cards left), i32 (the card, then its address).
 */
export function resetBody(
  module: Module,
  runs: readonly Run[],
  cards: Cards,
  marks: number,
  firstGlobal: number,
): Code {
  const code = new Code();
  if (cards.count > 0) writeRestore(code, piecesOf(runs, cards), cards, marks);
  // A memory without pages has no cards, and stores that trap mark them all the same.
  if (module.memories.length > 0) code.i64(0).globalSet(marks);
  module.globals.forEach(({ isMutable, initial }, index) => {
    if (isMutable) code.bytes(initial.bytes.subarray(0, -1)).globalSet(firstGlobal + index);
  });
  return code.op(END);
}

function writeRestore(code: Code, pieces: ReadonlyMap<number, Piece[]>, cards: Cards, marks: number): void {
  const [left, at] = [0, 1];
  // A store out of bounds has marked a card that there is not, before it trapped.
  code.globalGet(marks).i64(cards.all).op(I64_AND).tee(left).op(I64_EQZ, I32_EQZ, IF, EMPTY, LOOP, EMPTY);
  code.get(left).op(I64_CTZ, I32_WRAP_I64).i32(cards.shift).op(I32_SHL).set(at);
  // memory.fill(at, 0, min(card and what is past it, memory - at))
  const restored = 2 ** cards.shift + NOTED_BYTES;
  code.get(at).i32(0).i32(restored).i32(cards.bytes).get(at).op(I32_SUB);
  code.i32(restored).i32(cards.bytes).get(at).op(I32_SUB, I32_LT_U, SELECT, MEMORY_FILL).byte(0);
  if (pieces.size > 0) writePieces(code, pieces, left);
  code.get(left).i64(-1).op(I64_ADD).get(left).op(I64_AND).tee(left);
  code.op(I64_EQZ, I32_EQZ, BR_IF).u32(0).op(END, END);
}

/** One case for each card with initial bytes. */
function writePieces(code: Code, pieces: ReadonlyMap<number, Piece[]>, left: number): void {
  const cases = [...pieces.keys()].sort((a, b) => a - b);
  const last = cases.at(-1) as number;
  for (let block = 0; block <= cases.length; block++) code.op(BLOCK, EMPTY);
  code
    .get(left)
    .op(I64_CTZ, I32_WRAP_I64, BR_TABLE)
    .u32(last + 1);
  for (let card = 0; card <= last; card++) code.u32(pieces.has(card) ? cases.indexOf(card) : cases.length);
  code.u32(cases.length);
  cases.forEach((card, position) => {
    code.op(END);
    for (const { run, from, length, at } of pieces.get(card) as Piece[]) {
      code.i32(at).byte(I32_CONST).signed(from).i32(length).op(MEMORY_INIT).u32(run).byte(0);
    }
    code.op(BR).u32(cases.length - 1 - position);
  });
  code.op(END);
}
