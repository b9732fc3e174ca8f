import { expect, test } from 'vitest';
import { explore, parseBlock, policyOf, replay, runLengths, SCHEDULE_SCHEMA } from '../../dist/host/explore/index.js';
import { compileExplored } from '../../dist/host/explore/kernel-source.js';
import { mutants } from '../mutants/mutants.js';

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

test.each(mutants.filter(({ equivalent }) => equivalent === undefined).slice(0, 3))(
  '$mistake: a schedule shows it, and shows it again',
  async ({ file, line, replacement }) => {
    const edit = (name: string, text: string) => (name === file ? text.replace(line, () => replacement) : text);
    const kernel = await WebAssembly.compile((await compileExplored(edit, false)) as Uint8Array<ArrayBuffer>);
    const block = 'a a=; a a=; a a=; a a=; a a=';
    const policy = policyOf({ grain: 1 });
    const { failure } = await explore({
      block: parseBlock(block),
      workers: 3,
      policy,
      kernel,
      random: { schedules: 20_000, seed: 1 },
    });
    expect(failure).toBeDefined();
    const steps = runLengths(failure?.schedule ?? []);
    const schedule = {
      schema: SCHEDULE_SCHEMA,
      block,
      state: '',
      workers: 3,
      policy,
      message: failure?.message ?? '',
      steps,
    } as const;
    expect(await replay(schedule, undefined, kernel)).toBe(failure?.message);
  },
);
