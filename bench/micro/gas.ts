import { stdout } from 'node:process';
import { DYNAMIC_GAS, INSTRUCTION_GAS, instrument, KERNEL_GAS, type Transaction } from '../../host/index.js';
import type { Code } from '../../host/wasm/code.js';
import { EMPTY } from '../../host/wasm/module.js';
import {
  BR_IF,
  CALL_INDIRECT,
  END,
  I32_AND,
  I32_SUB,
  I32_WRAP_I64,
  I64_ADD,
  I64_EXTEND_I32_U,
  I64_MUL,
  I64_SHR_U,
  I64_XOR,
  IF,
  LOOP,
  MEMORY_COPY,
  MEMORY_FILL,
  MEMORY_GROW,
  MEMORY_SIZE,
} from '../../host/wasm/opcode.js';
import { formatTable } from '../report.js';
import { BareEngine } from './bare-engine.js';
import { buildContract, FIRST_METHOD, GLOBAL_WORD, INDEX, imported, NARROW, WIDE, WIDER } from './module-builder.js';

/**
 * What the gas schedule's weights come from: `npm run bench:gas`. Each task is a method of an instrumented contract that repeats one
 * thing; its time less that of a method that does the same without it, for each repetition. 1 gas is meant to be about 0.1 ns;
 * a weight is rounded up where the machine varies, and covers what a caller can provoke (a miss in the caches, a branch mispredicted).
 */

const TURNS = 2000;
const UNROLLED = 20;
const ROUNDS = 31;

const I64_DIV_U = 0x80;
const I64_LOAD = 0x29;
const I64_STORE = 0x37;
/** Types are numbered like imports, and that of a method comes after them. */
const TYPE_OF_METHOD = FIRST_METHOD;

interface Task {
  readonly name: string;
  readonly gas: number;
  /** What is repeated, and what would be there without it. */
  readonly write: (code: Code, repetition: number) => void;
  readonly without?: (code: Code, repetition: number) => void;
  /** How often the thing is in it. Default 1. */
  readonly times?: number;
  /** Turns of the loop, where fewer will do. */
  readonly turns?: number;
}

/** x = x * 6364136223846793005 + 1: the next random number, and a chain that nothing can be moved out of. */
const random = (code: Code): unknown =>
  code.get(WIDE).i64(6364136223846793005n).op(I64_MUL).i64(1).op(I64_ADD).set(WIDE);
/** A random address below 32 KiB. */
const address = (code: Code): unknown => code.get(WIDE).i64(40).op(I64_SHR_U, I32_WRAP_I64).i32(0x7ff8).op(I32_AND);
const key = (code: Code, bytes: number): void => {
  code.get(WIDE).call(imported('push'));
  for (let at = 8; at < bytes; at += 8) code.i64(at).call(imported('push'));
  code.i32(bytes).call(imported('lookup'));
};
const slot = (code: Code): void => {
  code.get(WIDE).i64(30).op(I64_SHR_U, I32_WRAP_I64).i32(31).op(I32_AND);
};
const onSlot = (code: Code, name: string): Code => {
  slot(code);
  return code.call(imported(name));
};
const words = (code: Code, bytes: number): void => {
  for (let at = 0; at < bytes; at += 8) code.get(WIDE).call(imported('push'));
};
const BYTES = 1024;
const LONG = 16_384;

type HashName = 'sha256' | 'keccak256' | 'blake3';

/** A digest of a few bytes, and what each more costs. */
function hashTasks(name: HashName, kind: number): Task[] {
  const hash = (code: Code, bytes: number): void => {
    words(code, bytes);
    code.i32(kind).i32(bytes).call(imported('hash'));
  };
  const own = { name: `${name}, 32 bytes`, gas: KERNEL_GAS[name] + 32 * KERNEL_GAS[`${name}Byte`] };
  return [
    { ...own, write: (code) => hash(code, 32), turns: 20 },
    {
      name: `${name}Byte`,
      gas: KERNEL_GAS[`${name}Byte`],
      write: (code) => hash(code, 8192),
      without: (code) => hash(code, 0),
      times: 8192,
      turns: 1,
    },
  ];
}

/** The base point as a key and as half of a signature, over `bytes` bytes: a wrong one, which takes as long to find out as that one is right. */
function signed(code: Code, bytes: number): void {
  const point = [0x6666666666666658n, 0x6666666666666666n, 0x6666666666666666n, 0x6666666666666666n];
  const scalar = [0x0123456789abcdefn, 0x0123456789abcdefn, 0x0123456789abcdefn, 0x0123456789abcden];
  for (const word of [...point, ...scalar, ...point]) code.i64(word).call(imported('push'));
  words(code, bytes);
}

const TASKS: readonly Task[] = [
  {
    name: 'simple',
    gas: INSTRUCTION_GAS.simple,
    write: (code, i) =>
      code
        .get(WIDE)
        .i64(i + 3)
        .op(I64_XOR)
        .set(WIDE),
  },
  {
    name: 'multiply',
    gas: INSTRUCTION_GAS.multiply,
    write: random,
    without: (code) => code.get(WIDE).i64(1).op(I64_ADD).set(WIDE),
  },
  {
    name: 'divide',
    gas: INSTRUCTION_GAS.divide,
    write: (code) => code.get(WIDER).i64(-1).get(WIDE).op(I64_DIV_U, I64_ADD).i64(3).op(I64_ADD).set(WIDE),
    without: (code) => code.get(WIDER).get(WIDE).op(I64_ADD).i64(3).op(I64_ADD).set(WIDE),
  },
  {
    name: 'global',
    gas: INSTRUCTION_GAS.global,
    write: (code) => code.globalGet(GLOBAL_WORD).i64(3).op(I64_ADD).globalSet(GLOBAL_WORD),
    without: (code) => code.get(WIDE).i64(3).op(I64_ADD).set(WIDE),
    times: 2,
  },
  {
    name: 'load',
    gas: INSTRUCTION_GAS.load,
    write: (code) => {
      random(code);
      address(code);
      code.byte(I64_LOAD, 0, 0).get(WIDE).op(I64_ADD).set(WIDE);
    },
    without: (code) => {
      random(code);
      address(code);
      code.op(I64_EXTEND_I32_U).get(WIDE).op(I64_ADD).set(WIDE);
    },
  },
  {
    name: 'store',
    gas: INSTRUCTION_GAS.store,
    write: (code) => {
      random(code);
      address(code);
      code.get(WIDE).byte(I64_STORE, 0, 0);
    },
    without: (code) => {
      random(code);
      address(code);
      code.set(NARROW);
    },
  },
  {
    name: 'branch',
    gas: INSTRUCTION_GAS.branch,
    write: (code) => {
      random(code);
      code.get(WIDE).i64(60).op(I64_SHR_U, I32_WRAP_I64).i32(1).op(I32_AND, IF, EMPTY);
      code.get(WIDE).i64(5).op(I64_ADD).set(WIDE).op(END);
    },
    without: random,
  },
  { name: 'call', gas: INSTRUCTION_GAS.call, write: (code) => code.call(FIRST_METHOD) },
  { name: 'call of an import', gas: INSTRUCTION_GAS.call, write: (code) => code.call(imported('height')).set(WIDER) },
  {
    name: 'callIndirect',
    gas: INSTRUCTION_GAS.callIndirect,
    write: (code) => code.i32(0).byte(CALL_INDIRECT).u32(TYPE_OF_METHOD).u32(0),
  },
  { name: 'memorySize', gas: INSTRUCTION_GAS.memorySize, write: (code) => code.op(MEMORY_SIZE).byte(0).set(NARROW) },
  { name: 'bulk', gas: INSTRUCTION_GAS.bulk, write: (code) => code.i32(0).i32(1).i32(1).op(MEMORY_FILL).byte(0) },
  {
    name: 'bulkByte (fill)',
    gas: DYNAMIC_GAS.bulkByte,
    write: (code) => code.i32(0).i32(1).i32(16_384).op(MEMORY_FILL).byte(0),
    times: 16_384,
    turns: 50,
  },
  {
    name: 'bulkByte (copy)',
    gas: DYNAMIC_GAS.bulkByte,
    write: (code) => code.i32(0).i32(20_000).i32(16_384).op(MEMORY_COPY).byte(0, 0),
    times: 16_384,
    turns: 50,
  },
  {
    name: 'lookup, 8 bytes, new keys',
    gas: KERNEL_GAS.lookup + 8 * KERNEL_GAS.keyByte,
    write: (code) => {
      random(code);
      key(code, 8);
      code.set(NARROW);
    },
    without: (code) => {
      random(code);
      words(code, 8);
      code.i64(0).call(imported('push'));
    },
    turns: 100,
  },
  {
    name: 'keyByte',
    gas: KERNEL_GAS.keyByte,
    write: (code) => {
      random(code);
      key(code, 248);
      code.set(NARROW);
    },
    without: (code) => {
      random(code);
      key(code, 8);
      code.set(NARROW);
    },
    times: 240,
    turns: 50,
  },
  { name: 'read', gas: KERNEL_GAS.read, write: (code) => onSlot(code, 'read').set(NARROW) },
  { name: 'has', gas: KERNEL_GAS.has, write: (code) => onSlot(code, 'has').set(NARROW) },
  {
    name: 'write, 8 bytes',
    gas: KERNEL_GAS.write + 8 * KERNEL_GAS.writtenByte,
    write: (code) => {
      words(code, 8);
      slot(code);
      code.i32(8).call(imported('write'));
    },
    turns: 100,
  },
  {
    name: 'writtenByte',
    gas: KERNEL_GAS.writtenByte,
    write: (code) => {
      words(code, BYTES);
      slot(code);
      code.i32(BYTES).call(imported('write'));
    },
    times: BYTES,
    turns: 5,
  },
  { name: 'remove', gas: KERNEL_GAS.remove, write: (code) => onSlot(code, 'remove'), turns: 100 },
  {
    name: 'event, 8 bytes',
    gas: KERNEL_GAS.event + 8 * KERNEL_GAS.eventByte,
    write: (code) => {
      words(code, 8);
      code.i32(0).i32(8).call(imported('event'));
    },
    turns: 100,
  },
  {
    name: 'eventByte',
    gas: KERNEL_GAS.eventByte,
    write: (code) => {
      words(code, BYTES);
      code.i32(0).i32(BYTES).call(imported('event'));
    },
    times: BYTES,
    turns: 5,
  },
  {
    name: 'output, 8 bytes',
    gas: KERNEL_GAS.output + 8 * KERNEL_GAS.outputByte,
    write: (code) => {
      words(code, 8);
      code.i32(8).call(imported('output'));
    },
    turns: 100,
  },
  ...['sha256', 'keccak256', 'blake3'].flatMap((name, kind) => hashTasks(name as HashName, kind)),
  {
    name: 'verify, 32 bytes',
    gas: KERNEL_GAS.verify + 32 * KERNEL_GAS.verifyByte,
    write: (code) => {
      signed(code, 32);
      code.i32(32).call(imported('verify')).set(NARROW);
    },
    turns: 1,
  },
  {
    name: 'verifyByte',
    gas: KERNEL_GAS.verifyByte,
    write: (code) => {
      signed(code, LONG);
      code.i32(LONG).call(imported('verify')).set(NARROW);
    },
    without: (code) => {
      signed(code, 0);
      code.i32(0).call(imported('verify')).set(NARROW);
    },
    times: LONG,
    turns: 1,
  },
];

/** `turns` times `UNROLLED` repetitions, after 32 slots were looked up. */
function writeLoop(code: Code, turns: number, write: (code: Code, repetition: number) => void): void {
  for (let index = 0; index < 32; index++)
    code.i64(index).call(imported('push')).i32(8).call(imported('lookup')).set(NARROW);
  code.i64(88172645463325252n).set(WIDE).i64(7).set(WIDER).i32(turns).set(INDEX).op(LOOP, EMPTY);
  for (let repetition = 0; repetition < UNROLLED; repetition++) write(code, repetition);
  code.get(INDEX).i32(1).op(I32_SUB).tee(INDEX).op(BR_IF).u32(0).op(END);
  code.get(WIDE).globalSet(GLOBAL_WORD);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}

async function engineOf(methods: ReadonlyMap<string, (code: Code) => void>): Promise<BareEngine> {
  return BareEngine.create(await WebAssembly.compile(instrument(buildContract(methods))));
}

function call(method: string, input = 0): Transaction {
  const nobody = new Uint8Array(32);
  return { sender: nobody, contract: nobody, method, input: new Uint8Array(input), gasLimit: Number.MAX_SAFE_INTEGER };
}

/** Nanoseconds of one call of each, medians of blocks that take turns. */
async function timed(engine: BareEngine, blocks: readonly (readonly Transaction[])[]): Promise<number[]> {
  const times = blocks.map((): number[] => []);
  for (let round = -10; round < ROUNDS; round++) {
    for (const [index, block] of blocks.entries()) {
      const elapsed = (await engine.run(block)) / block.length;
      const { status, code } = engine.outcome(0);
      if (status !== 0) throw new Error(`${block[0]?.method} ended with status ${status}, code ${code}`);
      if (round >= 0) times[index]?.push(elapsed);
    }
  }
  return times.map(median);
}

async function measure({ write, without, times = 1, turns = TURNS }: Task): Promise<number> {
  const methods = new Map<string, (code: Code) => void>([
    ['nothing', () => {}],
    ['with', (code) => writeLoop(code, turns, write)],
    ['without', (code) => writeLoop(code, turns, without ?? (() => {}))],
  ]);
  const [more = 0, less = 0] = await timed(await engineOf(methods), [[call('with')], [call('without')]]);
  return (more - less) / (turns * UNROLLED * times);
}

/** What is of whole calls: an empty one, its input, what growing the memory costs with the new instance after it. */
async function measureCalls(): Promise<[name: string, ns: number, gas: number][]> {
  const grow = (pages: number) => (code: Code) => code.i32(pages).op(MEMORY_GROW).byte(0).set(NARROW);
  const touch = (code: Code) => {
    for (let at = 0; at < 65_536; at += 4096) code.i32(at).i64(1).byte(I64_STORE, 0, 0);
  };
  const engine = await engineOf(
    new Map<string, (code: Code) => void>([
      ['nothing', () => {}],
      ['grow', grow(1)],
      ['growMore', grow(101)],
      ['touch', touch],
    ]),
  );
  const repeated = (count: number, method: string, input?: number): Transaction[] =>
    Array.from({ length: count }, () => call(method, input));
  const blocks = [
    repeated(5000, 'nothing'),
    repeated(5000, 'nothing', 1024),
    repeated(20, 'grow'),
    repeated(5, 'growMore'),
  ];
  const [nothing = 0, input = 0, one = 0, many = 0, touched = 0] = await timed(engine, [
    ...blocks,
    repeated(1000, 'touch'),
  ]);
  return [
    ['call, empty', nothing, KERNEL_GAS.call],
    ['inputByte', (input - nothing) / 1024, KERNEL_GAS.inputByte],
    ['growth', one - nothing, DYNAMIC_GAS.growth + DYNAMIC_GAS.page],
    ['page, not touched', (many - one) / 100, DYNAMIC_GAS.page],
    ['restoredKiB, 16 of them', (touched - nothing) / 16, DYNAMIC_GAS.restoredKiB],
  ];
}

const rows: string[][] = [['task', 'ns', 'gas', 'gas for 0.1 ns']];
const add = (name: string, ns: number, gas: number): void => {
  rows.push([name, ns.toFixed(2), String(gas), (gas / (ns * 10)).toFixed(2)]);
};
for (const task of TASKS) add(task.name, await measure(task), task.gas);
for (const [name, ns, gas] of await measureCalls()) add(name, ns, gas);
stdout.write(formatTable(rows));
