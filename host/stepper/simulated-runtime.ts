import { policyWords } from '../engine/policy.js';
import { Router } from '../engine/router.js';
import { resolveContext } from '../runtime/block.js';
import { stateHash } from '../runtime/state-hash.js';
import type { Block, Contract, Decision, ExecutorName, Policy, Receipts, Transaction } from '../runtime/types.js';
import { TapedTelemetry } from '../trace/telemetry.js';
import type { BlockTelemetry } from '../trace/types.js';
import type { Costs } from './costs.js';
import { Simulator } from './simulator.js';
import { SpreadCall } from './spread-call.js';
import type { SteppedOutcome } from './stepped-block.js';
import { VirtualMachine } from './virtual-machine.js';

export interface SimulatedRuntimeOptions {
  readonly contracts: readonly SimulatedContract[];
  readonly executor: ExecutorName;
  readonly workers: number;
  /** Cores that the workers run on. */
  readonly cores: number;
  readonly policy: Policy;
  /** Locations and transactions that there is room for, and MiB of shared memory, `SIMULATED_MIB_MAX` at most: reserved, and taken where they are touched. */
  readonly limits: { readonly locations: number; readonly transactions: number; readonly memoryMiB: number };
  readonly costs: Costs;
  /** Of what differs from step to step. */
  readonly seed: number;
  /** Whether the workers write down what they do. */
  readonly telemetry: boolean;
  /** Nanoseconds that a call takes for each gas. */
  readonly nanosPerGas: (transaction: Transaction) => number;
}

/** A contract as a runtime has deployed it, and its code. */
export interface SimulatedContract extends Pick<Contract, 'address' | 'codeHash' | 'layout'> {
  readonly wasm: Uint8Array;
}

/** A block, and what it took by the virtual clock. */
export interface SimulatedBlock extends SteppedOutcome {
  readonly decision: Decision;
  /** From the host's notification of the workers until it goes on. */
  readonly nanos: number;
  /** For which workers had cores, of all of them together. */
  readonly busyNanos: number;
  /** How often a method was run again, for the sake of a read that was ahead of its time. */
  readonly replays: number;
  /** By the virtual clock; undefined where none was asked for. */
  readonly telemetry: BlockTelemetry | undefined;
}

/** As many MiB as can be addressed. */
export const SIMULATED_MIB_MAX = 4095;
const GAS_LIMIT = 100_000_000;
/** As the pool of threads has it (../engine/pool.ts). */
const SPINS_OWN_CORE = 2000;
const SPINS_SHARED_CORE = 20;

/** A runtime whose blocks are executed by virtual workers under a virtual clock: the shipped kernel, the same results, and times that depend on no machine. */
export class SimulatedRuntime {
  readonly #machine: VirtualMachine;
  readonly #simulator: Simulator;
  readonly #calls: readonly SpreadCall[];
  readonly #options: SimulatedRuntimeOptions;
  readonly #router: Router;

  private constructor(
    machine: VirtualMachine,
    calls: readonly SpreadCall[],
    simulator: Simulator,
    options: SimulatedRuntimeOptions,
  ) {
    this.#machine = machine;
    this.#calls = calls;
    this.#options = options;
    this.#simulator = simulator;
    this.#router = new Router(options.workers);
  }

  /** @throws MisuseError `ERR_OPTION` where so many workers and locations need more memory than there is to be; CapacityError where the machine does not give as much. */
  static async create(options: SimulatedRuntimeOptions): Promise<SimulatedRuntime> {
    const { contracts, workers, cores, limits, policy, costs, seed } = options;
    let simulator: Simulator | undefined;
    const codes = [...new Map(contracts.map(({ codeHash, wasm }) => [codeHash, wasm]))];
    const calls: SpreadCall[] = [];
    const machine = await VirtualMachine.create({
      codes: codes.map(([, wasm]) => wasm),
      workers,
      limits: { ...limits, gas: GAS_LIMIT },
      parallelism: cores,
      // Nothing is written down before there is a simulator.
      clock: () => simulator?.readClock() ?? 0,
      wrap: (kernel) => {
        const call = new SpreadCall(kernel);
        call.addsRead = !policy.deltas;
        calls.push(call);
        return call.kernel;
      },
    });
    const codeOf = (hash: string): number => codes.findIndex(([each]) => each === hash);
    machine.deploy(contracts.map(({ address, codeHash }) => ({ address, code: codeOf(codeHash) })));
    const spins = workers <= cores ? SPINS_OWN_CORE : SPINS_SHARED_CORE;
    simulator = new Simulator(machine, calls, { costs, cores, spins, seed });
    return new SimulatedRuntime(machine, calls, simulator, options);
  }

  /** Execute a block, of `height` unless it says another. @throws CapacityError where it meets a limit; MisuseError as `Runtime.execute`. */
  async execute(block: Block, height: bigint): Promise<SimulatedBlock> {
    const { executor } = this.#options;
    const calls = block.transactions.length;
    const decision: Decision = executor === 'auto' ? this.#router.choose(calls) : { mode: executor, reason: 'option' };
    const executed = await this.#execute(block, height, decision);
    if (executor === 'auto') {
      this.#router.record({ mode: decision.mode, calls, gas: executed.gasUsed, ms: executed.nanos / 1e6 });
    }
    return executed;
  }

  /** Execute a block sequentially, which nothing is learned from. @throws CapacityError, MisuseError */
  async prepare(block: Block, height: bigint): Promise<SimulatedBlock> {
    return this.#execute(block, height, { mode: 'sequential', reason: 'option' });
  }

  async #execute({ transactions, context: given }: Block, height: bigint, decision: Decision): Promise<SimulatedBlock> {
    const { workers, executor, policy, telemetry, nanosPerGas } = this.#options;
    const context = resolveContext(given, height, 0n);
    const { exports } = this.#machine.host;
    const isSpeculative = decision.mode === 'block-stm';
    const available = executor === 'sequential' ? 1 : Math.max(1, Math.min(workers, transactions.length));
    const participants = isSpeculative ? available : 1;
    const { bits, grain } = policyWords(policy, exports);
    const yields = executor === 'auto' ? exports.POLICY_YIELD.value : 0;
    const tapes = telemetry ? exports.POLICY_TAPE.value : 0;
    const words = { bits: bits | yields | tapes, grain };
    const times = { nanosPerGas: Float64Array.from(transactions, nanosPerGas), since: 0 };
    await this.#machine.begin(transactions, { context, policy: words, participants, mode: decision.mode });
    for (const call of this.#calls) call.replays = 0;
    let nanos = 0;
    let busyNanos = 0;
    let sequentialFrom = 0;
    try {
      nanos = await this.#simulator.run(participants, times, isSpeculative);
      busyNanos = this.#simulator.busy;
      sequentialFrom = exports.continueBlock();
      if (sequentialFrom > 0) {
        nanos += await this.#simulator.run(1, { ...times, since: nanos }, false);
        busyNanos += this.#simulator.busy;
      }
    } catch (error) {
      throw (await this.#machine.fault()) ?? error;
    }
    const outcome = await this.#machine.copyOut(transactions.length, participants);
    const course = sequentialFrom > 0 ? { ...decision, sequentialFrom } : decision;
    return {
      ...outcome,
      telemetry: telemetry ? await this.#telemetry(outcome.receipts, participants, available, course) : undefined,
      decision: course,
      nanos,
      busyNanos,
      replays: this.#calls.reduce((sum, { replays }) => sum + replays, 0),
    };
  }

  /** Of the last block, until the next one begins. */
  async #telemetry(
    receipts: Receipts,
    participants: number,
    available: number,
    decision: Decision,
  ): Promise<BlockTelemetry> {
    const { contracts, executor, policy } = this.#options;
    const book = {
      addressOf: (index: number) => this.#machine.addressOf(index),
      layoutOf: (address: Uint8Array) => contracts.find((each) => Buffer.compare(each.address, address) === 0)?.layout,
      layouts: () => contracts.map(({ layout }) => layout),
    };
    const course = { executor, decision, policy, receiptOf: (index: number) => receipts.get(index) };
    return new TapedTelemetry(await this.#machine.tape(participants), receipts.length, available, book, course);
  }

  /** The hash of the state, as `Runtime.stateHash`. */
  stateHash(): string {
    return stateHash(this.#machine.storedHash(), this.#options.contracts);
  }
}
