import { Code } from '../../dist/host/wasm/code.js';
import { I32, I64 } from '../../dist/host/wasm/module.js';
import * as op from '../../dist/host/wasm/opcode.js';
import type { Random } from './random.js';

export interface Signature {
  readonly parameters: readonly number[];
  readonly results: readonly number[];
}

/** What a function can name. */
export interface Scope {
  /** Of every function, imported ones first. */
  readonly functions: readonly Signature[];
  /** Those that generated code calls. */
  readonly callable: readonly number[];
  readonly globals: readonly number[];
  readonly isMutable: readonly boolean[];
  readonly memoryBytes: number;
  readonly tableSize: number;
  /** The global that is counted down on entries and turns; undefined where nothing is. */
  readonly fuel: number | undefined;
}

const EMPTY = 0x40;
const SELECT = 0x1b;
const DROP = 0x1a;

/** First opcodes of runs of integer instructions by what they take, for the type they give. */
const UNARY: Readonly<Record<number, readonly number[]>> = {
  [I32]: [0x45, 0x67, 0x68, 0x69, 0xc0, 0xc1],
  [I64]: [0x79, 0x7a, 0x7b, 0xc2, 0xc3, 0xc4],
};
const BINARY: Readonly<Record<number, readonly [first: number, count: number]>> = {
  [I32]: [0x6a, 15],
  [I64]: [0x7c, 15],
};
const LOADS: Readonly<Record<number, readonly number[]>> = {
  [I32]: [0x28, 0x2c, 0x2d, 0x2e, 0x2f],
  [I64]: [0x29, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35],
};
const STORES: Readonly<Record<number, readonly number[]>> = {
  [I32]: [0x36, 0x3a, 0x3b],
  [I64]: [0x37, 0x3c, 0x3d, 0x3e],
};

/** Writes one random function, valid by construction: every expression leaves one value of the type asked for. */
export class FunctionGenerator {
  readonly #random: Random;
  readonly #scope: Scope;
  readonly #type: Signature;
  readonly #locals: readonly number[];
  readonly #code = new Code();
  /** The result of each enclosing block; of a loop, whose label takes nothing, undefined. */
  readonly #labels: (number | undefined)[] = [];
  /** Expressions and statements that may still be written: a random tree grows for ever otherwise. */
  #budget: number;

  constructor(random: Random, scope: Scope, type: Signature) {
    this.#random = random;
    this.#scope = scope;
    this.#type = type;
    this.#locals = [I32, I64, ...Array.from({ length: random.below(3) }, () => random.pick([I32, I64]))];
    this.#budget = 20 + random.below(150);
  }

  /** The body with its locals; `finish` writes what comes before its end. */
  body(finish: (code: Code) => void): Uint8Array {
    const code = this.#code;
    code.u32(this.#locals.length);
    for (const type of this.#locals) code.u32(1).byte(type);
    this.#burn();
    for (let count = 1 + this.#random.below(6); count > 0; count--) this.#statement(3);
    finish(code);
    for (const type of this.#type.results) this.#expression(type, 3);
    return code.op(op.END).finish();
  }

  #burn(): void {
    const { fuel } = this.#scope;
    if (fuel === undefined) return;
    this.#code.globalGet(fuel).i32(1).op(op.I32_SUB).globalSet(fuel);
    this.#code.globalGet(fuel).i32(0).op(op.I32_LT_S).trapIf();
  }

  #localsOf(type: number): number[] {
    const all = [...this.#type.parameters, ...this.#locals];
    return [...all.keys()].filter((index) => all[index] === type);
  }

  // ---- expressions ----

  #expression(type: number, depth: number): void {
    const code = this.#code;
    const random = this.#random;
    if (depth === 0 || --this.#budget < 0) {
      this.#leaf(type);
      return;
    }
    const kind = random.below(15);
    if (kind < 3) this.#leaf(type);
    else if (kind < 4) {
      this.#expression(type === I32 && random.chance(0.3) ? I32 : type, depth - 1);
      code.op(random.pick(UNARY[type] as readonly number[]));
    } else if (kind < 7) {
      const [first, count] = BINARY[type] as readonly [number, number];
      this.#expression(type, depth - 1);
      this.#expression(type, depth - 1);
      code.op(first + random.below(count));
    } else if (kind < 8) this.#conversion(type, depth);
    else if (kind < 10) {
      this.#address(depth);
      code
        .op(random.pick(LOADS[type] as readonly number[]))
        .u32(0)
        .u32(this.#offset());
    } else if (kind < 11) {
      this.#expression(type, depth - 1);
      this.#expression(type, depth - 1);
      this.#expression(I32, depth - 1);
      code.op(SELECT);
    } else if (kind < 12) this.#block(type, depth);
    else if (kind < 13) this.#choice(type, depth);
    else if (kind < 14) this.#callFor(type, depth);
    else {
      this.#expression(type, depth - 1);
      code.tee(random.pick(this.#localsOf(type)));
    }
  }

  #leaf(type: number): void {
    const code = this.#code;
    const random = this.#random;
    const kind = random.below(10);
    if (kind < 5) code.get(random.pick(this.#localsOf(type)));
    else if (kind < 7) {
      const globals = [...this.#scope.globals.keys()].filter((index) => this.#scope.globals[index] === type);
      const index = globals.length === 0 ? undefined : random.pick(globals);
      if (index === undefined) code.get(random.pick(this.#localsOf(type)));
      else code.globalGet(index);
    } else if (type === I32) code.i32(random.pick([0, 1, -1, 7, random.next() | 0, 0x7fffffff]));
    else code.i64(random.pick([0n, 1n, -1n, BigInt(random.next()) << 20n, 1n << 63n]));
  }

  #conversion(type: number, depth: number): void {
    const code = this.#code;
    const kind = this.#random.below(10);
    if (type === I64) {
      this.#expression(I32, depth - 1);
      code.op(this.#random.pick([0xac, 0xad]));
    } else if (kind === 0) code.op(op.MEMORY_SIZE).byte(0);
    else if (kind === 1) code.i32(this.#random.below(4)).op(op.MEMORY_GROW).byte(0);
    else if (kind < 6) {
      this.#expression(I64, depth - 1);
      code.op(op.I32_WRAP_I64);
    } else {
      this.#expression(I64, depth - 1);
      this.#expression(I64, depth - 1);
      code.op(0x51 + this.#random.below(10));
    }
  }

  /** An address: most often inside the memory, often at an edge, sometimes anywhere. */
  #address(depth: number): void {
    const code = this.#code;
    const random = this.#random;
    const { memoryBytes } = this.#scope;
    const kind = random.below(10);
    if (kind < 3) code.i32(random.pick([0, 1020, 1024, 2047, 4092, 65_532, memoryBytes - 16]) + random.below(8));
    else if (kind < 6)
      code
        .get(random.pick(this.#localsOf(I32)))
        .i32(0xffff)
        .op(op.I32_AND);
    else if (kind < 9) {
      this.#expression(I32, depth - 1);
      code.i32(random.pick([0xfff, 0x7fff, 0xffff])).op(op.I32_AND);
    } else this.#expression(I32, depth - 1);
  }

  #offset(): number {
    return this.#random.pick([0, 0, 0, 4, 8, 64, 120, 128, 1000, this.#random.below(5000)]);
  }

  /** A block that may be left early with a value. */
  #block(type: number, depth: number): void {
    const code = this.#code;
    code.op(op.BLOCK, type);
    this.#labels.push(type);
    if (this.#random.chance(0.6)) this.#statement(depth - 1);
    if (this.#random.chance(0.5)) {
      this.#expression(type, depth - 1);
      this.#expression(I32, depth - 1);
      code.op(op.BR_IF).u32(0).op(DROP);
    }
    this.#expression(type, depth - 1);
    this.#labels.pop();
    code.op(op.END);
  }

  #choice(type: number, depth: number): void {
    const code = this.#code;
    this.#expression(I32, depth - 1);
    code.op(op.IF, type);
    this.#labels.push(type);
    this.#expression(type, depth - 1);
    code.op(op.ELSE);
    this.#expression(type, depth - 1);
    this.#labels.pop();
    code.op(op.END);
  }

  #callFor(type: number, depth: number): void {
    const { functions, callable } = this.#scope;
    const fitting = callable.filter((index) => functions[index]?.results[0] === type);
    if (fitting.length === 0) this.#leaf(type);
    else this.#call(this.#random.pick(fitting), depth);
  }

  /** Directly, or through the table, where the entry may be another function, or none. */
  #call(index: number, depth: number): void {
    const { functions, tableSize } = this.#scope;
    for (const parameter of (functions[index] as Signature).parameters) this.#expression(parameter, depth - 1);
    if (this.#random.chance(0.7)) this.#code.call(index);
    else
      this.#code
        .i32(this.#random.below(tableSize + 1))
        .op(op.CALL_INDIRECT)
        .u32(index)
        .u32(0);
  }

  // ---- statements ----

  #statement(depth: number): void {
    const code = this.#code;
    const random = this.#random;
    if (--this.#budget < 0) return;
    const kind = random.below(20);
    const type = random.pick([I32, I64]);
    if (kind < 3) {
      this.#expression(type, depth);
      code.set(random.pick(this.#localsOf(type)));
    } else if (kind < 5) this.#setGlobal(depth);
    else if (kind < 9) this.#stores(depth);
    else if (kind < 11 && depth > 0) this.#conditional(depth);
    else if (kind < 13 && depth > 0) this.#loop(depth);
    else if (kind < 14 && depth > 0) this.#switch(depth);
    else if (kind < 15) this.#bulk(depth);
    else if (kind < 17) {
      const index = random.pick(this.#scope.callable);
      this.#call(index, depth);
      for (const _ of this.#scope.functions[index]?.results ?? []) code.op(DROP);
    } else if (kind < 18) this.#leave(depth);
    else {
      this.#expression(I64, depth);
      code.call(0);
    }
  }

  #setGlobal(depth: number): void {
    const { globals, isMutable, fuel } = this.#scope;
    const index = this.#random.below(globals.length);
    if (!isMutable[index] || index === (fuel ?? 0)) return;
    this.#expression(globals[index] as number, depth);
    this.#code.globalSet(index);
  }

  /** One store, or several off one local, as compilers write the fields of an object. */
  #stores(depth: number): void {
    const random = this.#random;
    const base = random.chance(0.5) ? random.pick(this.#localsOf(I32)) : undefined;
    if (base !== undefined) {
      this.#address(depth);
      this.#code.set(base);
    }
    for (let count = base === undefined ? 1 : 1 + random.below(4); count > 0; count--) {
      const type = random.pick([I32, I64]);
      if (base === undefined) this.#address(depth);
      else this.#code.get(base);
      this.#expression(type, depth);
      this.#code
        .op(random.pick(STORES[type] as readonly number[]))
        .u32(0)
        .u32(this.#offset());
    }
  }

  #conditional(depth: number): void {
    const code = this.#code;
    this.#expression(I32, depth - 1);
    code.op(op.IF, EMPTY);
    this.#labels.push(undefined);
    this.#statement(depth - 1);
    if (this.#random.chance(0.5)) {
      code.op(op.ELSE);
      this.#statement(depth - 1);
    }
    this.#labels.pop();
    code.op(op.END);
  }

  #loop(depth: number): void {
    const code = this.#code;
    code.op(op.LOOP, EMPTY);
    this.#labels.push(undefined);
    this.#burn();
    this.#statement(depth - 1);
    this.#expression(I32, depth - 1);
    code.op(op.BR_IF).u32(0);
    this.#labels.pop();
    code.op(op.END);
  }

  /** A br_table over nested blocks, each of which falls into the next or leaves. */
  #switch(depth: number): void {
    const code = this.#code;
    const cases = 1 + this.#random.below(4);
    for (let block = 0; block <= cases; block++) {
      code.op(op.BLOCK, EMPTY);
      this.#labels.push(undefined);
    }
    this.#expression(I32, depth - 1);
    code.i32(7).op(op.I32_AND, op.BR_TABLE).u32(cases);
    for (let target = 0; target < cases; target++) code.u32(this.#random.below(cases + 1));
    code.u32(cases);
    for (let position = 0; position < cases; position++) {
      this.#labels.pop();
      code.op(op.END);
      this.#statement(depth - 1);
      if (this.#random.chance(0.5)) code.op(op.BR).u32(cases - 1 - position);
    }
    this.#labels.pop();
    code.op(op.END);
  }

  #bulk(depth: number): void {
    const code = this.#code;
    const random = this.#random;
    this.#address(depth);
    if (random.chance(0.5)) {
      this.#expression(I32, depth);
      code.i32(random.below(3000)).op(op.MEMORY_FILL).byte(0);
    } else {
      this.#address(depth);
      code.i32(random.below(3000)).op(op.MEMORY_COPY).byte(0, 0);
    }
  }

  /** A return, a trap or a branch out, with code after it that is never reached. */
  #leave(depth: number): void {
    const code = this.#code;
    const random = this.#random;
    this.#expression(I32, depth - 1);
    code.op(op.IF, EMPTY);
    this.#labels.push(undefined);
    const kind = random.below(10);
    const target = random.below(this.#labels.length);
    const value = this.#labels[this.#labels.length - 1 - target];
    if (kind < 2) code.op(op.UNREACHABLE);
    else if (kind < 5) {
      for (const type of this.#type.results) this.#expression(type, depth - 1);
      code.op(op.RETURN);
    } else {
      // A branch to a loop turns it, which burns fuel.
      if (value !== undefined) this.#expression(value, depth - 1);
      code.op(op.BR).u32(target);
    }
    if (random.chance(0.5)) this.#statement(depth - 1);
    this.#labels.pop();
    code.op(op.END);
  }
}
