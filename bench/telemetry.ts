// What the option telemetry costs: npm run bench:telemetry

import { argv } from 'node:process';
import type { BlockResult, EncodedBlock, ExecutorName } from '../host/index.js';
import { Contender } from './contender.js';
import { collectGarbage } from './garbage.js';
import { type ProcessorTimed, processorTimed } from './processor-time.js';
import { plural } from './report.js';
import { bootstrapMedian, type MedianInterval, median } from './statistics.js';
import { compute } from './workloads/compute.js';
import type { Workload } from './workloads/workload.js';

const BLOCK_SIZE = 10_000;
const WARM_UP = 20;
const PAIRS = Number(argv[2] ?? 60);
/** Rounds of integer work: calls of less than 1 microsecond, of about 1, of some 5. */
const ROUNDS = [0, 300, 3_000];
const SETTINGS: readonly { executor: ExecutorName; workers: number }[] = [
  { executor: 'sequential', workers: 1 },
  { executor: 'block-stm', workers: 1 },
  { executor: 'block-stm', workers: 2 },
];

/** Both runtimes execute the same blocks, one after the other; who is first alternates. */
async function compare(workload: Workload, executor: ExecutorName, workers: number) {
  const blocks = WARM_UP + PAIRS;
  await using without = await Contender.start(workload, { executor, workers, blocks });
  await using taped = await Contender.start(workload, { executor, workers, blocks, telemetry: true });
  const wall: number[] = [];
  const cpu: number[] = [];
  const micros: number[] = [];
  for (let index = 0; index < blocks; index++) {
    const preparation = without.transactions(workload.preparation(index));
    if (preparation.transactions.length > 0) for (const each of [without, taped]) await each.prepare(preparation);
    const block = without.transactions(workload.block(index));
    const encoded = new Map([
      [without, await without.encodeBlock(block)],
      [taped, await taped.encodeBlock(block)],
    ]);
    collectGarbage();
    const costs = new Map<Contender, ProcessorTimed<BlockResult>>();
    for (const each of index % 2 === 0 ? [without, taped] : [taped, without]) {
      costs.set(each, await processorTimed(() => each.execute(encoded.get(each) as EncodedBlock)));
    }
    if (index < WARM_UP) continue;
    const [plain, own] = [
      costs.get(without) as ProcessorTimed<BlockResult>,
      costs.get(taped) as ProcessorTimed<BlockResult>,
    ];
    wall.push(own.wallMs / plain.wallMs);
    cpu.push(own.cpuMs / plain.cpuMs);
    micros.push((plain.cpuMs * 1_000) / BLOCK_SIZE);
  }
  return { wall: bootstrapMedian(wall, 1), cpu: bootstrapMedian(cpu, 1), micros: median(micros) };
}

function shown({ median: middle, low, high }: MedianInterval): string {
  return `${middle.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}

console.log(`with telemetry / without, ${PAIRS} blocks of ${BLOCK_SIZE} calls, medians and their 95% intervals`);
for (const rounds of ROUNDS) {
  for (const { executor, workers } of SETTINGS) {
    const workload = compute({ accounts: 10_000, rounds, blockSize: BLOCK_SIZE }, 1);
    const { wall, cpu, micros } = await compare(workload, executor, workers);
    const what = `${executor}, ${plural(workers, 'worker')}, ${micros.toFixed(2)} us of a processor a call`;
    console.log(`${what.padEnd(60)} time ${shown(wall)}, processor time ${shown(cpu)}`);
  }
}
