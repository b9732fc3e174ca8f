import { isDeepStrictEqual } from 'node:util';
import { policyWords } from '../../dist/host/engine/policy.js';
import { LiveReports } from '../../dist/host/engine/snapshot.js';
import type { Tape } from '../../dist/host/engine/tape.js';
import type { Policy, Receipt, Transaction, WriteSetEntry } from '../../dist/host/index.js';
import { resolvePolicy } from '../../dist/host/runtime/policy.js';
import { ReceiptDecoder } from '../../dist/host/runtime/receipts.js';
import { type SteppedContract, VirtualMachine } from '../../dist/host/stepper/virtual-machine.js';
import type { VirtualWorker } from '../../dist/host/stepper/virtual-worker.js';
import { Random } from './random.js';
import { contractWasm } from './runtimes.js';

/** Counters of a stepped block, summed over its virtual workers. */
export interface StepperStatistics {
  readonly steps: number;
  /** Where the first worker went on alone, 0 if it did not. */
  readonly sequentialFrom: number;
  readonly executions: number;
  readonly aborts: number;
  readonly validations: number;
  readonly dependencyWaits: number;
  /** Of all calls, their last incarnations. */
  readonly gasUsed: number;
  /** Incarnations of the transaction that had most. */
  readonly mostIncarnations: number;
  /** Incarnations that ended because their gas was spent, whatever became of them. */
  readonly gasSpent: number;
}

/** A stepped block. The contracts of blocks that name none have no addresses: where one is asked for, it is 32 zeros. */
export interface SteppedBlock {
  readonly receipts: readonly Receipt[];
  readonly writeSet: readonly WriteSetEntry[];
  readonly stats: StepperStatistics;
  /** Undefined where none was asked for. */
  readonly tape: Tape | undefined;
}

/** How a probed kernel is interrupted. */
export interface Interruptions {
  /** The kernel with probes (kernel-parts.ts). */
  readonly kernel: WebAssembly.Module;
  /**
   * At the n-th access of a block that is made from one place of the source others step with a probability of 8 * `probability` / n ** (2 / 3). So places that are seldom reached are
   * interrupted nearly as often as those that every step goes through; and where steps are long, most are still begun with others that could come in between: a step
   * in an interruption can be interrupted only by workers that are in none.
   */
  readonly probability: number;
}

/** Workers that can be in the middle of a step at once, less one. */
const MAX_NESTING = 3;
/** Of assembly/kernel/status.ts: a state, and the number of the incarnation that starts at its call's turn only. */
const COMMITTED = 5;
const MAX_SPECULATIVE = 8;
/** See `Interruptions`. */
const RARE = 8;
const RARER = 2 / 3;
/** Accesses that a block may take in a kernel with probes: far more than any needs. One that goes round within a step takes them all. */
const MAX_ACCESSES = 5_000_000;

/** Room for thousands of blocks, each on keys of its own. */
const LIMITS = { memoryMiB: 512, locations: 1 << 20, transactions: 8192, gas: 100_000_000 };
const PARALLELISM = 3;

/**
 * The shipped kernel, driven by one thread (host/stepper), under random schedules: the generator decides who takes the next step. So a schedule is
 * repeated exactly by its seed, and contention does not depend on the machine.
 */
export class Stepper {
  readonly #machine: VirtualMachine;
  readonly #probability: number;
  #random = new Random(1);
  #nesting = 0;
  #accesses = 0;
  #isSpeculative = false;
  /** How often each place in the source was reached in this block. */
  readonly #passes: number[] = [];
  /** Whether the workers keep a tape; and who is told of each incarnation of a call that has ended, and the gas that it used. */
  isTaped = false;
  onExecution: ((index: number, gasUsed: bigint) => void) | undefined;
  /** Receipts of the block as they were when their calls had committed, and others went on. */
  #handedOut: Receipt[] = [];

  private constructor(machine: VirtualMachine, probability: number) {
    this.#machine = machine;
    this.#probability = probability;
  }

  /**
   * `workers` virtual workers, each with an instance of some code: its Wasm, or its name in assembly/contracts. With `interruptions` a step can
   * also be interrupted in its middle, by steps of workers that are not in one.
   */
  static async create(
    given: string | Uint8Array | readonly Uint8Array[],
    workers: number,
    interruptions?: Interruptions,
  ): Promise<Stepper> {
    let stepper: Stepper | undefined;
    const machine = await VirtualMachine.create({
      codes: typeof given === 'string' ? [await contractWasm(given)] : given instanceof Uint8Array ? [given] : given,
      workers,
      limits: LIMITS,
      // As on a machine that has fewer cores than the runtime has workers, where there are many.
      parallelism: Math.min(workers, PARALLELISM),
      ...(interruptions !== undefined && { kernel: interruptions.kernel }),
      probe: (place?: number) => stepper?.interrupt(place),
    });
    stepper = new Stepper(machine, interruptions?.probability ?? 0);
    return stepper;
  }

  /** Have the blocks from here on call these contracts, which have no state, and be able to call one another; no others. */
  deploy(contracts: readonly SteppedContract[]): void {
    this.#machine.deploy(contracts);
  }

  /** The index of a new contract, of the first code, without state, for `run`. */
  add(): number {
    return this.#machine.add();
  }

  /** The address of a contract that was deployed. */
  addressOf(index: number): Uint8Array {
    return this.#machine.addressOf(index);
  }

  /** Values that were read from what has left memory. */
  get baseReads(): number {
    return this.#machine.baseReads;
  }

  /** Have everything leave memory: `written`, what blocks since the last time have written on `contract`, is in the base from now on. */
  evict(contract: number, written: readonly WriteSetEntry[]): void {
    this.#machine.evict(contract, written);
  }

  /** Let the last block not have happened, whether it has ended or not. */
  takeBack(): void {
    this.#machine.host.exports.rollback();
  }

  /** The digest of what is stored. */
  storedHash(): string {
    return this.#machine.storedHash();
  }

  /** As if so many blocks had been executed: the next one gets the epoch after this. */
  setEpoch(epoch: number): void {
    this.#machine.setWord(this.#machine.host.exports.AT_EPOCH.value, epoch);
  }

  /**
   * Run a block in the order of steps that `random` draws: on a contract of the first code without state unless one is named, or on those deployed. Throws where
   * it has not ended after `maxSteps`.
   */
  async run(
    transactions: readonly Transaction[],
    random: Random,
    maxSteps: number,
    contract?: number,
    policy: Policy = resolvePolicy({}),
    yields = false,
    mode: 'block-stm' | 'sequential' = 'block-stm',
  ): Promise<SteppedBlock> {
    const machine = this.#machine;
    const { exports } = machine.host;
    const count = transactions.length;
    const { bits, grain } = policyWords(policy, exports);
    // As under `auto`: where speculation fails, the first worker goes on alone.
    const { POLICY_YIELD, POLICY_TAPE } = exports;
    const words = { bits: bits | (yields ? POLICY_YIELD.value : 0) | (this.isTaped ? POLICY_TAPE.value : 0), grain };
    const participants = mode === 'sequential' ? 1 : machine.workers.length;
    await machine.begin(transactions, { contract, policy: words, participants, mode });
    this.#handedOut = [];
    this.#random = random;
    this.#nesting = 0;
    this.#accesses = 0;
    this.#passes.length = 0;
    this.#isSpeculative = mode === 'block-stm';
    let steps = await this.#execute(participants, maxSteps);
    const sequentialFrom = exports.continueBlock();
    this.#isSpeculative = false;
    if (sequentialFrom > 0) steps += await this.#execute(1, maxSteps);
    const { receipts: lazy, writeSet, ...counters } = await machine.copyOut(count, participants);
    const receipts = [...lazy];
    const isTakenBack = this.#handedOut.some((receipt, index) => !isDeepStrictEqual(receipt, receipts[index]));
    if (isTakenBack) throw new Error('a receipt was handed out and changed afterwards');
    const { executions, aborts, validations, dependencyWaits, gasUsed } = counters;
    const mostIncarnations = this.#mostIncarnations(count);
    const gasSpent = machine.workers.reduce((sum, worker) => sum + worker.gasSpent, 0);
    return {
      receipts,
      writeSet,
      tape: this.isTaped ? await machine.tape(participants) : undefined,
      stats: {
        steps,
        sequentialFrom,
        executions,
        aborts,
        validations,
        dependencyWaits,
        gasUsed,
        gasSpent,
        mostIncarnations,
      },
    };
  }

  /** Have the first workers go through what is set up. Returns the steps taken. */
  async #execute(participants: number, maxSteps: number): Promise<number> {
    for (const worker of this.#machine.workers.slice(0, participants)) worker.enter();
    let steps = 0;
    while (this.#stepSomebody()) {
      this.#handOut();
      if (++steps > maxSteps) throw new Error(`the block has not ended after ${maxSteps} steps`);
    }
    await this.#machine.leave(participants);
    return steps;
  }

  /** Take the receipts of the calls that have committed, as one who follows the block would. */
  #handOut(): void {
    const machine = this.#machine;
    const { exports } = machine.host;
    const frontier = machine.word(exports.AT_FRONTIER.value);
    const transactions = new DataView(machine.memory.buffer, exports.transactionsBase.value >>> 0);
    const block = { layout: machine.layout, transactions, reports: new LiveReports(machine.memory) };
    const decoder = new ReceiptDecoder(block, machine);
    for (let index = this.#handedOut.length; index < frontier; index++) this.#handedOut.push(decoder.decode(index));
    machine.setWord(exports.AT_AWAITED.value, frontier + 1);
  }

  /** At a probe, at `place` in the source, 0 for what the machine reads for a worker: perhaps let others step. */
  interrupt(place = 0): void {
    if (++this.#accesses > MAX_ACCESSES) throw new Error(`the block has not ended after ${MAX_ACCESSES} accesses`);
    const passes = (this.#passes[place] ?? 0) + 1;
    this.#passes[place] = passes;
    const probability = (RARE * this.#probability) / passes ** RARER;
    if (this.#nesting === MAX_NESTING || !this.#random.chance(probability)) return;
    this.#nesting++;
    let bursts = 1 + this.#random.below(4);
    while (bursts > 0 && (this.#stepSomebody() || this.#machine.leaveOne())) bursts--;
    this.#nesting--;
  }

  /** A step, or a burst of them as when the others are not scheduled, of a worker that can. False if none can. */
  #stepSomebody(): boolean {
    const machine = this.#machine;
    const { wakeWord } = machine;
    const able = machine.workers.filter((each) => each.isAble(wakeWord));
    const worker = able[this.#random.below(able.length)];
    if (worker === undefined) return false;
    const burst = this.#random.chance(0.1) ? 1 + this.#random.below(30) : 1;
    worker.isInside = true;
    for (let i = 0; i < burst && !worker.isDone && worker.ticket !== machine.wakeWord; i++) this.#step(worker);
    worker.isInside = false;
    return true;
  }

  #step(worker: VirtualWorker): void {
    const isCall = worker.trap === undefined && worker.entry !== undefined;
    worker.step(() => this.#random.chance(0.5));
    if (!isCall) return;
    const { runningCall, gas } = worker.kernel.exports;
    this.#checkTurn(runningCall());
    this.onExecution?.(runningCall(), BigInt(LIMITS.gas) - (gas.value < 0n ? 0n : gas.value));
  }

  /** A call that has been aborted so often is executed once more, when all below it have committed. @throws Error where they have not */
  #checkTurn(index: number): void {
    if (!this.#isSpeculative || ((this.#statusOf(index) >>> 4) & 63) !== MAX_SPECULATIVE) return;
    for (let below = 0; below < index; below++) {
      if ((this.#statusOf(below) & 7) === COMMITTED) continue;
      throw new Error(`call ${index} was to await its turn, and was begun while call ${below} had not committed`);
    }
  }

  /** The lower half of a status word (assembly/kernel/status.ts). */
  #statusOf(index: number): number {
    const { transactionsBase, TRANSACTION_SHIFT } = this.#machine.host.exports;
    return this.#machine.word((transactionsBase.value >>> 0) + (index << TRANSACTION_SHIFT.value));
  }

  #mostIncarnations(count: number): number {
    const incarnations = Array.from({ length: count }, (_, index) => 1 + ((this.#statusOf(index) >>> 4) & 63));
    return Math.max(0, ...incarnations);
  }
}
