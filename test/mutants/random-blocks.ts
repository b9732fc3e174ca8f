// Random blocks that virtual workers execute under random schedules, their steps interrupted at atomic accesses, held against the model: the properties of test/engine, on a
// kernel that is given. What is drawn follows from fixed seeds, so a kernel is caught by the same block each time.

import { expect } from 'vitest';
import type { Policy, Transaction } from '../../dist/host/index.js';
import { resolvePolicy } from '../../dist/host/runtime/policy.js';
import { callStepper, callTransactions, deployPrograms, stepCallTrees } from '../support/call-trees.js';
import { hex } from '../support/program-model.js';
import {
  makeBoundCounters,
  makeCallTrees,
  makeCountingCalls,
  makeFlipping,
  makeLongValues,
  makePrograms,
  makeWidePrograms,
  readAll,
} from '../support/programs.js';
import { Random } from '../support/random.js';
import { describe } from '../support/runtimes.js';
import {
  checkAfterFirst,
  checkBlocks,
  checkCalls,
  checkStepped,
  programTransactions,
} from '../support/stepped-property.js';
import { Stepper } from '../support/stepper.js';
import { checkTakenBack } from '../support/taken-back.js';

type Kernel = WebAssembly.Module;

/** A kind of blocks: throws at the first that goes wrong. */
interface Kind {
  readonly name: string;
  run(kernel: Kernel): Promise<void>;
}

const ONE_BY_ONE = resolvePolicy({ grain: 1 });
/** What was written again as it was aborts, too. */
const BY_VERSION = resolvePolicy({ grain: 1, validate: 'version' });
/** Nothing is marked, so that calls are aborted often. */
const UNMARKED = resolvePolicy({ grain: 1, estimates: false });
const POLICIES = [ONE_BY_ONE, resolvePolicy({}), resolvePolicy({ grain: 3, validate: 'version' }), UNMARKED];
/** Probability that a step is interrupted at an access. */
const INTERRUPTED = 0.05;
/** Speculative incarnations of a call, and the final one (assembly/kernel/status.ts). */
const MOST_INCARNATIONS = 9;
/** From none to enough. */
const GAS_LIMITS = [1_000_000, 100, 3_000, 6_000, 10_000, 20_000, 1_000_000];
/** Of a block with little gas: far more than any needs. */
const MOST_STEPS = 200_000;

export const kinds: readonly Kind[] = [
  {
    name: '400 random blocks of programs, 3 workers',
    async run(kernel) {
      const stepper = await Stepper.create('program', 3, { kernel, probability: INTERRUPTED });
      await eachOf(400, async (seed) => {
        const block = { seed, keys: 1 + (seed % 7) ** 2, calls: 1 + (seed % 50), hasTwins: seed % 2 === 0 };
        await checkStepped(stepper, block, seed, policyOf(seed));
      });
    },
  },
  {
    name: '200 random blocks of programs that call one another, 3 workers',
    async run(kernel) {
      const stepper = await callStepper(3, { kernel, probability: INTERRUPTED });
      await eachOf(200, async (seed) => {
        const make = seed % 3 === 0 ? makeCallTrees : makeCountingCalls;
        await stepCallTrees(
          stepper,
          { seed, keys: 1 + (seed % 6), calls: 1 + (seed % 20) },
          seed,
          policyOf(seed),
          false,
          make,
        );
      });
    },
  },
  {
    name: '40 random blocks with little gas, 3 workers, against the shipped kernel in order',
    async run(kernel) {
      const [stepper, inOrder] = await Promise.all([
        Stepper.create('program', 3, { kernel, probability: INTERRUPTED }),
        Stepper.create('program', 1),
      ]);
      await eachOf(40, async (seed) => {
        const calls = makePrograms({ seed, keys: 1 + (seed % 7), calls: 40 });
        await checkGas(stepper, inOrder, seed, programTransactions(calls, GAS_LIMITS), () => {});
      });
    },
  },
  {
    // So many workers and calls that now and then one is aborted as often as it may be before its turn.
    name: '150 blocks whose calls write elsewhere at each incarnation, 16 workers',
    async run(kernel) {
      const stepper = await Stepper.create('program', 16, { kernel, probability: INTERRUPTED });
      await eachOf(150, async (seed) => {
        const policy = seed % 2 === 0 ? BY_VERSION : UNMARKED;
        const { mostIncarnations } = await checkCalls(stepper, makeFlipping(150, 1 + (seed % 5)), seed, policy);
        if (mostIncarnations > MOST_INCARNATIONS) throw new Error(`a call has ${mostIncarnations} incarnations`);
      });
    },
  },
  {
    name: '60 chains of random blocks that are taken back, 2 workers',
    async run(kernel) {
      const stepper = await Stepper.create('program', 2, { kernel, probability: INTERRUPTED });
      await eachOf(60, async (seed) => {
        await checkTakenBack(stepper, { seed, keys: 1 + (seed % 20), calls: 10 + seed }, seed);
      });
    },
  },
  {
    name: '4 random blocks of 4000 programs on 8000 keys, 2 workers',
    async run(kernel) {
      const stepper = await Stepper.create('program', 2, { kernel, probability: 4 * INTERRUPTED });
      await eachOf(4, async (seed) => {
        await checkStepped(stepper, { seed, keys: 8000, calls: 4000 }, seed, policyOf(seed));
      });
    },
  },
  {
    name: '1200 blocks of counters at their bounds, 3 workers',
    async run(kernel) {
      const stepper = await Stepper.create('program', 3, { kernel, probability: INTERRUPTED });
      await eachOf(1200, async (seed) => {
        const calls = makeBoundCounters({ seed, keys: 1 + (seed % 2), calls: 3 + (seed % 7) });
        await (seed % 4 < 2 ? checkCalls : checkAfterFirst)(stepper, calls, seed, policyOf(seed >> 2));
      });
    },
  },
  {
    name: '40 random blocks of programs that call one another, with little gas, 3 workers, against the shipped kernel in order',
    async run(kernel) {
      const [stepper, inOrder] = await Promise.all([
        callStepper(3, { kernel, probability: INTERRUPTED }),
        callStepper(1),
      ]);
      await eachOf(40, async (seed) => {
        const calls = makeCallTrees({ seed, keys: 1 + (seed % 7), calls: 20 });
        await checkGas(stepper, inOrder, seed, callTransactions(calls, GAS_LIMITS), deployPrograms);
      });
    },
  },
  {
    name: '60 chains of blocks of long values, everything evicted after each, 3 workers',
    async run(kernel) {
      const stepper = await Stepper.create('program', 3, { kernel, probability: INTERRUPTED });
      await eachOf(60, async (seed) => {
        const [keys, calls] = [12, 8];
        const blocks = [1, 2, 3, 4].map((block) => makeLongValues({ seed: 4 * seed + block, keys, calls }));
        const { contract, written } = await checkBlocks(stepper, [...blocks, readAll(keys)], seed, policyOf(seed));
        stepper.evict(contract, written);
      });
    },
  },
  {
    name: '10 blocks of calls that look up hundreds of keys, 3 workers',
    async run(kernel) {
      const stepper = await Stepper.create('program', 3, { kernel, probability: INTERRUPTED });
      await eachOf(10, async (seed) => {
        await checkCalls(stepper, makeWidePrograms({ seed, keys: 600, calls: 6 }), seed, policyOf(seed));
      });
    },
  },
];

function policyOf(seed: number): Policy {
  return POLICIES[seed % POLICIES.length] as Policy;
}

/** Some calls have not gas enough, which the model knows nothing of. Who runs out where, and who used how much, is as in order. `prepare`: what has to be done before each block. */
async function checkGas(
  stepper: Stepper,
  inOrder: Stepper,
  seed: number,
  transactions: readonly Transaction[],
  prepare: (on: Stepper) => void,
): Promise<void> {
  const run = async (on: Stepper, policy: Policy, mode: 'block-stm' | 'sequential') => {
    prepare(on);
    const block = await on.run(transactions, new Random(seed), MOST_STEPS, undefined, policy, false, mode);
    return [
      ...block.receipts.map(describe),
      ...block.writeSet.map(
        ({ contract, key, value }) => `${hex(key)} ${value === undefined ? 'removed' : hex(value)} of ${hex(contract)}`,
      ),
    ];
  };
  const expected = await run(inOrder, ONE_BY_ONE, 'sequential');
  expect(await run(stepper, policyOf(seed), 'block-stm')).toEqual(expected);
  expect(await run(stepper, ONE_BY_ONE, 'sequential')).toEqual(expected);
}

/** The seed that failed is in the error's message. */
async function eachOf(count: number, check: (seed: number) => Promise<unknown>): Promise<void> {
  for (let seed = 1; seed <= count; seed++) {
    try {
      await check(seed);
    } catch (error) {
      throw new Error(`block ${seed}: ${told(error as Failure)}`);
    }
  }
}

interface Failure extends Error {
  readonly actual?: unknown;
  readonly expected?: unknown;
}

const LONGEST = 60;

/** In a line: of a list the first entry that differs. */
function told({ message, actual, expected }: Failure): string {
  const line = (message.split('\n')[0] as string).replace(/ \/\/ Object\.is equality| \(a bug in blockstm.*/, '');
  if (!Array.isArray(actual) || !Array.isArray(expected)) return line;
  const at = expected.findIndex((each, index) => each !== actual[index]);
  const index = at < 0 ? expected.length : at;
  const short = (list: readonly unknown[]) =>
    index < list.length ? `\`${String(list[index]).slice(0, LONGEST)}\`` : 'nothing';
  return `entry ${index} of ${expected.length} is ${short(actual)}, not ${short(expected)}`;
}
