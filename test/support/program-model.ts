/**
 * What a block of calls of assembly/contracts/program.ts does, in plain TypeScript. It shares no code with the kernel, the SDK or the
 * host: it is written from the table of operations in that file, so that equality with it says something.
 */

export interface Operation {
  readonly number: number;
  readonly operand: bigint;
}

export interface ModelCall {
  /** The number of the program that is called. Default 0. */
  readonly program?: number;
  readonly sender: Uint8Array;
  readonly operations: readonly Operation[];
}

/** In the order of the numbers that a program is told. */
const STATUSES = ['ok', 'reverted', 'trapped', 'invalid'] as const;
type Status = (typeof STATUSES)[number];

export interface ModelReceipt {
  readonly status: Status;
  readonly output: string;
  readonly events: readonly ModelEvent[];
  /** Code, then the start of the message. */
  readonly error: string;
}

export interface ModelEvent {
  readonly program: number;
  /** Topic, colon, data, in hexadecimal digits. */
  readonly text: string;
}

export interface ModelWrite {
  readonly program: number;
  readonly key: bigint;
  /** Undefined where the block removed it. */
  readonly value: Uint8Array | undefined;
}

export interface ModelResult {
  readonly receipts: readonly ModelReceipt[];
  readonly writeSet: readonly ModelWrite[];
}

const MASK = (1n << 64n) - 1n;
const ABSENT_SUMMARY = 0xabadcafeabadcafen;
const LONGEST_VALUE = 300n;

function fold(digest: bigint, word: bigint): bigint {
  const mixed = (digest * 0x9e3779b97f4a7c15n + word) & MASK;
  return mixed ^ (mixed >> 29n);
}

export function wordBytes(word: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, word, true);
  return bytes;
}

function firstWord(bytes: Uint8Array): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
}

function summary(value: Uint8Array | undefined): bigint {
  if (value === undefined) return ABSENT_SUMMARY;
  const padded = new Uint8Array(Math.ceil(value.length / 8) * 8);
  padded.set(value);
  let digest = BigInt(value.length);
  for (let at = 0; at < padded.length; at += 8) digest = fold(digest, firstWord(padded.subarray(at, at + 8)));
  return digest;
}

class Failure extends Error {
  readonly status: Status;
  constructor(status: Status, message: string) {
    super(message);
    this.status = status;
  }
}

const FRAMES_MAX = 32;

/** What one transaction has done so far. */
interface Transaction {
  written: Map<string, ModelWrite>;
  events: ModelEvent[];
}

/** The number in `bytes` up or down, undefined where it would pass the bound. */
function count(bytes: Uint8Array | undefined, acc: bigint, isDown: boolean): bigint | undefined {
  if (bytes !== undefined && bytes.length !== 8) throw new Failure('trapped', 'counter');
  const amount = (acc & 1n) === 1n ? acc : acc % 1000n;
  const hasWideBound = (acc & 2n) === 2n;
  const result = (bytes === undefined ? 0n : firstWord(bytes)) + (isDown ? -amount : amount);
  if (isDown) return result < (hasWideBound ? 0n : 100n) ? undefined : result;
  return result > (hasWideBound ? MASK : 2000n) ? undefined : result;
}

/** The first word of what a program sees of a failure's message. */
function messageWord(failure: Failure): bigint {
  if (failure.status !== 'reverted') return 0n;
  const bytes = new Uint8Array(8);
  new TextEncoder().encodeInto(failure.message.slice('revert '.length), bytes);
  return firstWord(bytes);
}

/** Run `calls` one after another on programs without state, which have the numbers below `programs`. */
export function runModel(calls: readonly ModelCall[], programs = 1): ModelResult {
  const model = new Model(programs);
  return { receipts: calls.map((call) => model.run(call)), writeSet: [...model.state.values()] };
}

class Model {
  /** By program and key. */
  readonly state = new Map<string, ModelWrite>();
  readonly #programs: number;
  #transaction: Transaction = { written: new Map(), events: [] };

  constructor(programs: number) {
    this.#programs = programs;
  }

  run({ program = 0, sender, operations }: ModelCall): ModelReceipt {
    this.#transaction = { written: new Map(), events: [] };
    try {
      const output = this.#runFrame([program], firstWord(sender), operations);
      for (const [name, write] of this.#transaction.written) this.state.set(name, write);
      return { status: 'ok', output, events: this.#transaction.events, error: '' };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { status: error.status, output: '', events: [], error: error.message };
    }
  }

  #value(program: number, key: bigint): Uint8Array | undefined {
    const name = `${program} ${key}`;
    return (this.#transaction.written.get(name) ?? this.state.get(name))?.value;
  }

  #write(program: number, key: bigint, value: Uint8Array | undefined): void {
    this.#transaction.written.set(`${program} ${key}`, { program, key, value });
  }

  /** Of the last program on the stack. Returns its output. */
  #runFrame(stack: readonly number[], sender: bigint, operations: readonly Operation[]): string {
    const program = stack.at(-1) as number;
    const value = (key: bigint): Uint8Array | undefined => this.#value(program, key);
    const write = (key: bigint, bytes: Uint8Array | undefined): void => this.#write(program, key, bytes);
    let output = '';
    let acc = 0n;
    for (let at = 0; at < operations.length; at++) {
      const { number, operand: x } = operations[at] as Operation;
      const indirect = acc % (x > 0n ? x : 1n);
      if (number === 0) acc = summary(value(x));
      else if (number === 1) write(x, wordBytes(acc));
      else if (number === 2) acc = (acc + x) & MASK;
      else if (number === 3) write(x, undefined);
      else if (number === 4) acc = (acc * 2n + (value(x) === undefined ? 0n : 1n)) & MASK;
      else if (number === 5) at += acc & 1n ? Number(x < 1_000_000n ? x : 1_000_000n) : 0;
      else if (number === 6) write(indirect, wordBytes(acc));
      else if (number === 7) acc = summary(value(indirect));
      else if (number === 8) {
        const length = Number(acc % (LONGEST_VALUE + 1n));
        write(
          x,
          Uint8Array.from({ length }, (_, i) => Number((acc + BigInt(i)) & 0xffn)),
        );
      } else if (number === 9) {
        this.#transaction.events.push({ program, text: `${hex(wordBytes(x))}:${hex(wordBytes(acc))}` });
      } else if (number === 10) output = hex(wordBytes(acc));
      else if (number === 11) throw new Failure('reverted', `revert acc is ${acc}`);
      else if (number === 12) throw new Failure('trapped', 'unreachable');
      else if (number === 13) throw new Failure('reverted', 'revert assertion of the program');
      else if (number === 14) acc = fold(acc, x);
      else if (number === 15) acc = fold(acc, sender);
      else if (number === 17 || number === 18) {
        const counted = count(value(x), acc, number === 18);
        if (counted !== undefined) write(x, wordBytes(counted));
        acc = (acc * 2n + (counted === undefined ? 0n : 1n)) & MASK;
      } else if (number === 19 || number === 20) {
        const length = Math.min(Number(x >> 8n), operations.length - at - 1);
        const code = operations.slice(at + 1, at + 1 + length);
        acc = this.#call(stack, Number(x & 0xffn), code, number === 20, acc);
        at += length;
      } else if (number !== 16) throw new Failure('reverted', `revert no such operation: ${number}`);
    }
    return output;
  }

  /** Have `program` run `code`. Returns what the caller's register is afterwards. */
  #call(stack: readonly number[], program: number, code: readonly Operation[], isTried: boolean, acc: bigint): bigint {
    const { written, events } = this.#transaction;
    const before = { written: new Map(written), events: [...events] };
    const caller = firstWord(programAddress(stack.at(-1) as number));
    try {
      if (program >= this.#programs) throw new Failure('invalid', 'unknownContract');
      if (stack.includes(program)) throw new Failure('trapped', 'reentrance');
      if (stack.length === FRAMES_MAX) throw new Failure('trapped', 'callDepth');
      const output = this.#runFrame([...stack, program], caller, code);
      const word = output === '' ? 0n : firstWord(Uint8Array.from(Buffer.from(output, 'hex')));
      return fold(isTried ? fold(acc, 0n) : acc, word);
    } catch (error) {
      if (!isTried || !(error instanceof Failure)) throw error;
      this.#transaction = before;
      return fold(fold(acc, BigInt(STATUSES.indexOf(error.status))), messageWord(error));
    }
  }
}

/** Where a program is that programs call by its number. */
export function programAddress(program: number): Uint8Array {
  const address = new Uint8Array(32);
  address[0] = program;
  return address;
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
