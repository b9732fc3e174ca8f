import { readFileSync } from 'node:fs';
import {
  type AddressNames,
  type BlockTelemetry,
  type CallNames,
  resolvePolicy,
  type Transaction,
} from '../../host/index.js';
import {
  SIMULATED_MIB_MAX,
  type SimulatedBlock,
  SimulatedRuntime,
  type SimulatedRuntimeOptions,
} from '../../host/stepper/index.js';
import { callNames } from '../call-names.js';
import { addressBytes, addressDigits, Contender } from '../contender.js';
import { blockDifference } from '../difference.js';
import { addCounters, countFailed, emptyMeasurements, type Measurements } from '../measurements.js';
import { builtContractPath } from '../package.js';
import { preparationBlocks } from '../preparation.js';
import { plural } from '../report.js';
import { type BenchmarkReport, buildReport } from '../result.js';
import { type Progress, type RunSettings, warmUpBlocks } from '../runner.js';
import type { Workload, WorkloadCall } from '../workloads/workload.js';
import { type CostTable, parseCosts } from './cost-table.js';
import { MemoryFull, simulationMiB, simulationTables } from './memory.js';

/** How a workload is simulated. */
export interface SimulationSettings extends RunSettings {
  readonly costs: CostTable;
  /** Cores that the virtual workers run on. Default: as many as there are workers. */
  readonly cores?: number;
  /** Called after each measured block with what the virtual workers did, and the names of its calls and contracts. Where the simulation is begun again with more memory, from the first one. */
  readonly onBlock?: (telemetry: BlockTelemetry, calls: CallNames, addresses: AddressNames) => void;
}

/** What the measured blocks of a simulation gave. */
export interface SimulatedBlocks {
  readonly measurements: Measurements;
  /** Of each block, nanoseconds of processor time that its workers took together. */
  readonly busyNanos: readonly number[];
  /** How often a method was run again, for the sake of a read that was ahead of its time. */
  readonly replays: number;
  readonly stateHash: string;
}

/** Who calls an `init` that nobody is said to call. */
const NOBODY = new Uint8Array(32);
const NANOS_PER_MS = 1e6;

/**
 * What `runBenchmark` measures, by a virtual clock: the shipped kernel executes the workload's blocks on virtual workers, on this thread. The same settings give the same report,
 * whatever the machine does meanwhile. Each block is executed by a sequential runtime, too: receipts and write sets are compared, and the state hash after the last.
 *
 * @throws MisuseError for costs that no table has; BlockStmError as `createRuntime` and `deploy` do; CapacityError where so many workers need more memory than there is.
 */
export async function runSimulation(
  workload: Workload,
  settings: SimulationSettings,
  progress: Progress = () => {},
): Promise<BenchmarkReport> {
  const { workers, costs, cores = workers } = settings;
  const simulation = await simulate(workload, settings, progress);
  const report = buildReport(workload, settings, simulation.measurements, simulation.stateHash);
  return { ...report, simulated: true, simulation: { cores, costs: costs.machine, replays: simulation.replays } };
}

/** The blocks of `runSimulation`, without a report of them. @throws as that does. */
export async function simulate(
  workload: Workload,
  settings: SimulationSettings,
  progress: Progress = () => {},
): Promise<SimulatedBlocks> {
  parseCosts(settings.costs, 'costs');
  const tables = simulationTables(workload, warmUpBlocks(settings.warmUp, workload.blockSize) + settings.repeats);
  const within = (memoryMiB: number): Promise<SimulatedBlocks> =>
    simulateWithin({ ...tables, memoryMiB }, workload, settings, progress);
  try {
    const least = simulationMiB(tables, settings.workers);
    return await within(least).catch((error: unknown) => {
      if (error instanceof MemoryFull && least < SIMULATED_MIB_MAX) return within(SIMULATED_MIB_MAX);
      throw error;
    });
  } catch (error) {
    throw error instanceof MemoryFull ? error.cause : error;
  }
}

async function simulateWithin(
  limits: SimulatedRuntimeOptions['limits'],
  workload: Workload,
  settings: SimulationSettings,
  progress: Progress,
): Promise<SimulatedBlocks> {
  const { repeats, warmUp, workers, cores = workers } = settings;
  const ahead = warmUpBlocks(warmUp, workload.blockSize);
  progress(`starting a runtime and ${plural(workers, 'virtual worker')}`);
  const blocks = ahead + repeats;
  const shared = { blocks, ...(settings.wasm !== undefined && { wasm: settings.wasm }) };
  await using sequential = await Contender.start(workload, { ...shared, executor: 'sequential', workers: 1 });
  const simulation = await Simulation.create(workload, settings, sequential, cores, limits);
  for (let index = 0; index < blocks; index++) {
    const isMeasured = index >= ahead;
    const doing = isMeasured ? `simulating, repeat ${index - ahead + 1} of ${repeats}` : `block ${index + 1} ahead`;
    progress(`${workload.name}: ${doing}`);
    await simulation.run(index, isMeasured, index === blocks - 1);
  }
  const { measurements, busyNanos, replays } = simulation;
  return { measurements, busyNanos, replays, stateHash: simulation.stateHash() };
}

/** A sequential runtime and a simulated one side by side over a sequence of blocks. */
class Simulation {
  readonly measurements: Measurements = emptyMeasurements();
  readonly busyNanos: number[] = [];
  replays = 0;
  readonly #workload: Workload;
  readonly #settings: SimulationSettings;
  readonly #sequential: Contender;
  readonly #simulated: SimulatedRuntime;
  readonly #nanosPerGas: NanosPerGas;

  private constructor(
    workload: Workload,
    settings: SimulationSettings,
    sequential: Contender,
    simulated: SimulatedRuntime,
    nanosPerGas: NanosPerGas,
  ) {
    this.#workload = workload;
    this.#settings = settings;
    this.#sequential = sequential;
    this.#simulated = simulated;
    this.#nanosPerGas = nanosPerGas;
  }

  static async create(
    workload: Workload,
    settings: SimulationSettings,
    sequential: Contender,
    cores: number,
    limits: SimulatedRuntimeOptions['limits'],
  ): Promise<Simulation> {
    const { executor, workers, policy = {}, stats = false, onBlock, costs, wasm } = settings;
    const nanosPerGas = new NanosPerGas(workload, sequential, costs);
    const simulated = await SimulatedRuntime.create({
      contracts: workload.contracts.map(({ name, wasm: file }) => {
        const { address, codeHash, layout } = sequential.contract(name);
        return { address, codeHash, layout, wasm: wasm?.get(file) ?? readFileSync(builtContractPath(file)) };
      }),
      executor,
      workers,
      cores,
      policy: resolvePolicy(policy),
      limits,
      costs,
      seed: settings.seed,
      telemetry: stats || onBlock !== undefined,
      nanosPerGas: (transaction) => nanosPerGas.of(transaction),
    });
    for (const call of firstCalls(workload, sequential)) await simulated.prepare({ transactions: [call] }, 0n);
    return new Simulation(workload, settings, sequential, simulated, nanosPerGas);
  }

  async run(index: number, isMeasured: boolean, isLast: boolean): Promise<void> {
    for (const ahead of preparationBlocks(this.#workload.preparation(index))) {
      const chunk = this.#sequential.transactions(ahead);
      const { height } = await this.#sequential.prepare(chunk);
      await this.#simulated.prepare(chunk, height).catch(rethrow);
    }
    const calls = this.#workload.block(index);
    const block = this.#sequential.transactions(calls);
    const expected = await this.#sequential.execute(block);
    const actual = await this.#simulated.execute(block, expected.height).catch(rethrow);
    const failedCalls = countFailed(calls, expected);
    const [hash, expectedHash] = isLast ? [this.stateHash(), await this.#sequential.stateHash()] : ['', ''];
    const difference =
      blockDifference(actual, expected) ??
      (hash === expectedHash ? undefined : `state hash is ${hash}, expected ${expectedHash}`);
    if (difference !== undefined && this.measurements.difference === undefined) {
      this.measurements.difference = `block ${index}: ${difference}`;
      this.measurements.differentBlock = index;
    }
    if (isMeasured) this.#record(calls, actual, failedCalls);
  }

  #record(calls: readonly WorkloadCall[], block: SimulatedBlock, failedCalls: number): void {
    const { measurements } = this;
    const { stats, onBlock, costs } = this.#settings;
    const { threads, host, steps } = costs;
    const each = host.call + (this.#settings.measured === 'end-to-end' ? host.encode + host.read : 0);
    const outside = host.block + each * calls.length;
    let alone = threads.start + threads.join;
    for (const [index, { gasUsed, status }] of [...block.receipts].entries()) {
      alone += gasUsed * this.#nanosPerGas.ofCall(calls[index] as WorkloadCall);
      // Whatever goes wrong ends in a trap.
      if (status !== 'ok') alone += steps.unwind;
    }
    measurements.sequentialMs.push((outside + alone) / NANOS_PER_MS);
    measurements.measuredMs.push((outside + block.nanos) / NANOS_PER_MS);
    measurements.engineMs.push(block.nanos / NANOS_PER_MS);
    this.busyNanos.push(block.busyNanos);
    addCounters(measurements, block, failedCalls);
    if (block.telemetry !== undefined) {
      const { addressNames } = this.#sequential;
      if (stats) measurements.statistics.add(block.telemetry, addressNames);
      onBlock?.(block.telemetry, callNames(calls), addressNames);
    }
    this.replays += block.replays;
  }

  stateHash(): string {
    return this.#simulated.stateHash();
  }
}

/** @throws MemoryFull in place of what says so. */
function rethrow(error: unknown): never {
  throw MemoryFull.of(error);
}

/** The calls that contracts began with when they were deployed, in the order of that. */
function firstCalls(workload: Workload, sequential: Contender): Transaction[] {
  return workload.contracts.flatMap(({ name, init }) => {
    const contract = sequential.contract(name);
    const method = contract.interface?.methods.find(({ kind }) => kind === 'init');
    if (method === undefined) return [];
    const sender = init === undefined ? NOBODY : addressBytes(init.sender);
    return [contract.transaction(sender, method.name, init?.args)];
  });
}

/** How long a workload's calls take for each gas, by the table. */
class NanosPerGas {
  /** The names of the Wasm, by the names of the contracts. */
  readonly #files: ReadonlyMap<string, string>;
  /** The same, by the digits of the addresses. */
  readonly #deployed: ReadonlyMap<string, string>;
  readonly #costs: CostTable;

  constructor({ contracts }: Workload, sequential: Contender, costs: CostTable) {
    this.#files = new Map(contracts.map(({ name, wasm }) => [name, wasm]));
    this.#deployed = new Map(
      contracts.map(({ name, wasm }) => [addressDigits(sequential.contract(name).address), wasm]),
    );
    this.#costs = costs;
  }

  of({ contract, method }: Transaction): number {
    return this.#at(this.#deployed.get(addressDigits(contract)), method);
  }

  ofCall({ contract, method }: WorkloadCall): number {
    return this.#at(this.#files.get(contract), method);
  }

  #at(file: string | undefined, method: string): number {
    return this.#costs.methods[`${file}.${method}`] ?? this.#costs.nanosPerGas;
  }
}
