import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import {
  type Account,
  assertParallelEqualsSequential,
  type ContractCall,
  type Random,
  type Rehearsal,
  type TestChain,
  type TestContract,
} from '../../dist/host/testing/index.js';
import { encodeProgram, makePrograms } from '../support/programs.js';
import { contractWasm } from '../support/runtimes.js';

type Caller = ReturnType<TestContract['as']>;
/** A call by `caller`, which may concern `other` too, of a contract in which the calls before it are all that ever happened. */
type Generator = (random: Random, caller: Caller, other: Account) => ContractCall;

const few = (random: Random): number => random.below(4);

/** Transfers by this method, and now and then new tokens. */
const transfers =
  (method: string, more: Readonly<Record<string, unknown>> = {}): Generator =>
  (random, caller, to) => {
    const amount = random.bigint(100n);
    return random.chance(0.2) ? caller.mint({ to, amount }) : caller[method]({ to, amount, ...more });
  };

/** Of the contracts whose own tests do not do this. */
const generators: Readonly<Record<string, Generator>> = {
  amm: (random, caller, to) => {
    const [amount0, amount1] = [random.bigint(1000n), random.bigint(1000n)];
    return random.pick([
      () => caller.fund({ to, amount0, amount1 }),
      () => caller.addLiquidity({ amount0, amount1 }),
      () => caller.removeLiquidity({ shares: 1n + amount0 / 10n }),
      () => caller.swap({ zeroForOne: random.chance(0.5), amountIn: amount0, minimumOut: 0n }),
    ])();
  },
  cells: (random, caller) => {
    const [from, to, amount] = [few(random), few(random), random.below(100)];
    return random.chance(0.5) ? caller.add({ cell: to, amount }) : caller.derive({ from, to, amount });
  },
  compute: transfers('transfer', { rounds: 100 }),
  counter: (random, caller) => caller.add({ amount: random.bigint(2n ** 64n) }),
  drawer: (random, caller) => {
    const [key, value] = [Uint8Array.of(few(random)), Uint8Array.of(few(random))];
    return random.pick([
      () => caller.put({ key, value }),
      () => caller.remove({ key }),
      () => caller.announce({ topic: key, data: value }),
    ])();
  },
  drift: (random, caller) =>
    caller.visit({ pointer: few(random), cell: few(random), count: 8, drifts: random.chance(0.5), amount: 1n }),
  drop: (random, caller, to) =>
    random.chance(0.5)
      ? caller.mint({ shard: random.below(2) })
      : caller.transfer({ to, id: 2 ** 40 * random.below(2) + 1 + few(random) }),
  ledger: (random, ...parties) => transfers(random.pick(['transfer', 'transferSealed']))(random, ...parties),
  pausable: (random, caller, to) => {
    if (random.chance(0.1)) return random.chance(0.5) ? caller.pause({}) : caller.resume({});
    return transfers('transfer')(random, caller, to);
  },
  program: (random, caller) => {
    const [program] = makePrograms({ seed: random.next(), keys: 4, calls: 1 });
    return caller.run({ code: encodeProgram(program?.operations ?? []) });
  },
  registry: (random, caller, callee) => caller.touch({ callee, selector: random.below(2), value: random.bigint(100n) }),
  smallbank: (random, caller) => {
    const [customer, amount] = [few(random), random.bigint(100n)];
    const pair = { from: customer, to: few(random) };
    return random.pick([
      () => caller.open({ customer, inSavings: amount, inChecking: amount }),
      () => caller.balance({ customer }),
      () => caller.depositChecking({ customer, amount }),
      () => caller.transactSavings({ customer, amount: amount - 50n }),
      () => caller.amalgamate(pair),
      () => caller.writeCheck({ customer, amount }),
      () => caller.sendPayment({ ...pair, amount }),
    ])();
  },
  volume: (random, ...parties) =>
    transfers(random.pick(['transfer', 'transferAdding', 'transferWriting']))(random, ...parties),
  ycsb: (random, caller) => {
    const keys = [few(random), few(random), few(random)];
    return caller.operate({ keys, updates: random.below(8), value: Uint8Array.of(random.below(256)) });
  },
};

/** Its calls read nothing, so that none can meet another. */
const UNCONTENDED = 'drawer';
/** A line of a test that makes the check; a comment is none. */
const PARALLEL_CHECK = /^ *await assertParallelEqualsSequential\(/m;
/** Made once, and again in the same order: that takes less time than to generate as many. */
const GENERATED = 50;
/**
 * Where others want the cores, a block may be over before a second worker has come. So it is executed several times, until its calls have met; and then the check of those that have not is made
 * again with longer blocks.
 */
const MOST_TIMES = 10;
const [CALLS, MOST_CALLS] = [500, 8000];

/** What became of the contracts' blocks. */
class Seen {
  readonly ok = new Set<string>();
  readonly met = new Set<string>();

  /** Have a chain tell of the blocks that it is given, and execute one again whose calls have not met. */
  follow(chain: TestChain): void {
    const rehearse = chain.rehearse.bind(chain);
    chain.rehearse = async (calls) => {
      const { name } = (calls[0] as ContractCall).contract;
      let block = await rehearse(calls);
      for (let times = 1; times < MOST_TIMES && this.#mayMeet(name, block); times++) block = await rehearse(calls);
      if (haveMet(block)) this.met.add(name);
      for (const { status } of block.receipts) if (status === 'ok') this.ok.add(name);
      return block;
    };
  }

  #mayMeet(name: string, block: Rehearsal): boolean {
    return block.stats.workers > 1 && name !== UNCONTENDED && !this.met.has(name) && !haveMet(block);
  }
}

function haveMet({ stats }: Rehearsal): boolean {
  return stats.aborts + stats.dependencyWaits > 0;
}

/** A block of so many calls of each contract, on chains that have all of them. */
async function check(names: readonly string[], calls: number, seen: Seen): Promise<void> {
  const turns = names.values();
  await assertParallelEqualsSequential(
    async (chain) => {
      const contracts = new Map<string, TestContract>();
      for (const name of names) contracts.set(name, await chain.deploy(await contractWasm(name), { name }));
      seen.follow(chain);
      return contracts;
    },
    (random, contracts, accounts) => {
      const name = turns.next().value as string;
      const contract = contracts.get(name) as TestContract;
      const made = Array.from({ length: GENERATED }, () =>
        (generators[name] as Generator)(random, contract.as(random.pick(accounts)), random.pick(accounts)),
      );
      return Array.from({ length: calls }, (_, index) => made[index % GENERATED] as ContractCall);
    },
    {
      blocks: names.length,
      calls,
      accounts: 3,
      workers: [3],
      // Both values of every flag.
      policies: [
        { grain: 1, estimates: false, validate: 'version' },
        { grain: 3, deltas: false, suspend: 'abort' },
      ],
      // Whether calls have met is asked of each contract, below.
      allowUncontended: true,
    },
  );
}

test('every contract whose own test does not say so is the same in parallel, and its calls meet', async () => {
  const seen = new Seen();
  let left = Object.keys(generators);
  for (let times = 0; times < MOST_TIMES && left.length > 0; times++) {
    await check(left, Math.min(CALLS * 4 ** times, MOST_CALLS), seen);
    left = left.filter((name) => name !== UNCONTENDED && !seen.met.has(name));
  }
  expect(left).toEqual([]);
  expect(seen.met).not.toContain(UNCONTENDED);
  expect([...seen.ok].sort()).toEqual(Object.keys(generators));
});

test('no contract is missing', async () => {
  const files = await readdir(new URL('../../assembly/contracts/', import.meta.url));
  const names = files.filter((file) => file.endsWith('.ts')).map((file) => file.slice(0, -3));
  const own = await Promise.all(names.map(async (name) => testsItself(name)));
  expect(names.filter((_, index) => !own[index]).sort()).toEqual(Object.keys(generators));
});

test('a check that is commented out is none', () => {
  expect(PARALLEL_CHECK.test('  await assertParallelEqualsSequential(setUp')).toBe(true);
  expect(PARALLEL_CHECK.test('  // await assertParallelEqualsSequential(setUp')).toBe(false);
});

async function testsItself(name: string): Promise<boolean> {
  const source = await readFile(new URL(`${name}.test.ts`, import.meta.url), 'utf8').catch(() => '');
  return PARALLEL_CHECK.test(source);
}
