// What the option telemetry costs: npm run bench:telemetry

import { argv } from 'node:process';
import type { BlockResult, EncodedBlock, ExecutorName } from '../host/index.js';
import { Contender } from './contender.js';
import { collectGarbage } from './garbage.js';
import { type ProcessorTimed, processorTimed } from './processor-time.js';
import { plural } from './report.js';
import { bootstrapGroupedMedian, type MedianInterval, median } from './statistics.js';
import { compute } from './workloads/compute.js';
import type { Workload } from './workloads/workload.js';

const BLOCK_SIZE = 10_000;
const WARM_UP = 20;
/** So many blocks are encoded ahead, of a workload that prepares the first one only, and garbage is collected, before any of them is measured. */
const AHEAD = 10;
const PAIRS = wholeNumber(argv[2] ?? '60');
/** Two runtimes are started anew for each: where their memory lies differs from start to start, and with it what a call takes, by as much as telemetry does. */
const STARTS = wholeNumber(argv[3] ?? '10');
/** Rounds of integer work: calls of some 0.6, 1, 1.4 and 6 microseconds. */
const ROUNDS = [0, 150, 300, 3_000];
const SETTINGS: readonly { executor: ExecutorName; workers: number }[] = [
  { executor: 'sequential', workers: 1 },
  { executor: 'block-stm', workers: 1 },
  { executor: 'block-stm', workers: 2 },
];

function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new RangeError(`bench:telemetry -- <pairs> <starts>: expected a whole number from 1, found ${text}`);
}

type Timed = ProcessorTimed<BlockResult>;

/** What a start gave: of each pair of blocks, with telemetry divided by without. */
interface Start {
  readonly wall: readonly number[];
  readonly cpu: readonly number[];
  /** Of a processor, for a call without telemetry. */
  readonly micros: readonly number[];
}

/** Both runtimes execute the same blocks, one after the other; who is first alternates. */
async function compare(workload: Workload, executor: ExecutorName, workers: number, start: number): Promise<Start> {
  const blocks = WARM_UP + PAIRS;
  const options = { executor, workers, blocks };
  // Who is started first gets other memory, too.
  const first = await Contender.start(workload, { ...options, telemetry: start % 2 === 1 });
  await using _first = first;
  const second = await Contender.start(workload, { ...options, telemetry: start % 2 === 0 });
  await using _second = second;
  const [without, taped] = start % 2 === 1 ? [second, first] : [first, second];
  const wall: number[] = [];
  const cpu: number[] = [];
  const micros: number[] = [];
  for (let from = 0; from < blocks; from += AHEAD) {
    const indexes = Array.from({ length: Math.min(AHEAD, blocks - from) }, (_, at) => from + at);
    const ahead: (readonly [index: number, encoded: ReadonlyMap<Contender, EncodedBlock>])[] = [];
    for (const index of indexes) {
      const preparation = without.transactions(workload.preparation(index));
      if (preparation.transactions.length > 0) for (const each of [without, taped]) await each.prepare(preparation);
      const block = without.transactions(workload.block(index));
      const encoded = new Map<Contender, EncodedBlock>();
      for (const each of [without, taped]) encoded.set(each, await each.encodeBlock(block));
      ahead.push([index, encoded]);
    }
    collectGarbage();
    for (const [index, encoded] of ahead) {
      const costs = new Map<Contender, Timed>();
      for (const each of index % 2 === 0 ? [without, taped] : [taped, without]) {
        costs.set(each, await processorTimed(() => each.execute(encoded.get(each) as EncodedBlock)));
      }
      if (index < WARM_UP) continue;
      const [plain, own] = [without, taped].map((each) => costs.get(each)) as [Timed, Timed];
      wall.push(own.wallMs / plain.wallMs);
      cpu.push(own.cpuMs / plain.cpuMs);
      micros.push((plain.cpuMs * 1_000) / BLOCK_SIZE);
    }
  }
  return { wall, cpu, micros };
}

function shown({ median: middle, low, high }: MedianInterval): string {
  return `${middle.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}

/** The medians of single starts, the least and the greatest. */
function range(starts: readonly (readonly number[])[]): string {
  const medians = starts.map(median);
  return `${Math.min(...medians).toFixed(3)} to ${Math.max(...medians).toFixed(3)}`;
}

console.log(
  `with telemetry / without, ${STARTS} starts of ${PAIRS} blocks of ${BLOCK_SIZE} calls, medians, their 95% intervals, and the medians of single starts`,
);
for (const rounds of ROUNDS) {
  for (const { executor, workers } of SETTINGS) {
    const starts: Start[] = [];
    for (let start = 0; start < STARTS; start++) {
      const workload = compute({ accounts: 10_000, rounds, blockSize: BLOCK_SIZE }, start + 1);
      starts.push(await compare(workload, executor, workers, start));
    }
    const micros = median(starts.flatMap((start) => start.micros));
    const what = `${executor}, ${plural(workers, 'worker')}, ${micros.toFixed(2)} us of a processor a call`;
    const [wall, cpu] = [starts.map((start) => start.wall), starts.map((start) => start.cpu)];
    console.log(
      `${what.padEnd(60)} time ${shown(bootstrapGroupedMedian(wall, 1))}, starts ${range(wall)}; processor time ${shown(bootstrapGroupedMedian(cpu, 1))}, starts ${range(cpu)}`,
    );
  }
}
