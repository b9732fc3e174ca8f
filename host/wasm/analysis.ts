import { blockType } from './encode.js';
import { INSTRUCTION_GAS, instructionGas } from './gas-schedule.js';
import { Instructions, TYPE_INDEX } from './instruction.js';
import { type Body, EMPTY, F32, F64, type FunctionType, functionTypes, I32, I64, type Module } from './module.js';
import {
  BLOCK,
  BR,
  BR_TABLE,
  CALL,
  CALL_INDIRECT,
  ELSE,
  END,
  FIRST_STORE,
  IF,
  LAST_STORE,
  LOCAL_GET,
  LOCAL_SET,
  LOCAL_TEE,
  LOOP,
  RETURN,
  UNREACHABLE,
} from './opcode.js';

/**
 * A metered block: its cost is charged at `offset`, before anything in it runs.
 *
 * One begins where a function, the body of a `loop` or an arm of an `if` begins, and after the `end` of a `block` whose last
 * instruction is not reached. It goes on through inner loops and ifs, which have blocks of their own, and past their ends; what a
 * branch jumps over was charged all the same. So a call charges once per function, turn of a loop and arm taken.
 *
 * Nothing runs without having been charged. Code after the `end` of a block belongs to the metered block that was entered before
 * it, if at all, and every branch to that `end` comes from inside: it has passed that charge. A loop's body is charged on each turn.
 */
export interface MeteredBlock {
  readonly offset: number;
  cost: number;
}

/** What the rewrite needs to know of a function. */
export interface FunctionAnalysis {
  /** Those that cost something, by offset. */
  readonly blocks: readonly MeteredBlock[];
  /** The greatest height of the operand stack, in values. */
  readonly height: number;
  /** Instructions that compute something from operands alone: the optimizing tier may keep each result for later. */
  readonly computations: number;
  readonly callees: ReadonlySet<number>;
  /** The types that are called through the table. */
  readonly indirect: ReadonlySet<number>;
  /** Offsets of stores into what an earlier store of the function has noted, see reset.ts. */
  readonly notedStores: ReadonlySet<number>;
  /** The types of the values that the other stores store. */
  readonly storedTypes: ReadonlySet<number>;
}

interface Frame {
  readonly opcode: number;
  readonly outer: MeteredBlock;
  /** Of the operand stack, under the block's parameters. */
  readonly height: number;
  readonly parameters: number;
  readonly results: number;
  readonly isDead: boolean;
}

/** How far past a noted address a store counts as noted too: the reset restores so many bytes past a card. */
export const NOTED_BYTES = 128;
const WIDEST_STORE = 8;

/** Takes operands, gives a value, and touches nothing else. */
function computes({ opcode, info }: Instructions): boolean {
  return info.pops > 0 && info.pushes > 0 && opcode !== LOCAL_TEE && info.immediate === 'none';
}

export function isStore(opcode: number): boolean {
  return opcode >= FIRST_STORE && opcode <= LAST_STORE;
}

/** The type of the value that a store instruction takes. */
export function storedType(opcode: number): number {
  return STORED_TYPES[opcode - FIRST_STORE] as number;
}

const STORED_TYPES = [I32, I64, F32, F64, I32, I32, I64, I64, I64];

/** Goes through a function once. The module must be valid. */
export class FunctionAnalyzer {
  readonly #module: Module;
  readonly #types: readonly number[];
  readonly #frames: Frame[] = [];
  readonly #blocks: MeteredBlock[] = [];
  readonly #callees = new Set<number>();
  readonly #indirect = new Set<number>();
  readonly #notedStores = new Set<number>();
  readonly #storedTypes = new Set<number>();
  /** The values on the operand stack, each by a number of its own. */
  readonly #stack: number[] = [];
  #nextValue = 0;
  /** The value that a local is known to hold. */
  readonly #locals = new Map<number, number>();
  /** Values that are addresses: the least offset from each that a store has noted on every way here. */
  readonly #noted = new Map<number, number>();
  #current: MeteredBlock = { offset: 0, cost: 0 };
  #height = 0;
  #computations = 0;
  /** After a branch, until the block ends. */
  #isDead = false;

  private constructor(module: Module, types: readonly number[]) {
    this.#module = module;
    this.#types = types;
  }

  /** Analyse every function that the module defines. */
  static analyze(module: Module): FunctionAnalysis[] {
    const types = functionTypes(module);
    return module.bodies.map((body, position) => {
      const type = module.types[module.functions[position] as number] as FunctionType;
      return new FunctionAnalyzer(module, types).#run(body, type);
    });
  }

  #run(body: Body, type: FunctionType): FunctionAnalysis {
    this.#begin(body.start);
    for (const { count } of body.locals) this.#current.cost += count * INSTRUCTION_GAS.declaredLocal;
    this.#push(BLOCK, 0, blockType(type) === EMPTY ? 0 : 1);
    const code = new Instructions(this.#module.bytes, body.start, body.end);
    while (code.next()) this.#step(code);
    return {
      blocks: this.#blocks.filter(({ cost }) => cost > 0).sort((a, b) => a.offset - b.offset),
      height: this.#height,
      computations: this.#computations,
      callees: this.#callees,
      indirect: this.#indirect,
      notedStores: this.#notedStores,
      storedTypes: this.#storedTypes,
    };
  }

  #step(code: Instructions): void {
    const { opcode } = code;
    if (computes(code)) this.#computations++;
    if (!this.#isDead) this.#current.cost += instructionGas(opcode);
    if (opcode === BLOCK || opcode === LOOP || opcode === IF) this.#enter(code);
    else if (opcode === ELSE) this.#else(code.end);
    else if (opcode === END) this.#end(code.end);
    else if (this.#isDead) {
      if (isStore(opcode)) this.#storedTypes.add(storedType(opcode));
    } else if (opcode === CALL) {
      this.#callees.add(code.index);
      this.#call(this.#types[code.index] as number, 0);
    } else if (opcode === CALL_INDIRECT) {
      this.#indirect.add(code.index);
      this.#call(code.index, 1);
    } else if (opcode >= LOCAL_GET && opcode <= LOCAL_TEE) this.#local(opcode, code.index);
    else {
      if (isStore(opcode)) this.#store(code);
      this.#pop(code.info.pops);
      for (let count = code.info.pushes; count > 0; count--) this.#pushValue();
      if (opcode === BR || opcode === BR_TABLE || opcode === RETURN || opcode === UNREACHABLE) this.#isDead = true;
    }
  }

  // ---- metered blocks and control ----

  #begin(offset: number): void {
    this.#current = { offset, cost: 0 };
    this.#blocks.push(this.#current);
  }

  #enter(code: Instructions): void {
    if (code.opcode === IF && !this.#isDead) this.#pop(1);
    const type = code.index === TYPE_INDEX ? (this.#module.types[code.second] as FunctionType) : undefined;
    const results = type?.results.length ?? (code.index === EMPTY ? 0 : 1);
    this.#push(code.opcode, type?.parameters.length ?? 0, results);
    if (code.opcode !== BLOCK) this.#begin(code.end);
    if (code.opcode === LOOP) this.#forget();
  }

  #push(opcode: number, parameters: number, results: number): void {
    const height = Math.max(0, this.#stack.length - parameters);
    this.#frames.push({ opcode, outer: this.#current, height, parameters, results, isDead: this.#isDead });
  }

  #else(offset: number): void {
    const frame = this.#frames.at(-1) as Frame;
    this.#resize(frame.height, frame.parameters);
    this.#isDead = frame.isDead;
    this.#begin(offset);
    this.#forget();
  }

  #end(offset: number): void {
    const frame = this.#frames.pop() as Frame;
    if (frame.opcode !== BLOCK) this.#current = frame.outer;
    else if (this.#isDead || this.#current !== frame.outer) this.#begin(offset);
    this.#resize(frame.height, frame.results);
    this.#isDead = frame.isDead;
    this.#forget();
  }

  // ---- operands ----

  #pushValue(value = this.#nextValue++): void {
    this.#stack.push(value);
    if (this.#stack.length > this.#height) this.#height = this.#stack.length;
  }

  #pop(count: number): void {
    this.#stack.length -= count;
  }

  /** The stack is now `height` values, and `more` that are not known. */
  #resize(height: number, more: number): void {
    this.#stack.length = Math.min(this.#stack.length, height);
    while (this.#stack.length < height) this.#stack.push(this.#nextValue++);
    for (let count = more; count > 0; count--) this.#pushValue();
  }

  #call(typeIndex: number, extra: number): void {
    const { parameters, results } = this.#module.types[typeIndex] as FunctionType;
    this.#pop(parameters.length + extra);
    for (let count = results.length; count > 0; count--) this.#pushValue();
  }

  // ---- which stores need no note ----

  #forget(): void {
    this.#locals.clear();
    this.#noted.clear();
  }

  #local(opcode: number, index: number): void {
    if (opcode === LOCAL_GET) {
      const value = this.#locals.get(index) ?? this.#nextValue++;
      this.#locals.set(index, value);
      this.#pushValue(value);
      return;
    }
    this.#locals.set(index, this.#stack.at(-1) as number);
    if (opcode === LOCAL_SET) this.#pop(1);
  }

  #store(code: Instructions): void {
    const address = this.#stack.at(-2) as number;
    const offset = code.second;
    const noted = this.#noted.get(address);
    if (noted !== undefined && offset >= noted && offset + WIDEST_STORE <= noted + NOTED_BYTES) {
      this.#notedStores.add(code.start);
      return;
    }
    this.#noted.set(address, offset);
    this.#storedTypes.add(storedType(code.opcode));
  }
}
