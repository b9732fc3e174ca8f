import { KERNEL_GAS } from '../../host/index.js';
import type { Code } from '../../host/wasm/code.js';
import { I32_AND, I32_WRAP_I64, I64_SHR_U } from '../../host/wasm/opcode.js';
import { random, type Task, words } from './gas-task.js';
import { imported, NARROW, WIDE, WIDER } from './module-builder.js';

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
/** A method of the other contract (bare-engine.ts). */
const nested = (code: Code, inputBytes: number, mode: number, method = 'nothing'): void => {
  const ones = 0x0101010101010101n;
  const name = Buffer.alloc(8);
  name.write(method);
  code
    .i64(ones)
    .i64(ones)
    .i64(ones)
    .i64(ones)
    .call(imported('push4'))
    .i64(name.readBigInt64LE())
    .call(imported('push'));
  words(code, inputBytes);
  code.i32(method.length).i32(inputBytes).i32(mode).call(imported('call')).set(WIDER);
};

/** What a contract asks the kernel for. */
export const KERNEL_TASKS: readonly Task[] = [
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
  {
    name: 'nested, empty method',
    gas: KERNEL_GAS.nested,
    write: (code) => nested(code, 0, 0),
    turns: 100,
  },
  {
    name: 'nested, tried',
    gas: KERNEL_GAS.nested,
    write: (code) => nested(code, 0, 1),
    turns: 100,
  },
  {
    name: 'nested, tried, and it traps',
    gas: KERNEL_GAS.nested + KERNEL_GAS.nestedFailure,
    write: (code) => nested(code, 0, 1, 'traps'),
    turns: 100,
  },
  {
    name: 'nestedByte',
    gas: KERNEL_GAS.nestedByte,
    write: (code) => nested(code, BYTES, 0),
    without: (code) => nested(code, 0, 0),
    times: BYTES,
    turns: 10,
  },
];
