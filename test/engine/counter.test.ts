import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CompiledContract, compile } from '../../dist/host/contract/index.js';
import type { BlockStatistics, Contract, Policy, Transaction } from '../../dist/host/index.js';
import { untilCounted } from '../support/contention.js';
import { address } from '../support/programs.js';
import { describe as describeReceipt, Runtimes } from '../support/runtimes.js';

const SUPPLY = `
import { abi, Counter } from "blockstm/assembly";

const supply = new Counter("supply");
const seats = new Counter("seats");

/** Work, so that every worker is awake before the block is over. */
function work(rounds: u32): u64 {
  let x: u64 = 1;
  for (let i: u32 = 0; i < rounds; i++) x = x * 6364136223846793005 + 1442695040888963407;
  return x;
}

export function mint(amount: u64): bool { return work(2000) != 0 && supply.tryAdd(amount, 1000000); }
export function burn(amount: u64): void { work(2000); supply.subtract(amount, 10); }
export function mintAll(amount: u64): void { supply.add(amount); }
export function mintTwice(amount: u64): u64 { supply.add(amount); const between = supply.get(); supply.add(amount); return between; }
export function total(): u64 { return supply.get(); }
// The compiler refuses two fields of one name; whoever speaks to the kernel himself may do as he likes.
export function setName(prefix: u64): void { abi.push(prefix); const slot = abi.lookup(8); abi.push(12); abi.push(34); abi.write(slot, 16); }
export function seat(): void { seats.add(1); }
`;

const alice = address(1);
const runtimes = new Runtimes();
let supply: CompiledContract;
beforeAll(async () => {
  supply = await compile({ source: SUPPLY, name: 'supply' });
});
afterAll(() => runtimes.close());

const SETTINGS: { executor: 'sequential' | 'block-stm'; workers: number; policy?: Partial<Policy> }[] = [
  { executor: 'sequential', workers: 1 },
  { executor: 'block-stm', workers: 1 },
  { executor: 'block-stm', workers: 2 },
  { executor: 'block-stm', workers: 8 },
  { executor: 'block-stm', workers: 4, policy: { grain: 1 } },
  { executor: 'block-stm', workers: 4, policy: { deltas: false } },
];

/** The same block under every setting, as text: one of them. */
async function everyWay(block: (contract: Contract) => Transaction[]): Promise<string[]> {
  const outcomes: string[][] = [];
  for (const setting of SETTINGS) {
    const contract = await (await runtimes.get(setting)).deploy(supply.wasm);
    const { receipts, writeSet } = await (await runtimes.get(setting)).execute({ transactions: block(contract) });
    const written = writeSet.map(({ key, value }) => Buffer.from([...key, ...(value ?? [])]).toString('hex'));
    outcomes.push([...[...receipts].map(describeReceipt), ...written]);
  }
  for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
  return outcomes[0] as string[];
}

describe('a counter, whoever adds to it first', () => {
  test('lets exactly as many calls pass its bound as do one by one', async () => {
    const lines = await everyWay((contract) =>
      Array.from({ length: 4000 }, (_, index) =>
        contract.transaction(alice, 'mint', { amount: 300n + BigInt(index % 7) }),
      ),
    );
    const passed = lines.filter((line) => line.includes('[0100000000000000]')).length;
    expect(passed).toBeGreaterThan(3000);
    expect(passed).toBeLessThan(4000);
  });

  test('goes up and down around both bounds, and is read in between', async () => {
    const lines = await everyWay((contract) =>
      Array.from({ length: 3000 }, (_, index) => {
        const amount = BigInt((index * 7919) % 40_000);
        const method = ['mint', 'burn', 'mint', 'burn', 'burn', 'mintTwice', 'total'][index % 7] as string;
        return contract.transaction(
          alice,
          method,
          method === 'total' ? {} : { amount: method === 'burn' ? amount * 3n : amount },
        );
      }),
    );
    expect(lines.filter((line) => line.includes('underflow')).length).toBeGreaterThan(100);
  });

  test('overflows at 2^64, and not before', async () => {
    const lines = await everyWay((contract) => [
      contract.transaction(alice, 'mintAll', { amount: 2n ** 64n - 3n }),
      ...Array.from({ length: 5 }, () => contract.transaction(alice, 'mintAll', { amount: 1n })),
      contract.transaction(alice, 'total'),
    ]);
    expect(lines.slice(0, 6).map((line) => line.split(' ')[1])).toEqual([
      'ok',
      'ok',
      'ok',
      'reverted',
      'reverted',
      'reverted',
    ]);
    expect(lines[6]).toContain('[ffffffffffffffff]');
  });

  test('is no number where something else was stored under its name', async () => {
    const field = supply.layout.fields.find(({ name }) => name === 'seats');
    const prefix = BigInt(`0x${field?.prefix}`);
    const lines = await everyWay((contract) => [
      contract.transaction(alice, 'seat'),
      contract.transaction(alice, 'setName', { prefix }),
      contract.transaction(alice, 'seat'),
    ]);
    expect(lines[2]).toContain('trapped');
    expect(lines[2]).toContain('counter');
  });
});

test('10,000 calls that add to one counter: no conflict with deltas, many without', async () => {
  const counted = async (
    deltas: boolean,
    atLeast: number,
    count: (stats: BlockStatistics) => number,
  ): Promise<void> => {
    const runtime = await runtimes.get({ executor: 'block-stm', workers: 2, policy: { deltas, grain: 4 } });
    const contract = await runtime.deploy(supply.wasm);
    const transactions = Array.from({ length: 10_000 }, () => contract.transaction(alice, 'mint', { amount: 1n }));
    let minted = 0n;
    await untilCounted(atLeast, async () => {
      const { stats } = await runtime.execute({ transactions });
      minted += 10_000n;
      const total = await runtime.view(contract.transaction(alice, 'total'));
      expect(contract.decodeOutput('total', total.output)).toBe(minted);
      return count(stats);
    });
  };
  // What is validated was executed before its turn.
  await counted(true, 101, ({ aborts, validations }) => {
    expect(aborts).toBe(0);
    return validations;
  });
  await counted(false, 101, ({ aborts }) => aborts);
});
