import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { type Branch, createRuntime, type Runtime, type RuntimeOptions } from '../../dist/host/index.js';
import {
  assertParallelEqualsSequential,
  type CallGenerator,
  ParallelDifference,
  type TestChain,
  type TestContract,
} from '../../dist/host/testing/index.js';
import { ParallelCheck } from '../../dist/host/testing/parallel-check.js';
import { blockstm } from '../cli/command.js';
import { withDirectory } from '../support/directories.js';
import { contractWasm } from '../support/runtimes.js';

async function funded(chain: TestChain): Promise<TestContract> {
  const token = await chain.deploy(await contractWasm('token'));
  for (let index = 0; index < 8; index++) {
    await token.as('minter').mint({ to: chain.account(`account ${index}`), amount: 1000n });
  }
  return token;
}

/** Mostly to one account, so that calls meet. */
const transfers: CallGenerator<TestContract> = (random, token, accounts) =>
  token.as(random.pick(accounts)).transfer({
    to: random.chance(0.5) ? (accounts[0] as never) : random.pick(accounts),
    amount: random.bigint(400n),
  });

test('a token is the same under every setting, and its calls met', async () => {
  const info = vi.spyOn(console, 'info').mockImplementation(() => {});
  const report = await assertParallelEqualsSequential(funded, transfers, { blocks: 5 });
  expect(report).toMatchObject({ settings: 6, blocks: expect.any(Number) });
  expect(report.blocks).toBeGreaterThanOrEqual(30);
  expect(report.executions).toBeGreaterThanOrEqual(report.calls);
  expect(report.aborts + report.dependencyWaits).toBeGreaterThan(0);
  expect(report.ok + report.failures.reduce((sum, { calls }) => sum + calls, 0)).toBe(report.generated);
  expect(report.failures.map(({ why }) => why)).toEqual(['reverted: insufficient balance']);
  const [line = ''] = info.mock.calls[0] as [string];
  expect(line).toMatch(
    new RegExp(`^parallel equals sequential: seed ${report.seed}, 6 settings; [\\d,]+ calls generated, `),
  );
  expect(line).toMatch(
    / ended ok, [\d,]+ reverted: insufficient balance; executed .*, which met [\d,]+ times? \(.* aborts?, .* waits?\)$/,
  );
});

test('a seed gives the same blocks, from the environment too', async () => {
  vi.spyOn(console, 'info').mockImplementation(() => {});
  const generated = async (seed?: number): Promise<string> => {
    const calls: string[] = [];
    const noting: CallGenerator<TestContract> = (...given) => {
      const call = transfers(...given);
      calls.push(String(call));
      return call;
    };
    const options = { blocks: 2, calls: 5, workers: [2], policies: [{}], allowUncontended: true };
    await assertParallelEqualsSequential(funded, noting, { ...options, ...(seed !== undefined && { seed }) });
    return calls.join('\n');
  };
  vi.stubEnv('SEED', '77');
  expect(await generated()).toBe(await generated(77));
  expect(await generated(78)).not.toBe(await generated(77));
  vi.stubEnv('SEED', 'x');
  await expect(generated()).rejects.toThrow('SEED: expected a whole number of at most 10 digits, found x');
  vi.unstubAllEnvs();
});

test('a check in which no call succeeded says why, at once', async () => {
  const poor: CallGenerator<TestContract> = (random, token, accounts) => {
    const who = token.as(random.pick(accounts));
    return random.chance(0.2) ? who.burn({ amount: 1n }) : who.transfer({ to: 'nobody', amount: 1_000_000n });
  };
  const options = { seed: 3, blocks: 4, calls: 50, workers: [2], policies: [{}, { grain: 1 as const }] };
  const unfunded = async (chain: TestChain) => chain.deploy(await contractWasm('token'));
  const error = await assertParallelEqualsSequential(unfunded, poor, options).catch((thrown: Error) => thrown);
  const [, generated = '', executed = ''] =
    /(\d+) calls generated.* executed (\d+) calls/.exec((error as Error).message) ?? [];
  // No more than each block under each setting.
  expect(Number(executed)).toBe(Number(generated) * 2);
  expect((error as Error).message).toBe(
    `no two calls met, so that little was tested: parallel equals sequential: seed 3, 2 settings; ${generated} calls generated, none ended ok, ` +
      `all reverted: insufficient balance; executed ${executed} calls in 8 blocks, which never met. What a call that fails has written is gone. ` +
      'Have the setup or the generator make calls that can succeed',
  );
});

test('a check in which no two calls met is not believed', async () => {
  // One call a block: there is nobody to meet.
  const alone: CallGenerator<TestContract> = (random, token, accounts) => token.as(random.pick(accounts)).totalSupply();
  const options = { blocks: 1, calls: 1, workers: [2], policies: [{}] };
  await expect(assertParallelEqualsSequential(funded, alone, options)).rejects.toThrow(
    /no two calls met.*; 1 call generated, all ended ok; executed [\d,]+ calls in \d+ blocks, which never met. Generate calls/,
  );
  vi.spyOn(console, 'info').mockImplementation(() => {});
  const { calls, aborts } = await assertParallelEqualsSequential(funded, alone, { ...options, allowUncontended: true });
  expect([calls, aborts]).toEqual([1, 0]);
});

test('generators that make no calls, and setups that are not the same twice, are refused', async () => {
  const options = { blocks: 1, calls: 1, allowUncontended: true };
  await expect(assertParallelEqualsSequential(funded, () => [], options)).rejects.toThrow('the generator must give');
  let setups = 0;
  const another = async (chain: TestChain): Promise<TestContract> => {
    const token = await funded(chain);
    await token.as('minter').mint({ to: chain.account('account 0'), amount: BigInt(++setups) });
    return token;
  };
  await expect(assertParallelEqualsSequential(another, transfers, options)).rejects.toThrow(
    'the setup gave another state with 2 workers, policy {} than sequentially',
  );
});

/** How a tampered runtime goes wrong: it gives every receipt so much more gas, in a block with these calls. */
type Fault = (methods: readonly string[], inputs: readonly Uint8Array[]) => boolean;

/** Runtimes that execute rightly, but for the parallel ones, which get a block wrong that has the fault. */
function faulty(fault: Fault): typeof createRuntime {
  const tampered = (branch: Branch): Branch =>
    new Proxy(branch, {
      get(target, name) {
        if (name === 'fork') return () => tampered(target.fork());
        if (name !== 'execute') {
          const value = Reflect.get(target, name, target);
          return typeof value === 'function' ? value.bind(target) : value;
        }
        return async (block: Parameters<Branch['execute']>[0]) => {
          const result = await target.execute(block);
          if (!('transactions' in block)) return result;
          const { transactions } = block;
          if (
            !fault(
              transactions.map(({ method }) => method),
              transactions.map(({ input }) => input),
            )
          )
            return result;
          const receipts = [...result.receipts].map((receipt) => ({ ...receipt, gasUsed: receipt.gasUsed + 1 }));
          const { height, writeSet, stats } = result;
          const get = (index: number) => receipts[index];
          const { length } = receipts;
          return { height, writeSet, stats, stateHash: () => result.stateHash(), receipts: { length, get } };
        };
      },
    });
  return async (options?: RuntimeOptions) => {
    const runtime = await createRuntime(options);
    return options?.executor === 'sequential' ? runtime : (tampered(runtime) as Runtime);
  };
}

describe('a block that differs', () => {
  const mixed: CallGenerator<TestContract> = (random, token, accounts) => {
    const who = token.as(random.pick(accounts));
    if (random.chance(0.05)) return who.mint({ to: random.pick(accounts), amount: 5n + random.bigint(1000n) });
    return random.chance(0.5) ? who.totalSupply() : transfers(random, token, accounts);
  };

  /** A mint of at least 3, and after it, not at once, a transfer. */
  const fault: Fault = (methods, inputs) => {
    const mint = methods.findIndex(
      (method, index) => method === 'mint' && Buffer.from(inputs[index] as Uint8Array).readBigUInt64LE(32) >= 3n,
    );
    return mint !== -1 && methods.indexOf('transfer', mint + 1) !== -1;
  };

  async function found(wrong: Fault, directory: string): Promise<ParallelDifference> {
    const options = { seed: 5, blocks: 3, calls: 200, directory, workers: [4], policies: [{ grain: 1 as const }] };
    const error = await new ParallelCheck(funded, mixed, options, faulty(wrong))
      .run()
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ParallelDifference);
    return error as ParallelDifference;
  }

  test('is shrunk to the calls that it takes, with the simplest arguments, and saved for the command line', () =>
    withDirectory(async (directory) => {
      const error = await found(fault, directory);
      expect(error.calls.map(({ method, args }) => [method, args.amount])).toEqual([
        ['mint', 3n],
        ['transfer', 0n],
      ]);
      expect(error).toMatchObject({ seed: 5, generated: 200, repeats: 10, setting: { workers: 4 } });
      expect(error.what).toMatch(/^receipt 0: gas used is \d+, expected \d+$/);
      expect(error.message).toContain('4 workers, policy {"grain":1}; seed 5 (SEED=5 repeats it)');
      expect(error.message).toMatch(/\n {4}0 token\.mint\(\{ to: account \d, amount: 3n \}\) as account \d\n/);
      const place = join(directory, 'seed-5');
      expect(await readdir(place)).toEqual(['block.jsonl', 'contract-0.wasm', 'genesis.json']);
      expect(error.message).toContain(
        `blockstm run ${place}/block.jsonl --genesis ${place}/genesis.json --workers 4 --verify`,
      );
      const calls = (await readFile(join(place, 'block.jsonl'), 'utf8')).trim().split('\n');
      expect(calls.map((line) => JSON.parse(line).method)).toEqual(['mint', 'transfer']);
      // The engine is right: the command line finds no difference.
      const { code, stdout } = await blockstm(
        directory,
        'run',
        join(place, 'block.jsonl'),
        '--genesis',
        join(place, 'genesis.json'),
        '--workers',
        '4',
        '--verify',
        '--json',
      );
      expect([code, JSON.parse(stdout).verified]).toEqual([0, true]);
    }));

  test('now and then is shrunk too', () =>
    withDirectory(async (directory) => {
      let executions = 0;
      const error = await found((...block) => fault(...block) && executions++ % 3 === 0, directory);
      expect(error.calls.map(({ method }) => method)).toEqual(['mint', 'transfer']);
      expect(error.repeats).toBeLessThan(10);
    }));

  test('once is shown as it was generated', () =>
    withDirectory(async (directory) => {
      let seen = false;
      const once: Fault = (...block) => {
        if (seen || !fault(...block)) return false;
        seen = true;
        return true;
      };
      const error = await found(once, directory);
      expect([error.repeats, error.calls.length]).toEqual([0, 200]);
      expect(error.message).toContain('did not differ again');
      expect(error.message).toContain('\n    and 180 more\n');
    }));
});
