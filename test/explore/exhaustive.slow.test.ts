import { expect, test } from 'vitest';
import { explore, parseBlock, policyOf, replay } from '../../dist/host/explore/index.js';
import { type Mutant, mutants } from '../mutants/mutants.js';
import { compileMutant, findAtRandom, searchBoth } from '../support/explored.js';

test.each([
  ['a a=; a a=; a a=', 3, 3],
  ['a a=; a a=; a a=', 2, 1],
  ['a a=; a a=', 3, 1],
  ['a-1; a-1 b=', 2, 1],
] as const)('every schedule of %s on %i workers, grain %i, ends as sequentially', async (text, workers, grain) => {
  const result = await explore({
    block: parseBlock(text, text.includes('-') ? 'a=1' : ''),
    workers,
    policy: policyOf({ grain }),
  });
  expect(result).toMatchObject({ failure: undefined, isExhausted: true });
});

/** What workers say to one another. Mistakes elsewhere break what the search itself rests on, such as that what a worker allocates is his own. */
const PROTOCOL = ['status', 'scheduler', 'run', 'frontier', 'validate', 'versions', 'view', 'park'];
const mistakes = mutants.filter(({ file, equivalent }) => equivalent === undefined && PROTOCOL.includes(file));

test('persistent sets hide no mutant: where every schedule shows it, those that are left do', async () => {
  let shown = 0;
  for (const mutant of mistakes) {
    const { reduced, full, shipped } = searchBoth(await compileMutant(mutant), 'a a=; a a=');
    const isShown = full.failure !== undefined;
    expect([reduced.failure !== undefined, shipped.failure !== undefined], mutant.mistake).toEqual([isShown, isShown]);
    if (full.failure !== undefined) shown++;
  }
  expect(shown).toBeGreaterThanOrEqual(10);
});

test('no order is missed in which a load comes before a store after which it is no step', async () => {
  const early = mutants.find(({ mistake }) => mistake.includes('says that it has committed'));
  const { reduced, full, shipped } = searchBoth(await compileMutant(early as Mutant), 'c=; a=7; a');
  for (const { failure } of [reduced, full, shipped])
    expect(failure?.message).toBe('call 2 committed having read something else than sequentially');
});

test.each(mistakes.slice(0, 3))('$mistake: a schedule shows it, and shows it again', async (mutant) => {
  const kernel = await compileMutant(mutant);
  const { failure, schedule } = await findAtRandom(kernel, 'a a=; a a=; a a=; a a=; a a=', 20_000);
  expect((await replay(schedule, undefined, kernel)).failure).toBe(failure.message);
});
