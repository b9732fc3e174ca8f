import type { ModelCall, Operation } from './program-model.js';
import { Random } from './random.js';

/** A random block of programs: everything about it follows from these numbers. */
export interface ProgramBlock {
  readonly seed: number;
  readonly keys: number;
  readonly calls: number;
  /** Rounds of integer work in each call, so that the block lasts until every worker is awake. Default 0. */
  readonly work?: number;
  /** Keys come in pairs that hash alike where the secrets are those of virtual workers. Default false. */
  readonly hasTwins?: boolean;
}

const SENDERS = 5;

/** The calls of a block. What a program reads decides where and what it writes, so write sets differ between incarnations. */
export function makePrograms({ seed, keys, calls, work = 0, hasTwins = false }: ProgramBlock): ModelCall[] {
  const random = new Random(seed);
  return Array.from({ length: calls }, () => {
    const sender = address(random.below(SENDERS));
    const operations = makeOperations(random, keys);
    return {
      sender,
      operations: [{ number: 16, operand: BigInt(work) }, ...(hasTwins ? operations.map(onTwins) : operations)],
    };
  });
}

/** Operations whose operand is a key. */
const KEYED = new Set([0, 1, 3, 4, 8, 17, 18]);

/**
 * On half as many keys and their twins: a key's words are hashed by multiplying their halves, each with a secret added (assembly/kernel/keys.ts). Virtual workers' secrets are all the same,
 * so a key is hashed as the one whose halves have changed places.
 */
function onTwins({ number, operand }: Operation): Operation {
  if (!KEYED.has(number)) return { number, operand };
  return { number, operand: (operand >> 1n) << (operand % 2n === 0n ? 0n : 32n) };
}

/** Calls that write elsewhere at every incarnation that read anything else than the last one did; each reads what those before it wrote. */
export function makeFlipping(calls: number, keys: number): ModelCall[] {
  const [read, write, mix] = [7, 6, 14].map((number) => ({ number, operand: BigInt(number === 14 ? 1 : keys) })) as [
    Operation,
    Operation,
    Operation,
  ];
  const operations = [mix, read, mix, read, mix, read, mix, read, mix, write, mix, write, { number: 10, operand: 0n }];
  return Array.from({ length: calls }, () => ({ sender: address(0), operations }));
}

function makeOperations(random: Random, keys: number): Operation[] {
  const key = (): bigint => BigInt(random.below(keys));
  const operations: Operation[] = [];
  const add = (number: number, operand: bigint): void => void operations.push({ number, operand });
  // Now and then one that looks up many keys.
  const steps = random.chance(0.05) ? 30 : 1 + random.below(6);
  for (let step = 0; step < steps; step++) {
    const kind = random.below(115);
    if (kind < 30) {
      // Read, change, write back: or write elsewhere, as the value says.
      add(0, key());
      add(14, BigInt(random.below(1000)));
      if (random.chance(0.3)) add(5, 1n);
      add(random.chance(0.7) ? 1 : 6, random.chance(0.5) ? key() : BigInt(keys));
    } else if (kind < 45) add(7, BigInt(keys));
    else if (kind < 55) add(0, key());
    else if (kind < 63) add(6, BigInt(keys));
    else if (kind < 70) add(3, key());
    else if (kind < 76) add(4, key());
    else if (kind < 83) add(8, key());
    else if (kind < 87) add(9, BigInt(random.below(10)));
    else if (kind < 91) add(10, 0n);
    else if (kind < 95) add(15, 0n);
    else if (kind >= 100) {
      // An amount that is different each time, then up or down.
      add(14, BigInt(random.below(1000)));
      add(random.chance(0.6) ? 17 : 18, key());
    } else if (kind < 98) {
      add(5, 1n);
      add(random.chance(0.5) ? 11 : 13, 0n);
    } else {
      add(5, 1n);
      add(12, 0n);
    }
  }
  return operations;
}

/** Programs that call one another, and one number more, of which there is none. */
export const CALLING_PROGRAMS = 6;

/** The calls of a block of programs that call one another: trees of them, of which any part may fail. */
export function makeCallTrees({ seed, keys, calls, work = 0 }: ProgramBlock): ModelCall[] {
  const random = new Random(seed);
  return Array.from({ length: calls }, () => ({
    program: random.below(CALLING_PROGRAMS),
    sender: address(random.below(SENDERS)),
    operations: [{ number: 16, operand: BigInt(work) }, ...makeTree(random, keys, 0)],
  }));
}

const DEEPEST_TREE = 7;

/** Some operations, a call of some more, and so on, sometimes its result stored; now and then a call that ends in the middle of another. */
function makeTree(random: Random, keys: number, depth: number): Operation[] {
  const operations = random.chance(0.8) ? makeOperations(random, keys).slice(0, 8) : [];
  if (random.chance(0.5)) operations.push(...countAndRead(random, keys));
  const children = depth === DEEPEST_TREE ? 0 : random.below(depth < 2 ? 4 : 3);
  for (let child = 0; child < children; child++) {
    const code = makeTree(random, keys, depth + 1);
    const length = random.chance(0.05) ? random.below(code.length + 3) : code.length;
    const target = random.chance(0.02) ? 255 : random.below(CALLING_PROGRAMS);
    operations.push({ number: random.chance(0.6) ? 20 : 19, operand: BigInt(target + length * 256) }, ...code);
    if (random.chance(0.5)) operations.push(...countAndRead(random, keys));
    if (random.chance(0.3)) operations.push({ number: 10, operand: 0n });
    if (operations.length > 200) break;
  }
  if (random.chance(0.1)) operations.push({ number: random.chance(0.5) ? 11 : 12, operand: 0n });
  return operations;
}

const FIRST_PRIVATE_KEY = 1000;

/**
 * Calls that hardly conflict, so that what they do speculatively stands: other programs count for them, on counters that all share and nobody reads, and on one that only
 * this call has, which is read and written as well. Many of them fail where the caller goes on.
 */
export function makeCountingCalls({ seed, keys, calls }: ProgramBlock): ModelCall[] {
  const random = new Random(seed);
  return Array.from({ length: calls }, (_, index) => {
    const program = random.below(CALLING_PROGRAMS);
    const operations: Operation[] = [];
    const others = [1, 2].map((distance) => (program + distance) % CALLING_PROGRAMS);
    for (let frames = 2 + random.below(5); frames > 0; frames--) {
      const code = countingFrame(random, keys, BigInt(FIRST_PRIVATE_KEY + index));
      const isTried = random.chance(0.7);
      if (random.chance(0.5)) code.push({ number: 10, operand: 0n });
      if (isTried && random.chance(0.6)) code.push({ number: random.chance(0.7) ? 11 : 12, operand: 0n });
      const target = random.chance(0.8) ? (others[0] as number) : (others[1] as number);
      operations.push({ number: isTried ? 20 : 19, operand: BigInt(target + code.length * 256) }, ...code);
    }
    return {
      program,
      sender: address(random.below(SENDERS)),
      operations: [...operations, { number: 10, operand: 0n }],
    };
  });
}

function countingFrame(random: Random, keys: number, own: bigint): Operation[] {
  const operations: Operation[] = [];
  for (let steps = 1 + random.below(4); steps > 0; steps--) {
    const isOwn = random.chance(0.6);
    const key = isOwn ? own : BigInt(random.below(keys));
    // Even amounts are small, and the bounds then near: so some are refused.
    operations.push({ number: 14, operand: BigInt(random.below(1000)) });
    operations.push({ number: random.chance(0.7) ? 17 : 18, operand: key });
    if (isOwn && random.chance(0.4)) operations.push({ number: random.chance(0.8) ? 0 : 1, operand: key });
  }
  return operations;
}

/** A key that nothing is written at, and what a program reads there (program.ts). */
const EMPTY_KEY = 1n << 32n;
const EMPTY = 0xabadcafeabadcafen;
const WORD = 1n << 64n;
/** Where the bounds of counters are, and the ends of what 64 bits hold. */
const ENDS = [0n, 100n, 2000n, WORD - 1n];

/**
 * Calls that go up and down counters where these are at their bounds, or one or two away. Amounts are small, or as large as there are any; what succeeded is
 * in the output.
 */
export function makeBoundCounters({ seed, keys, calls }: ProgramBlock): ModelCall[] {
  const random = new Random(seed);
  const near = (ends: readonly bigint[]): bigint =>
    BigInt.asUintN(64, (ends[random.below(ends.length)] as bigint) + BigInt(random.below(5)) - 2n);
  // Whatever the register held: what is read at the empty key, and the rest.
  const set = (acc: bigint): Operation[] => [
    { number: 0, operand: EMPTY_KEY },
    { number: 2, operand: BigInt.asUintN(64, acc - EMPTY) },
  ];
  return Array.from({ length: calls }, (_, index) => {
    const operations: Operation[] = [];
    for (let steps = 1 + random.below(4); steps > 0; steps--) {
      const operand = BigInt(random.below(keys));
      if (index === 0 || random.chance(0.1)) operations.push(...set(near(ENDS)), { number: 1, operand });
      else {
        // The last two bits say which bound holds, and whether the amount is cut.
        const amount = random.chance(0.8) ? BigInt(random.below(8)) : near(ENDS);
        operations.push(...set(amount), { number: random.chance(0.5) ? 17 : 18, operand }, { number: 9, operand });
      }
    }
    return { sender: address(0), operations };
  });
}

/** Calls that write values of up to 300 bytes, three each: from what one read, to wherever. */
export function makeLongValues({ seed, keys, calls }: ProgramBlock): ModelCall[] {
  const random = new Random(seed);
  const key = (): bigint => BigInt(random.below(keys));
  return Array.from({ length: calls }, () => {
    const operations: Operation[] = [];
    for (let values = 0; values < 3; values++) {
      if (random.chance(0.3)) operations.push({ number: 0, operand: key() });
      operations.push({ number: 14, operand: BigInt(random.below(1000)) }, { number: 8, operand: key() });
    }
    return { sender: address(0), operations };
  });
}

/** A call for each key, that says what is there. */
export function readAll(keys: number): ModelCall[] {
  return Array.from({ length: keys }, (_, key) => ({
    sender: address(0),
    operations: [
      { number: 0, operand: BigInt(key) },
      { number: 10, operand: 0n },
    ],
  }));
}

/** Calls that look up hundreds of keys each: more than a worker has room for before it takes memory for them. */
export function makeWidePrograms({ seed, keys, calls }: ProgramBlock): ModelCall[] {
  const random = new Random(seed);
  return Array.from({ length: calls }, () => {
    const operations: Operation[] = [];
    for (let steps = 100 + random.below(500); steps > 0; steps--) {
      // Read, has, or change and write.
      const number = [0, 4, 1, 1][random.below(4)] as number;
      if (number === 1) operations.push({ number: 14, operand: BigInt(steps) });
      operations.push({ number, operand: BigInt(random.below(keys)) });
    }
    return { sender: address(0), operations: [...operations, { number: 10, operand: 0n }] };
  });
}

/** Up or down a counter, perhaps twice; perhaps it is read between or afterwards, or written. */
function countAndRead(random: Random, keys: number): Operation[] {
  const key = BigInt(random.below(keys));
  const operations: Operation[] = [{ number: 14, operand: BigInt(random.below(1000)) }];
  for (let times = 1 + random.below(2); times > 0; times--) {
    operations.push({ number: random.chance(0.7) ? 17 : 18, operand: key });
    if (random.chance(0.3)) operations.push({ number: random.chance(0.8) ? 0 : 1, operand: key });
  }
  return operations;
}

/** A 32-byte address made of a number. */
export function address(number: number): Uint8Array {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setUint32(28, number + 1);
  new DataView(bytes.buffer).setUint32(0, (number + 1) * 0x01000193);
  return bytes;
}

/** The program's code as the contract takes it: two words an operation. */
export function encodeProgram(operations: readonly Operation[]): Uint8Array {
  const bytes = new Uint8Array(operations.length * 16);
  const view = new DataView(bytes.buffer);
  operations.forEach(({ number, operand }, index) => {
    view.setBigUint64(index * 16, BigInt(number), true);
    view.setBigUint64(index * 16 + 8, operand, true);
  });
  return bytes;
}
