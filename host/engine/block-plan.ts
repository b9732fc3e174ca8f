import type { Decision, ExecutorName, Policy } from '../runtime/types.js';
import type { KernelExports } from './kernel.js';
import { type PolicyWords, policyWords } from './policy.js';
import { Router } from './router.js';

/** `view`: one call, sequentially, whose writes are dropped. */
export type BlockMode = ExecutorName | 'view';

/** What blocks took, and how they went, tells how the next ones are to be executed. */
export class Planner {
  readonly #kernel: KernelExports;
  readonly #workers: number;
  readonly #policy: PolicyWords;
  /** The policy bit with which the workers keep a tape, if they are to. */
  readonly #tapeBit: number;
  readonly #router: Router;

  /** `telemetry`: whether the workers are to keep a tape. */
  constructor(kernel: KernelExports, workers: number, policy: Policy, telemetry: boolean) {
    this.#kernel = kernel;
    this.#workers = workers;
    this.#policy = policyWords(policy, kernel);
    this.#tapeBit = telemetry ? kernel.POLICY_TAPE.value : 0;
    this.#router = new Router(workers);
  }

  /** For a block of so many calls. */
  plan(mode: BlockMode, calls: number): BlockPlan {
    const { bits, grain } = this.#policy;
    const tapeBit = mode === 'view' ? 0 : this.#tapeBit;
    const yields = mode === 'auto' ? this.#kernel.POLICY_YIELD.value : 0;
    const policy = { bits: bits | yields | tapeBit, grain };
    return new BlockPlan(this.#kernel, mode, calls, this.#workers, policy, tapeBit !== 0, this.#router);
  }
}

/** How one block is executed. */
export class BlockPlan {
  /** Whether the workers keep a tape of it. */
  readonly isTaped: boolean;
  readonly #kernel: KernelExports;
  readonly #mode: BlockMode;
  readonly #calls: number;
  readonly #workers: number;
  readonly #policy: PolicyWords;
  readonly #router: Router;
  readonly #first: Decision;
  #decision: Decision;

  /** `workers`: as many as there are. */
  constructor(
    kernel: KernelExports,
    mode: BlockMode,
    calls: number,
    workers: number,
    policy: PolicyWords,
    isTaped: boolean,
    router: Router,
  ) {
    this.#kernel = kernel;
    this.#mode = mode;
    this.#calls = calls;
    this.#workers = Math.max(1, Math.min(workers, calls));
    this.#policy = policy;
    this.isTaped = isTaped;
    this.#router = router;
    this.#first = this.#decide();
    this.#decision = this.#first;
  }

  #decide(): Decision {
    if (this.#mode === 'auto') return this.#router.choose(this.#calls);
    return { mode: this.#mode === 'block-stm' ? this.#mode : 'sequential', reason: 'option' };
  }

  get isSpeculative(): boolean {
    return this.#decision.mode === 'block-stm';
  }

  /** Workers that take part. */
  get participants(): number {
    return this.isSpeculative ? this.#workers : 1;
  }

  /** Those that could have taken part. */
  get availableWorkers(): number {
    return this.#mode === 'auto' || this.#mode === 'block-stm' ? this.#workers : 1;
  }

  /** Speculation has met a limit: only what happens sequentially counts. */
  meetLimit(): void {
    this.#decision = { mode: 'sequential', reason: 'limit' };
  }

  /** Set the block up in shared memory, where its calls are. */
  begin(): void {
    const { VIEW, SEQUENTIAL, BLOCK_STM } = this.#kernel;
    const executed = this.isSpeculative ? BLOCK_STM : SEQUENTIAL;
    const number = this.#mode === 'view' ? VIEW.value : executed.value;
    this.#kernel.beginBlock(this.#calls, number, this.participants, this.#policy.bits, this.#policy.grain);
  }

  /** The block took this: the next ones are planned by it. */
  record(gas: number, ms: number): void {
    // What was tried is what took so long, also where it had to be done again otherwise.
    if (this.#mode === 'auto') this.#router.record({ mode: this.#first.mode, calls: this.#calls, gas, ms });
  }

  /** How it was executed. `sequentialFrom`: where it went on sequentially, 0 if it did not. */
  decisionFrom(sequentialFrom: number): Decision {
    return sequentialFrom > 0 ? { ...this.#decision, sequentialFrom } : this.#decision;
  }
}
