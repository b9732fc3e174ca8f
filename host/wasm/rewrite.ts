import { type FunctionAnalysis, isStore, storedType } from './analysis.js';
import type { Cards } from './cards.js';
import { Code } from './code.js';
import { blockType } from './encode.js';
import { Instructions } from './instruction.js';
import { type Body, F32, F64, type FunctionType, I32, I64 } from './module.js';
import {
  BLOCK,
  BR,
  CALL,
  END,
  GLOBAL_GET,
  GLOBAL_SET,
  IF,
  LOOP,
  MEMORY_COPY,
  MEMORY_FILL,
  MEMORY_GROW,
  RETURN,
} from './opcode.js';
import { Writer } from './writer.js';

/** Where things are in the instrumented module. */
export interface Placement {
  /** Functions that the original imports, and what its own ones are shifted by. */
  readonly importedFunctions: number;
  readonly addedFunctions: number;
  /** What its globals are shifted by. */
  readonly addedGlobals: number;
  /** The global with the marks of the cards. */
  readonly marks: number;
  /** Functions that the rewrite adds. */
  readonly note: number;
  readonly copy: number;
  readonly fill: number;
  readonly grow: number;
}

/** The index that a function has after the rewrite. */
export function placed(index: number, { importedFunctions, addedFunctions }: Placement): number {
  return index < importedFunctions ? index : index + addedFunctions;
}

/** Told where in the rewritten body the code of the instruction begins that is at `original` in the module, what is put before it included. */
export type NoteOffset = (rewritten: number, original: number) => void;

/** A function as it is to be: bytes of its body, locals included, without their length. */
export function rewriteFunction(
  bytes: Uint8Array,
  body: Body,
  type: FunctionType,
  analysis: FunctionAnalysis,
  stackBytes: number,
  place: Placement,
  cards: Cards,
  note?: NoteOffset,
): Uint8Array {
  return new FunctionRewriter(bytes, body, type, analysis, stackBytes, place, cards).run(note);
}

const STORED = [I32, I64, F32, F64];

class FunctionRewriter {
  readonly #code = new Code();
  readonly #instructions: Instructions;
  readonly #body: Body;
  readonly #type: FunctionType;
  readonly #analysis: FunctionAnalysis;
  /** Bytes of stack that the function counts, 0 where it does not. */
  readonly #stackBytes: number;
  readonly #place: Placement;
  readonly #cards: Cards;
  readonly #bytes: Uint8Array;
  /** Scratch locals: an i64, an i32, and one for each type of value that is stored. */
  readonly #wide: number;
  readonly #narrow: number;
  readonly #stored: ReadonlyMap<number, number>;
  #depth = 0;

  constructor(
    bytes: Uint8Array,
    body: Body,
    type: FunctionType,
    analysis: FunctionAnalysis,
    stackBytes: number,
    place: Placement,
    cards: Cards,
  ) {
    this.#bytes = bytes;
    this.#body = body;
    this.#type = type;
    this.#analysis = analysis;
    this.#stackBytes = stackBytes;
    this.#place = place;
    this.#cards = cards;
    this.#instructions = new Instructions(bytes, body.start, body.end);
    this.#wide = body.locals.reduce((sum, { count }) => sum + count, type.parameters.length);
    this.#narrow = this.#wide + 1;
    const types = STORED.filter((one) => analysis.storedTypes.has(one));
    this.#stored = new Map(types.map((one, position) => [one, this.#narrow + 1 + position]));
  }

  run(note?: NoteOffset): Uint8Array {
    const code = this.#code;
    this.#writeLocals();
    // A call that has no stack left fails at the function's first instruction.
    note?.(code.length, this.#body.start);
    if (this.#stackBytes > 0) code.takeStack(this.#stackBytes, this.#narrow).op(BLOCK, blockType(this.#type));
    const { blocks } = this.#analysis;
    const instructions = this.#instructions;
    for (let next = 0; instructions.next(); ) {
      note?.(code.length, instructions.start);
      const block = blocks[next];
      if (block?.offset === instructions.start) {
        code.charge(block.cost, this.#wide);
        next++;
      }
      this.#rewrite();
    }
    if (this.#stackBytes > 0) code.giveStack(this.#stackBytes).op(END);
    return code.finish();
  }

  #writeLocals(): void {
    const { locals } = this.#body;
    const own = [I64, I32, ...this.#stored.keys()];
    this.#code.u32(locals.length + own.length);
    for (const { count, type } of locals) this.#code.u32(count).byte(type);
    for (const type of own) this.#code.u32(1).byte(type);
  }

  #rewrite(): void {
    const code = this.#code;
    const place = this.#place;
    const { opcode, index, start, end } = this.#instructions;
    if (opcode === CALL) code.call(placed(index, place));
    else if (opcode === GLOBAL_GET) code.globalGet(index + place.addedGlobals);
    else if (opcode === GLOBAL_SET) code.globalSet(index + place.addedGlobals);
    else if (opcode === MEMORY_GROW) code.call(place.grow);
    else if (opcode === MEMORY_COPY) code.call(place.copy);
    else if (opcode === MEMORY_FILL) code.call(place.fill);
    else if (opcode === RETURN && this.#stackBytes > 0) code.op(BR).u32(this.#depth);
    else {
      if (isStore(opcode) && !this.#analysis.notedStores.has(start)) this.#mark();
      code.bytes(this.#bytes.subarray(start, end));
    }
    if (opcode === BLOCK || opcode === LOOP || opcode === IF) this.#depth++;
    else if (opcode === END) this.#depth--;
  }

  /** Before a store: its operands are on the stack, the address under the value. */
  #mark(): void {
    const { opcode, second: offset } = this.#instructions;
    const value = this.#stored.get(storedType(opcode)) as number;
    const address = this.#narrow;
    this.#code.set(value).set(address);
    this.#cards.writeMark(this.#code, this.#place.marks, address, offset, this.#wide, this.#place.note);
    this.#code.get(address).get(value);
  }
}

/** The body of a function of our own: its locals, each of one type, and its code. */
export function ownBody(locals: readonly number[], code: Code): Uint8Array {
  const to = new Writer().u32(locals.length);
  for (const type of locals) to.u32(1).byte(type);
  return to.bytes(code.finish()).finish();
}
