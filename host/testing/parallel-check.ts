import { join } from 'node:path';
import { createRuntime, MisuseError, type Policy, type RuntimeOptions } from '../index.js';
import type { Account } from './account.js';
import { forTestLater } from './call-site.js';
import type { Rehearsal } from './chain-options.js';
import { ContractCall } from './contract-call.js';
import type { ContractInput } from './contract-source.js';
import { saveCounterExample } from './counter-example.js';
import { type Difference, ParallelDifference } from './parallel-difference.js';
import { describeReport, type ParallelReport, ParallelTally } from './parallel-report.js';
import { describeSetting, type ParallelSetting, parallelSettings, runtimeOptions } from './parallel-setting.js';
import { Random } from './random.js';
import { CheckBudget, minimized, simplified } from './shrink.js';
import { simplerCalls } from './simpler-call.js';
import { TestChain } from './test-chain.js';
import type { TestContract } from './test-contract.js';
import { checkOptions } from './test-options.js';

/** What a generator is given: a contract, or whatever a setup resolves to. */
export type Setup<Subject> = (chain: TestChain) => Promise<Subject>;

/** Gives one call, or several that belong together. It must take all that is random from `random`. */
export type CallGenerator<Subject> = (
  random: Random,
  subject: Subject,
  accounts: readonly Account[],
) => ContractCall | readonly ContractCall[];

export interface ParallelOptions {
  /** Default: that of the environment variable SEED, or a random one; it is printed. */
  readonly seed?: number;
  /** Blocks that are generated. Default 20. */
  readonly blocks?: number;
  /** Calls of the largest one. Default 300. */
  readonly calls?: number;
  /** Accounts that the generator is given: "account 0", "account 1", ... Default 8. */
  readonly accounts?: number;
  /** Worker counts, each with each of `policies`. Default: six settings, of 2 to 8 workers, that have every value of every flag. */
  readonly workers?: readonly number[];
  readonly policies?: readonly Partial<Policy>[];
  readonly limits?: RuntimeOptions['limits'];
  /** Whether it is fine that no two calls ever got into each other's way. Default false: then little was tested. */
  readonly allowUncontended?: boolean;
  /** Where a block that differs is written to. Default `blockstm-counter-example`. */
  readonly directory?: string;
}

const OPTIONS = [
  'seed',
  'blocks',
  'calls',
  'accounts',
  'workers',
  'policies',
  'limits',
  'allowUncontended',
  'directory',
] as const;

/** Executions by which it is known how often a block differs. */
const REPEATS = 10;
/** Executions of a block at most before it is taken for one that does not differ. */
const ATTEMPTS_MAX = 50;
/** Blocks that shrinking tries. */
const SHRINK_LIMIT = 1000;
/** Where no calls met: for how long all calls are executed again, under all settings together, as one block of so many; once under each, however long that takes. */
const CROWDED_MS = 3000;
const CROWDED_CALLS = 4096;

/**
 * Generate blocks, and execute each sequentially and in parallel, on many settings: every receipt, the write set and the state hash have to be the same.
 * @param subject - A contract to deploy, or what makes the state that every block begins with.
 * @throws ParallelDifference with the shrunk block where they are not; Error where no two calls met; MisuseError where the setup gives different states.
 */
export async function assertParallelEqualsSequential<Subject = TestContract>(
  subject: ContractInput | Setup<Subject>,
  generate: CallGenerator<Subject>,
  options: ParallelOptions = {},
): Promise<ParallelReport> {
  return forTestLater(assertParallelEqualsSequential, async () => {
    checkOptions('assertParallelEqualsSequential', options, OPTIONS);
    const setup = typeof subject === 'function' ? subject : deployment<Subject>(subject);
    const report = await new ParallelCheck(setup, generate, options).run();
    console.info(describeReport(report));
    return report;
  });
}

function deployment<Subject>(input: ContractInput): Setup<Subject> {
  return async (chain) => (await chain.deploy(input)) as Subject;
}

/** One check. */
export class ParallelCheck<Subject> {
  readonly #setup: Setup<Subject>;
  readonly #generate: CallGenerator<Subject>;
  readonly #options: ParallelOptions;
  readonly #open: typeof createRuntime;
  readonly #seed: number;
  readonly #settings: readonly ParallelSetting[];
  readonly #tally = new ParallelTally();

  /** @param open - What makes the runtimes. */
  constructor(
    setup: Setup<Subject>,
    generate: CallGenerator<Subject>,
    options: ParallelOptions,
    open: typeof createRuntime = createRuntime,
  ) {
    this.#setup = setup;
    this.#generate = generate;
    this.#options = options;
    this.#open = open;
    this.#seed = options.seed ?? seedFromEnvironment();
    this.#settings = parallelSettings(options.workers, options.policies);
  }

  async run(): Promise<ParallelReport> {
    await using oracle = await this.#chain({ executor: 'sequential', workers: 1 });
    const subject = await this.#setup(oracle);
    const start = await oracle.stateHash();
    const blocks = this.#blocks(oracle, subject);
    const expected: Rehearsal[] = [];
    for (const calls of blocks) {
      const block = await oracle.rehearse(calls);
      this.#tally.addGenerated(block);
      expected.push(block);
    }
    for (const setting of this.#settings) {
      await using candidate = await this.#candidate(setting, start);
      for (const [index, calls] of blocks.entries()) {
        await this.#compare(oracle, candidate, setting, calls, expected[index] as Rehearsal);
      }
    }
    const mayMeet = this.#tally.isAnyOk && !this.#options.allowUncontended;
    if (mayMeet && !this.#tally.hasMet) await this.#crowd(oracle, start, blocks.flat());
    const report = this.#tally.report(this.#seed, this.#settings.length);
    this.#refuseUncontended(report);
    return report;
  }

  /** On a machine that is busy, short blocks may be over before a second thread has come: one block of them all, for some seconds at most. */
  async #crowd(oracle: TestChain, start: string, all: readonly ContractCall[]): Promise<void> {
    const crowded = Array.from({ length: CROWDED_CALLS }, (_, index) => all[index % all.length] as ContractCall);
    const expected = await oracle.rehearse(crowded);
    for (const setting of this.#settings) {
      await using candidate = await this.#candidate(setting, start);
      const end = performance.now() + CROWDED_MS / this.#settings.length;
      do {
        await this.#compare(oracle, candidate, setting, crowded, expected);
        if (this.#tally.hasMet) return;
      } while (performance.now() < end);
    }
  }

  /** @throws Error where no two calls met: then little was tested. */
  #refuseUncontended(report: ParallelReport): void {
    if (this.#tally.hasMet || this.#options.allowUncontended) return;
    const advice = this.#tally.isAnyOk
      ? 'Generate calls that use the same state, or more of them (calls, blocks); where the contract has no such calls, allowUncontended: true'
      : 'What a call that fails has written is gone. Have the setup or the generator make calls that can succeed';
    throw new Error(`no two calls met, so that little was tested: ${describeReport(report)}. ${advice}`);
  }

  async #chain(options: RuntimeOptions): Promise<TestChain> {
    const { limits } = this.#options;
    return TestChain.create({ ...options, ...(limits !== undefined && { limits }) }, this.#open);
  }

  /** A chain of this setting, in the state that every block begins with. */
  async #candidate(setting: ParallelSetting, start: string): Promise<TestChain> {
    const chain = await this.#chain(runtimeOptions(setting));
    await this.#setup(chain);
    if ((await chain.stateHash()) === start) return chain;
    await chain.close();
    throw new MisuseError(
      'ERR_ARGUMENT',
      `the setup gave another state with ${describeSetting(setting)} than sequentially: it must do the same every time`,
    );
  }

  #blocks(oracle: TestChain, subject: Subject): ContractCall[][] {
    const { blocks = 20, calls = 300, accounts = 8 } = this.#options;
    const random = new Random(this.#seed);
    const people = Array.from({ length: accounts }, (_, index) => oracle.account(`account ${index}`));
    return Array.from({ length: blocks }, (_, index) => {
      // A full one first; the others are of every size.
      const size = index === 0 ? calls : 1 + random.below(calls);
      const block: ContractCall[] = [];
      while (block.length < size) block.push(...this.#calls(random, subject, people));
      return block;
    });
  }

  #calls(random: Random, subject: Subject, accounts: readonly Account[]): readonly ContractCall[] {
    const given = this.#generate(random, subject, accounts);
    const calls = given instanceof ContractCall ? [given] : given;
    if (Array.isArray(calls) && calls.length > 0 && calls.every((call) => call instanceof ContractCall)) return calls;
    throw new MisuseError(
      'ERR_ARGUMENT',
      'the generator must give a call, or calls, that were not awaited: token.as(alice).transfer(...)',
    );
  }

  async #compare(
    oracle: TestChain,
    candidate: TestChain,
    setting: ParallelSetting,
    calls: readonly ContractCall[],
    expected: Rehearsal,
  ): Promise<void> {
    const actual = await candidate.rehearse(calls);
    this.#tally.addExecuted(actual.stats, calls.length);
    const what = await difference(actual, expected);
    if (what === undefined) return;
    const shrunk = await this.#shrink(oracle, candidate, calls, what);
    const place = join(this.#options.directory ?? 'blockstm-counter-example', `seed-${this.#seed}`);
    const files = await saveCounterExample(place, oracle, shrunk.calls).catch(() => undefined);
    throw new ParallelDifference({ seed: this.#seed, setting, generated: calls.length, files, ...shrunk });
  }

  async #shrink(
    oracle: TestChain,
    candidate: TestChain,
    calls: readonly ContractCall[],
    seen: string,
  ): Promise<Pick<Difference, 'calls' | 'what' | 'repeats'>> {
    const once = async (block: readonly ContractCall[], expected: Rehearsal) =>
      difference(await candidate.rehearse(block), expected);
    const expected = await oracle.rehearse(calls);
    let repeats = 0;
    for (let round = 0; round < REPEATS; round++) if ((await once(calls, expected)) !== undefined) repeats++;
    if (repeats === 0) return { calls, what: seen, repeats };
    const attempts = attemptsFor(repeats / REPEATS);
    let what = seen;
    const shows = async (block: readonly ContractCall[]) => {
      const wanted = await oracle.rehearse(block);
      for (let attempt = 0; attempt < attempts; attempt++) {
        const found = await once(block, wanted);
        if (found === undefined) continue;
        what = found;
        return true;
      }
      return false;
    };
    const budget = new CheckBudget(shows, SHRINK_LIMIT);
    const fewer = await minimized(calls, budget);
    return { calls: await simplified(fewer, simplerCalls, budget), what, repeats };
  }
}

/** So many executions that a block that differs this often is missed once in a hundred times. */
function attemptsFor(rate: number): number {
  return rate >= 1 ? 1 : Math.min(ATTEMPTS_MAX, Math.ceil(Math.log(0.01) / Math.log(1 - rate)));
}

async function difference(actual: Rehearsal, expected: Rehearsal): Promise<string | undefined> {
  // Not what is tested with: as any user of the package would.
  const { firstDifference } = await import('blockstm/bench');
  return firstDifference(
    { ...actual, stateHash: async () => actual.stateHash },
    { ...expected, stateHash: async () => expected.stateHash },
  );
}

/** @throws MisuseError `ERR_OPTION` */
function seedFromEnvironment(): number {
  const { SEED: seed } = process.env;
  if (seed === undefined || seed === '') return Math.floor(Math.random() * 2 ** 32);
  if (/^\d{1,10}$/.test(seed)) return Number(seed);
  throw new MisuseError('ERR_OPTION', `SEED: expected a whole number of at most 10 digits, found ${seed}`);
}
