/**
 * What a block of calls of assembly/contracts/program.ts does, in plain TypeScript. It shares no code with the kernel, the SDK or the
 * host: it is written from the table of operations in that file, so that equality with it says something.
 */

export interface Operation {
  readonly number: number;
  readonly operand: bigint;
}

export interface ModelCall {
  readonly sender: Uint8Array;
  readonly operations: readonly Operation[];
}

export interface ModelReceipt {
  readonly status: 'ok' | 'reverted' | 'trapped';
  readonly output: string;
  readonly events: readonly string[];
  /** Code, then the start of the message. */
  readonly error: string;
}

export interface ModelResult {
  readonly receipts: readonly ModelReceipt[];
  /** Key number to value; undefined where the block removed it. */
  readonly writeSet: ReadonlyMap<bigint, Uint8Array | undefined>;
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
  readonly status: 'reverted' | 'trapped';
  constructor(status: 'reverted' | 'trapped', message: string) {
    super(message);
    this.status = status;
  }
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

/** Run `calls` one after another on a contract without state. */
export function runModel(calls: readonly ModelCall[]): ModelResult {
  const state = new Map<bigint, Uint8Array | undefined>();
  const receipts = calls.map((call) => runCall(call, state));
  return { receipts, writeSet: state };
}

function runCall(call: ModelCall, state: Map<bigint, Uint8Array | undefined>): ModelReceipt {
  const written = new Map<bigint, Uint8Array | undefined>();
  const value = (key: bigint): Uint8Array | undefined => (written.has(key) ? written.get(key) : state.get(key));
  const events: string[] = [];
  let output = '';
  let acc = 0n;
  try {
    for (let at = 0; at < call.operations.length; at++) {
      const { number, operand: x } = call.operations[at] as Operation;
      const indirect = acc % (x > 0n ? x : 1n);
      if (number === 0) acc = summary(value(x));
      else if (number === 1) written.set(x, wordBytes(acc));
      else if (number === 2) acc = (acc + x) & MASK;
      else if (number === 3) written.set(x, undefined);
      else if (number === 4) acc = (acc * 2n + (value(x) === undefined ? 0n : 1n)) & MASK;
      else if (number === 5) at += acc & 1n ? Number(x < 1_000_000n ? x : 1_000_000n) : 0;
      else if (number === 6) written.set(indirect, wordBytes(acc));
      else if (number === 7) acc = summary(value(indirect));
      else if (number === 8) {
        const length = Number(acc % (LONGEST_VALUE + 1n));
        written.set(
          x,
          Uint8Array.from({ length }, (_, i) => Number((acc + BigInt(i)) & 0xffn)),
        );
      } else if (number === 9) events.push(`${hex(wordBytes(x))}:${hex(wordBytes(acc))}`);
      else if (number === 10) output = hex(wordBytes(acc));
      else if (number === 11) throw new Failure('reverted', `revert acc is ${acc}`);
      else if (number === 12) throw new Failure('trapped', 'unreachable');
      else if (number === 13) throw new Failure('reverted', 'revert assertion of the program');
      else if (number === 14) acc = fold(acc, x);
      else if (number === 15) acc = fold(acc, firstWord(call.sender));
      else if (number === 17 || number === 18) {
        const counted = count(value(x), acc, number === 18);
        if (counted !== undefined) written.set(x, wordBytes(counted));
        acc = (acc * 2n + (counted === undefined ? 0n : 1n)) & MASK;
      } else if (number !== 16) throw new Failure('reverted', `revert no such operation: ${number}`);
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { status: error.status, output: '', events: [], error: error.message };
  }
  for (const [key, bytes] of written) state.set(key, bytes);
  return { status: 'ok', output, events, error: '' };
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
