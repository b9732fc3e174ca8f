// What a mutant has to get by, cheapest first: blocks that are explored, and random blocks under random schedules (random-blocks.ts).

import { explore, parseBlock, policyOf } from '../../dist/host/explore/index.js';
import { compileExplored } from '../../dist/host/explore/kernel-source.js';
import { compileProbedKernel } from '../support/kernel-parts.js';
import { kinds } from './random-blocks.js';

/** The kernel with an edit, in the build for the explorer and in the one for steppers; each is compiled when it is first asked for. */
export class Kernels {
  #edit;
  #explored;
  #probed;

  /** @param {import('../../dist/host/explore/kernel-source.js').SourceEdit} edit */
  constructor(edit) {
    this.#edit = edit;
  }

  async explored() {
    this.#explored ??= await WebAssembly.compile(await compileExplored(this.#edit));
    return this.#explored;
  }

  async probed() {
    this.#probed ??= await compileProbedKernel(this.#edit);
    return this.#probed;
  }
}

const CONTENDED = 'a a=; a a=; a a=';
const CONTENDED_RUNS = 'a a=; a a=; a a=; a a=';
const LONGER = 'a a=; a a=; a a=; a a=; a a=';
const DRIFTING = 'a?b=:c=; b a=; c a=; a b c; b=1 c=2';
const COUNTERS = 'a-1; a-2 b=; a+1; a-2; a-1 b';
/** What is added is subtracted again, so that the bound is reached on a counter that is not there. */
const RETURNING = 'b=; a+1 a-1 c=; c';
const DEPENDING = 'a=; a b=; a c=; a d=; b c d';
/** Call 1 is executed again while call 2 goes on, so that call 3 is twice executed before its turn: it writes c, and then b. */
const DEPARTING = 'd=1; d?a=1:a=2; e f g h; a?b=7:c=7; b c';
/** The addition leaves no version: what call 3 would see is not what is committed. */
const ADDED = 'b=; a=5; a+1; a';

/** @type {readonly { name: string, run(kernels: Kernels): Promise<string | undefined> }[]} What `run` has seen that must not be; undefined if nothing. */
export const catchers = [
  atRandom(CONTENDED, 3, 1),
  atRandom(CONTENDED, 3, 2),
  atRandom(LONGER, 3, 1),
  ...kinds.map(randomBlocks),
  atRandom(LONGER, 3, 2),
  atRandom(DRIFTING, 3, 1),
  atRandom(COUNTERS, 3, 1, 'a=2'),
  atRandom(RETURNING, 3, 1),
  atRandom(DEPENDING, 3, 1),
  atRandom(DEPENDING, 4, 1),
  atRandom(ADDED, 3, 1),
  atRandom(DEPARTING, 3, 1, 'd=0'),
  // A version that was given up and is no ESTIMATE, below a call of the same run.
  atRandom(CONTENDED_RUNS, 2, 2, '', 1500, { estimates: false }),
  everySchedule('a a=; a a=', 2, 1),
  everySchedule(CONTENDED, 3, 3),
  atRandom(DRIFTING, 4, 1, '', 5000),
  atRandom(DRIFTING, 3, 2, '', 5000),
  atRandom(DEPENDING, 4, 1, '', 20_000),
  atRandom(LONGER, 4, 1, '', 20_000),
];

function atRandom(block, workers, grain, state = '', schedules = 1500, policy = {}) {
  const flags = Object.entries(policy).map(([name, value]) => `, ${name}=${value ? 'on' : 'off'}`);
  return {
    name: `\`${block}\`, ${workers} workers, grain ${grain}${flags.join('')}, ${schedules} schedules at random`,
    run: (kernels) =>
      found(kernels, {
        block: parseBlock(block, state),
        workers,
        policy: policyOf({ ...policy, grain }),
        random: { schedules, seed: 1 },
      }),
  };
}

function everySchedule(block, workers, grain) {
  return {
    name: `\`${block}\`, ${workers} workers, grain ${grain}, every schedule`,
    run: (kernels) => found(kernels, { block: parseBlock(block), workers, policy: policyOf({ grain }) }),
  };
}

async function found(kernels, options) {
  return (await explore({ ...options, kernel: await kernels.explored() })).failure?.message;
}

/** What the block that failed has shown, and which one that is. */
function randomBlocks({ name, run }) {
  return {
    name,
    run: async (kernels) => {
      const kernel = await kernels.probed();
      try {
        await run(kernel);
      } catch (error) {
        return error.message;
      }
      return undefined;
    },
  };
}
