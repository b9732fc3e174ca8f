import { stdout } from 'node:process';
import { DYNAMIC_GAS, instrument, KERNEL_GAS, type Transaction } from '../../host/index.js';
import type { Code } from '../../host/wasm/code.js';
import { EMPTY } from '../../host/wasm/module.js';
import { BR_IF, END, I32_SUB, LOOP, MEMORY_GROW, UNREACHABLE } from '../../host/wasm/opcode.js';
import { formatTable } from '../report.js';
import { median } from '../statistics.js';
import { BareEngine } from './bare-engine.js';
import type { Task } from './gas-task.js';
import { INSTRUCTION_TASKS } from './instruction-tasks.js';
import { KERNEL_TASKS } from './kernel-tasks.js';
import { buildContract, GLOBAL_WORD, INDEX, imported, NARROW, WIDE, WIDER } from './module-builder.js';

/**
 * What the gas schedule's weights come from: `npm run bench:gas`. Each task is a method of an instrumented contract that repeats one
 * thing; its time less that of a method that does the same without it, for each repetition. 1 gas is meant to be about 0.1 ns;
 * a weight is rounded up where the machine varies, and covers what a caller can provoke (a miss in the caches, a branch mispredicted).
 */

// As in a worker.
Error.stackTraceLimit = 0;

const TURNS = 2000;
const UNROLLED = 20;
const ROUNDS = 31;

const I64_STORE = 0x37;
/** `turns` times `UNROLLED` repetitions, after 32 slots were looked up. */
function writeLoop(code: Code, turns: number, write: (code: Code, repetition: number) => void): void {
  for (let index = 0; index < 32; index++)
    code.i64(index).call(imported('push')).i32(8).call(imported('lookup')).set(NARROW);
  code.i64(88172645463325252n).set(WIDE).i64(7).set(WIDER).i32(turns).set(INDEX).op(LOOP, EMPTY);
  for (let repetition = 0; repetition < UNROLLED; repetition++) write(code, repetition);
  code.get(INDEX).i32(1).op(I32_SUB).tee(INDEX).op(BR_IF).u32(0).op(END);
  code.get(WIDE).globalSet(GLOBAL_WORD);
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
    ['traps', (code) => code.op(UNREACHABLE)],
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
for (const task of [...INSTRUCTION_TASKS, ...KERNEL_TASKS]) add(task.name, await measure(task), task.gas);
for (const [name, ns, gas] of await measureCalls()) add(name, ns, gas);
stdout.write(formatTable(rows));
