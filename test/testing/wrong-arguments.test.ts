import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  assertParallelEqualsSequential,
  type TestChain,
  type TestContract,
  testChain,
} from '../../dist/host/testing/index.js';
import { contractWasm } from '../support/runtimes.js';

const HERE = 'wrong-arguments.test.ts:';

let chain: TestChain;
let token: TestContract;
beforeAll(async () => {
  chain = await testChain();
  token = await chain.deploy(await contractWasm('token'));
});
afterAll(() => chain.close());

async function thrownBy(call: () => unknown): Promise<Error> {
  const made = async () => call();
  return made().then(
    () => expect.fail('nothing was thrown'),
    (error: Error) => error,
  );
}

/** As deep as a test's helpers may be. */
function deep(depth: number, call: () => unknown): unknown {
  return depth === 0 ? call() : deep(depth - 1, call);
}

describe('what is wrong with a call is said by method and argument, at the line that wrote it', () => {
  const nothing = null as never;
  const cases: Readonly<Record<string, [message: string, call: () => unknown]>> = {
    'an unknown argument': ['token.transfer has no argument "amnt"', () => token.as('alice').transfer({ amnt: 1n })],
    'a missing one': [
      'token.transfer argument "amount" (u64) is missing',
      () => token.as('alice').transfer({ to: 'bob' }),
    ],
    'a wrong type': [
      'token.transfer: argument "to" must be an address',
      () => token.as('alice').transfer({ to: 7, amount: 1n }),
    ],
    'an overflow': [
      'token.transfer: argument "amount" must be a u64; found 18446744073709551616n',
      () => token.as('alice').transfer({ to: 'bob', amount: 2n ** 64n }),
    ],
    'an unknown method': ['did you mean "transfer"?', () => token.as('alice').transfr()],
    'an unknown option': ['unknown option "gas"', () => token.as('alice').totalSupply({}, { gas: 5 })],
    'null for arguments': ['token.totalSupply takes arguments by name', () => token.as('alice').totalSupply(nothing)],
    'null for the options of a view': ['view: expected an object', () => token.view.totalSupply({}, nothing)],
    'an unknown option of a view': ['did you mean "gasLimit"?', () => token.view.totalSupply({}, { gaslimits: 1 })],
    'nobody who calls': ['expected an account', () => token.as('')],
    'nobody who deploys': ['expected an account', () => chain.as('0x12')],
    'an unknown option of deploy': [
      'did you mean "init"?',
      () => chain.deploy(token.deployed as never, { inti: {} } as never),
    ],
    'null for options of a chain': ['testChain: expected an object', () => testChain(nothing)],
    'an unknown option of a chain': ['did you mean "time"?', () => testChain({ tiem: 5 } as never)],
    'an unknown option of advance': ['did you mean "seconds"?', () => chain.advance({ second: 5 } as never)],
    'no calls': ['block: expected an array of calls', () => chain.block(nothing)],
    'an unknown option of a check': [
      'did you mean "blocks"?',
      () => assertParallelEqualsSequential('token.ts', () => [], { block: 1 } as never),
    ],
  };
  test.each(Object.entries(cases))('%s', async (_, [message, call]) => {
    const error = await thrownBy(() => deep(3, call));
    expect(error.message).toContain(message);
    expect(error.stack?.split('\n')[1]).toContain(HERE);
  });
});

test('what is wrong with a constructor, and what it says itself, is shown at the line that deploys', async () => {
  const owned = {
    name: 'owned',
    source: `import { Address, require } from "blockstm/assembly";
      @init
      export function begin(limit: u8): void { require(limit > 0, "no limit"); }`,
  };
  for (const [init, message] of [
    [{ limit: 256 }, 'owned.begin: argument "limit" must be a u8; found 256'],
    [{ limit: 0 }, 'no limit'],
  ] as const) {
    const error = await thrownBy(() => chain.as('alice').deploy(owned, { init }));
    expect(error.message).toContain(message);
    expect(error.stack?.split('\n')[1]).toContain(HERE);
  }
});

test('a call whose block cannot be made is shown where it was written', async () => {
  const other = await testChain({ limits: { transactions: 1 } });
  const call = (await other.deploy(await contractWasm('token'))).as('alice').totalSupply();
  await other.close();
  const error = await thrownBy(() => call);
  expect(error).toMatchObject({ code: 'ERR_CLOSED' });
  expect(error.stack?.split('\n')[1]).toContain(HERE);
});
