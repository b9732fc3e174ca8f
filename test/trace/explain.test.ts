import { describe, expect, test } from 'vitest';
import type { ContendedKey, Decision, ExecutorName, Transaction } from '../../dist/host/index.js';
import { resolvePolicy } from '../../dist/host/runtime/policy.js';
import { explain } from '../../dist/host/trace/explain.js';
import { type CallHistory, committed, rootAborts } from '../../dist/host/trace/incarnations.js';
import { locationText } from '../../dist/host/trace/location-names.js';
import { history, plainNames, unknownNames, validation } from '../support/histories.js';
import { encodeProgram } from '../support/programs.js';
import { account, ONE_BY_ONE, Script, TapedContract } from '../support/taped.js';

// Two workers, whose steps are: take a call, run it, finish it and take the next. "0 11 1 00": the one takes call 0, the other takes call 1 and runs it, and finishes it,
// before the one runs call 0 and finishes that.
const CALL_1_BEFORE_CALL_0 = '0 11 1 00';
/** Then call 2, too, before the one runs call 0. */
const CALLS_1_AND_2_BEFORE_CALL_0 = '0 11 11 1 00';

const contracts = new Map<string, Promise<TapedContract>>();
function contractNamed(name: string): Promise<TapedContract> {
  const known = contracts.get(name) ?? TapedContract.create(name, 2);
  contracts.set(name, known);
  return known;
}

interface HandMade {
  readonly before?: readonly Transaction[];
  readonly calls: readonly Transaction[];
  readonly schedule: string;
  readonly policy?: Parameters<typeof resolvePolicy>[0];
}

/** How a call of the block came to its end, in short. */
async function explained(name: string, index: number, make: (contract: TapedContract) => HandMade) {
  const contract = await contractNamed(name);
  const { before = [], calls, schedule, policy } = make(contract);
  const given = policy === undefined ? ONE_BY_ONE : resolvePolicy({ grain: 1, ...policy });
  const { telemetry } = await contract.run(calls, new Script(schedule), { before, policy: given });
  const { text, incarnations, reads, writes, advice } = telemetry.explain(index);
  const { contendedKeys, rootKeys } = telemetry.statistics();
  const counted = (keys: readonly ContendedKey[]) => keys.map((key) => `${key.aborts} x ${locationText(key)}`);
  return {
    text,
    ends: incarnations.map(({ outcome, writer, location }) =>
      location === null ? outcome : `${outcome}: ${locationText(location)} by ${writer}`,
    ),
    reads: reads.map(
      ({ location, writer, adders }) => `${locationText(location)} by ${[writer, ...adders].join(' + ')}`,
    ),
    writes: writes.map(locationText),
    advice: advice.map(({ kind }) => kind),
    keys: { own: counted(contendedKeys), roots: counted(rootKeys) },
  };
}

type Operations = readonly (readonly [number: number, operand: number])[];

/** A call of the program contract (assembly/contracts/program.ts). */
function run(contract: TapedContract, operations: Operations): Transaction {
  const code = encodeProgram(operations.map(([number, operand]) => ({ number, operand: BigInt(operand) })));
  return contract.call(0, 'run', { code });
}

const READ = 0;
const WRITE = 1;
const ADD = 2;
const READ_AT = 7;
const REVERT = 11;
const COUNT = 17;
const COUNT_DOWN = 18;

describe('blocks whose course is known', () => {
  test('a number that both read and write: a delta', async () => {
    const found = await explained('counter', 1, (counter) => {
      const add = counter.call(0, 'add', { amount: 1n });
      return { calls: [add, add], schedule: CALL_1_BEFORE_CALL_0 };
    });
    expect(found).toMatchObject({
      ends: ['validation: counter.count by 0', 'committed'],
      reads: ['counter.count by 0'],
      writes: ['counter.count'],
      advice: ['delta', 'shard', 'reorder'],
    });
    expect(found.text).toBe(`Call 1 ended ok, used 5864 gas and was executed 2 times; the last one stands.
It reads
  counter.count, written by call 0
It writes counter.count.
  Incarnation 0, by worker 1, failed validation: it had read counter.count before call 0 wrote it.
  Incarnation 1, by worker 0, was committed.
What would have avoided it:
  a delta: if counter.count is a Counter that calls add to without reading it, those that change it do not depend on one another.
  sharding: 2 calls change counter.count; with several in its place, chosen by the caller or the key, fewer calls meet.
  a reorder: call 1 depends on call 0 by counter.count wherever they are; with other calls between them, as many as are executed at once, the one has ended when the other begins.
`);
  });

  const payments = (volume: TapedContract, method: string): Omit<HandMade, 'schedule'> => ({
    before: [1, 2].map((to) => volume.call(0, 'mint', { to: account(to), amount: 10n })),
    calls: [1, 2].map((from) => volume.call(from, method, { to: account(from + 4), amount: 1n })),
  });

  test('a counter that both add to: nothing to avoid', async () => {
    const found = await explained('volume', 1, (volume) => ({
      ...payments(volume, 'transferAdding'),
      schedule: CALL_1_BEFORE_CALL_0,
    }));
    expect(found).toMatchObject({ ends: ['committed'], advice: [] });
    expect(found.reads.join()).not.toContain('addedVolume');
    expect(found.writes).toContain('volume.addedVolume');
    expect(found.text).toMatch(/^Call 1 ended ok, used \d+ gas and was executed once: nothing was aborted\.\n/);
  });

  test('the same, where the policy keeps no deltas', async () => {
    const found = await explained('volume', 1, (volume) => ({
      ...payments(volume, 'transferAdding'),
      schedule: CALL_1_BEFORE_CALL_0,
      policy: { deltas: false },
    }));
    expect(found.ends).toEqual(['validation: volume.addedVolume by 0', 'committed']);
    expect(found.advice).toEqual(['delta', 'shard', 'reorder']);
    expect(found.text).toContain('a delta: volume.addedVolume is a Counter; with the policy deltas on, calls that add');
  });

  test('a call that only reads a counter: another order', async () => {
    const found = await explained('volume', 1, (volume) => {
      const { before = [], calls } = payments(volume, 'transferAdding');
      return {
        before,
        calls: [calls[0] as Transaction, volume.call(0, 'addedVolume')],
        schedule: CALL_1_BEFORE_CALL_0,
      };
    });
    expect(found).toMatchObject({
      ends: ['validation: volume.addedVolume by 0', 'committed'],
      reads: ['volume.addedVolume by  + 0'],
      writes: [],
      advice: ['reorder'],
    });
    expect(found.text).toContain('from the state before the block, then added to by call 0');
    expect(found.text).toContain(
      'a reorder: before call 0, call 1 reads volume.addedVolume as it was before the block.',
    );
  });

  /** 12 more of what is kept under key 0, and 7 less if there are as many. */
  const put = (program: TapedContract): Transaction =>
    run(program, [
      [ADD, 12],
      [COUNT, 0],
    ]);
  const take = (program: TapedContract): Transaction =>
    run(program, [
      [ADD, 7],
      [COUNT_DOWN, 0],
    ]);

  test('a bound that another call decides', async () => {
    const found = await explained('program', 1, (program) => ({
      calls: [put(program), take(program)],
      schedule: CALL_1_BEFORE_CALL_0,
    }));
    expect(found).toMatchObject({
      ends: ['validation: program.cells[0] by 0', 'committed'],
      reads: ['program.cells[0] by  + 0'],
      writes: ['program.cells[0]'],
    });
    expect(found.text).toContain(
      '\n  whether a bound of program.cells[0] holds, from the state before the block, then added to by call 0\n',
    );
    expect(found.text).toContain(
      'failed validation: it had asked whether a bound of program.cells[0] holds before call 0 changed it, and is told otherwise now.',
    );
  });

  test('a bound that is as far on the state before the block: no dependency', async () => {
    const found = await explained('program', 2, (program) => ({
      before: [put(program)],
      calls: [take(program), put(program), take(program)],
      schedule: '',
    }));
    expect(found).toMatchObject({ ends: ['committed'], reads: [], writes: ['program.cells[0]'] });
  });

  test('a bound that the first of many decides: of that only', async () => {
    const found = await explained('program', 3, (program) => ({
      calls: [put(program), put(program), put(program), take(program)],
      schedule: '',
    }));
    expect(found.reads).toEqual(['program.cells[0] by  + 0']);
  });

  const mint = (token: TapedContract, to: number): Transaction =>
    token.call(0, 'mint', { to: account(to), amount: 10n });
  const pay = (token: TapedContract, from: number, to: number): Transaction =>
    token.call(from, 'transfer', { to: account(to), amount: 1n });
  const balanceOf = (number: number): string => {
    const digits = Buffer.from(account(number)).toString('hex');
    return `token.balances[0x${digits.slice(0, 8)}…${digits.slice(-4)}]`;
  };

  test('one balance between two payments: it could be counted', async () => {
    const found = await explained('token', 1, (token) => ({
      before: [mint(token, 1), mint(token, 2)],
      calls: [pay(token, 1, 2), pay(token, 2, 3)],
      schedule: CALL_1_BEFORE_CALL_0,
    }));
    expect(found).toMatchObject({
      ends: [`validation: ${balanceOf(2)} by 0`, 'committed'],
      reads: [`${balanceOf(2)} by 0`, `${balanceOf(3)} by `],
      writes: [balanceOf(2), balanceOf(3)],
      advice: ['delta', 'reorder'],
    });
    expect(found.text).toContain(
      `a delta: if ${balanceOf(2)} is one of a CounterMap that calls add to without reading it`,
    );
  });

  test("one balance that everybody pays into: it is one account's, and cannot be split", async () => {
    const found = await explained('token', 1, (token) => ({
      before: [mint(token, 1), mint(token, 2), mint(token, 3)],
      calls: [pay(token, 1, 9), pay(token, 2, 9), pay(token, 3, 9)],
      schedule: CALL_1_BEFORE_CALL_0,
    }));
    expect(found.ends).toEqual([`validation: ${balanceOf(9)} by 0`, 'committed']);
    expect(found.advice).toEqual(['delta', 'reorder']);
  });

  test('one number of a map that everybody changes, and nobody owns: several in its place', async () => {
    const found = await explained('drop', 1, (drop) => ({
      calls: [1, 2, 3].map((from) => drop.call(from, 'mint', { shard: 0n })),
      schedule: CALL_1_BEFORE_CALL_0,
    }));
    expect(found.ends).toEqual(['validation: drop.minted[0] by 0', 'committed']);
    expect(found.advice).toEqual(['delta', 'shard', 'reorder']);
    expect(found.text).toContain('sharding: 3 calls change drop.minted[0];');
  });

  test('a bound that the sum was near: not the advice to add, which it does', async () => {
    const found = await explained('program', 1, (program) => ({
      calls: [
        run(program, [
          [ADD, 10],
          [COUNT, 0],
        ]),
        run(program, [
          [ADD, 10],
          [COUNT_DOWN, 0],
        ]),
      ],
      schedule: CALL_1_BEFORE_CALL_0,
    }));
    expect(found.ends).toEqual(['validation: program.cells[0] by 0', 'committed']);
    expect(found.advice).toEqual(['delta', 'reorder']);
    expect(found.text).toContain('a delta: call 1 adds to program.cells[0] without reading it already');
  });

  test('a call above two that write: below the first of them', async () => {
    const write = (program: TapedContract, value: number) =>
      run(program, [
        [ADD, value],
        [WRITE, 0],
      ]);
    const found = await explained('program', 2, (program) => ({
      calls: [write(program, 5), write(program, 6), run(program, [[READ, 0]])],
      schedule: '0 000 1 11 0 11',
    }));
    expect(found.ends).toEqual(['validation: program.cells[0] by 1', 'committed']);
    expect(found.text).toContain(
      'a reorder: before call 0, the first that writes it, call 2 reads program.cells[0] as it was before the block.',
    );
  });

  /** Call 1 reads what call 0 writes, and call 2 what call 1 writes. */
  const chain = (program: TapedContract): readonly Transaction[] => [
    run(program, [
      [ADD, 5],
      [WRITE, 0],
    ]),
    run(program, [
      [READ, 0],
      [WRITE, 1],
    ]),
    run(program, [[READ, 1]]),
  ];

  test('what came of what was aborted: the first cause', async () => {
    const found = await explained('program', 2, (program) => ({
      calls: chain(program),
      schedule: CALLS_1_AND_2_BEFORE_CALL_0,
    }));
    expect(found.ends).toEqual(['cascade: program.cells[1] by 1', 'committed']);
    expect(found.reads).toEqual(['program.cells[1] by 1']);
    expect(found.keys).toEqual({
      own: ['1 x program.cells[0]', '1 x program.cells[1]'],
      roots: ['2 x program.cells[0]'],
    });
    expect(found.text).toContain('that was aborted itself, because of call 0 and program.cells[0].');
    expect(found.text).toMatch(
      /avoided it:\n {2}a reorder: before call 0, call 1 .*\n {2}a reorder: before call 1, call 2 /,
    );
  });

  test('the mark of an aborted call: it waited', async () => {
    const found = await explained('program', 2, (program) => ({
      calls: chain(program),
      // Call 2 is taken before call 0 is finished, and run after call 1 has been aborted for it.
      schedule: '0 1 1 1 0 0 1',
    }));
    expect(found.ends).toEqual(['estimate: program.cells[1] by 1', 'committed']);
    expect(found.text).toContain('met an estimate: call 1 had been aborted and was to write program.cells[1] again');
  });

  test('both, one after the other', async () => {
    const found = await explained('program', 2, (program) => ({ calls: chain(program), schedule: '0 11 11 00' }));
    expect(found.ends).toEqual(['cascade: program.cells[1] by 1', 'estimate: program.cells[1] by 1', 'committed']);
    expect(found.text).toContain('executed 3 times');
  });

  const sameBytes = (program: TapedContract): Omit<HandMade, 'schedule'> => ({
    before: [
      run(program, [
        [ADD, 5],
        [WRITE, 0],
      ]),
    ],
    calls: [
      run(program, [
        [ADD, 5],
        [WRITE, 0],
      ]),
      run(program, [[READ, 0]]),
    ],
  });

  test('the same bytes written again abort nobody, and yet are what is read', async () => {
    const found = await explained('program', 1, (program) => ({
      ...sameBytes(program),
      schedule: CALL_1_BEFORE_CALL_0,
    }));
    expect(found).toMatchObject({ ends: ['committed'], reads: ['program.cells[0] by 0'], advice: [] });
  });

  test('but where versions are compared they do', async () => {
    const found = await explained('program', 1, (program) => ({
      ...sameBytes(program),
      schedule: CALL_1_BEFORE_CALL_0,
      policy: { validate: 'version' },
    }));
    expect(found.ends).toEqual(['validation: program.cells[0] by 0', 'committed']);
  });

  test('a call that reads elsewhere the second time: what it read in the end', async () => {
    const found = await explained('program', 1, (program) => ({
      calls: [
        run(program, [
          [ADD, 5],
          [WRITE, 0],
        ]),
        run(program, [
          [READ, 0],
          [READ_AT, 97],
        ]),
      ],
      schedule: CALL_1_BEFORE_CALL_0,
    }));
    const sequentially = await explained('program', 1, (program) => ({
      calls: [
        run(program, [
          [ADD, 5],
          [WRITE, 0],
        ]),
        run(program, [
          [READ, 0],
          [READ_AT, 97],
        ]),
      ],
      schedule: '000 0',
    }));
    expect(found.ends).toEqual(['validation: program.cells[0] by 0', 'committed']);
    expect(sequentially.ends).toEqual(['committed']);
    expect(found.reads).toEqual(sequentially.reads);
    expect(found.reads).toHaveLength(2);
  });

  test('a call that fails has read what it read, and written nothing', async () => {
    const found = await explained('program', 1, (program) => ({
      calls: [
        run(program, [
          [ADD, 5],
          [WRITE, 0],
        ]),
        run(program, [
          [READ, 0],
          [WRITE, 1],
          [REVERT, 0],
        ]),
      ],
      schedule: CALL_1_BEFORE_CALL_0,
    }));
    expect(found).toMatchObject({
      ends: ['validation: program.cells[0] by 0', 'committed'],
      reads: ['program.cells[0] by 0'],
      writes: [],
      advice: ['reorder'],
    });
    expect(found.text).toContain('It writes nothing.');
    expect(found.text).toMatch(/^Call 1 ended reverted \(revert\), used \d+ gas and was executed 2 times;/);
  });
});

test('a call that the block has not', async () => {
  const counter = await contractNamed('counter');
  const { telemetry } = await counter.run([counter.call(0, 'add', { amount: 1n })], new Script(''));
  expect(() => telemetry.explain(1)).toThrow(RangeError('explain: the block has calls 0 to 0, not 1'));
});

/** In words, of calls that have changed what they have used. */
function told(histories: readonly CallHistory[], index: number, executor: ExecutorName, decision: Decision): string {
  const receiptOf = () => ({ index, status: 'ok', gasUsed: 1, output: new Uint8Array(0), events: [] }) as const;
  const course = { executor, decision, policy: resolvePolicy({}), receiptOf };
  const reads = histories.map(() => []);
  const calls = histories.map(committed);
  const source = { histories, calls, roots: rootAborts(histories), reads, names: unknownNames, course };
  return explain(source, index, plainNames).text;
}

test('of long advice no more than a person reads', () => {
  const locations = Array.from({ length: 30 }, (_, location) => location);
  const late = locations.map((location) => validation(location, 0));
  const histories = [history(0, [], locations), history(1, late, locations)];
  const text = told(histories, 1, 'block-stm', { mode: 'block-stm', reason: 'option' });
  expect(text.split('\n').filter((line) => line.includes('a reorder'))).toHaveLength(12);
  expect(text).toMatch(/\n {2}and 18 more\n$/);
});

test.each<[ExecutorName, Decision, string]>([
  ['block-stm', { mode: 'block-stm', reason: 'option' }, 'once: nothing was aborted.'],
  ['auto', { mode: 'block-stm', reason: 'trial' }, 'once: nothing was aborted.'],
  [
    'auto',
    { mode: 'block-stm', reason: 'trial', sequentialFrom: 1 },
    'once: nothing was aborted. From call 1 on the block was executed sequentially.',
  ],
  ['sequential', { mode: 'sequential', reason: 'option' }, 'once, sequentially: nothing can be aborted.'],
  [
    'auto',
    { mode: 'sequential', reason: 'small' },
    'once, sequentially, as auto chose (small): nothing can be aborted.',
  ],
  [
    'block-stm',
    { mode: 'sequential', reason: 'limit' },
    'once, sequentially, since speculation met a limit: nothing counts of what was aborted.',
  ],
])('how a block was executed: %s, %j', (executor, decision, expected) => {
  const [first] = told([history(0, [], [1])], 0, executor, decision).split('\n');
  expect(first).toBe(`Call 0 ended ok, used 1 gas and was executed ${expected}`);
});
