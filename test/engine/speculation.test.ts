import { beforeAll, describe, expect, test } from 'vitest';
import { decodeOutput, encodeInput } from '../../dist/host/contract/codec.js';
import { type CompiledContract, compile } from '../../dist/host/contract/index.js';
import type { Receipt, Transaction } from '../../dist/host/index.js';
import { resolvePolicy } from '../../dist/host/runtime/policy.js';
import { untilCounted } from '../support/contention.js';
import { compileProbedKernel } from '../support/kernel-parts.js';
import { Random } from '../support/random.js';
import { Runtimes } from '../support/runtimes.js';
import { Stepper } from '../support/stepper.js';

/** Two values that are equal before and after every call: whoever sees them differ has seen what never was. */
const PAIR = `
import { Map } from "blockstm/assembly";
const cells = new Map<u32, u64>("cells");
export function write(value: u64): void {
  cells.set(0, value);
  cells.set(1, value);
}
export function read(): u64 {
  const first = cells.get(0);
  while (cells.get(1) != first) {}
  return first;
}`;

/** The same in milliseconds: a thread is stopped in the middle of it. Whoever reads takes longer, so that a write that began before him ends meanwhile. */
const GREEDY = `
import { Map } from "blockstm/assembly";
const cells = new Map<u32, u64>("cells");
const others = new Map<u64, u64>("others");
function work(rounds: u32): u64 {
  let x: u64 = 1;
  for (let i: u32 = 0; i < rounds; i++) x = x * 6364136223846793005 + 1442695040888963407;
  return x;
}
export function write(value: u64): void {
  cells.set(0, value);
  cells.set(1, value | (work(2000000) == 0 ? 1 : 0));
}
export function read(value: u64): void {
  const first = cells.get(0);
  let i: u64 = work(8000000) == 0 ? 1 : 0;
  while (cells.get(1) != first) others.has((value << 32) + i++);
}`;

const NOBODY = new Uint8Array(32);
/** Some hundred turns of the loop. */
const GAS = 200_000;

let pair: CompiledContract;
beforeAll(async () => {
  pair = await compile({ source: PAIR, name: 'pair' });
});

/** Write i, read, write i + 1, read, ... */
function calls(count: number, contract = NOBODY): Transaction[] {
  return Array.from({ length: count }, (_, index) => {
    const method = index % 2 === 0 ? 'write' : 'read';
    const args = method === 'write' ? { value: BigInt(index) } : {};
    return { sender: NOBODY, contract, method, input: encodeInput(pair.interface, method, args), gasLimit: GAS };
  });
}

function results(receipts: Iterable<Receipt>): unknown[] {
  return [...receipts].map(({ index, status, output }) =>
    index % 2 === 0 ? status : [status, decodeOutput(pair.interface, 'read', output)],
  );
}

/** What sequential execution gives. */
function expected(count: number): unknown[] {
  return Array.from({ length: count }, (_, index) => (index % 2 === 0 ? 'ok' : ['ok', BigInt(index - 1)]));
}

describe('an incarnation that reads what never was together, and loops on it', () => {
  test('is stopped by its gas and executed again, under interrupted schedules; nobody ever hears of it', async () => {
    const kernel = await compileProbedKernel();
    const stepper = await Stepper.create(pair.wasm, 4, { kernel, probability: 0.05 });
    // Nothing is marked, so that inconsistent reads are common.
    const policy = resolvePolicy({ grain: 1, estimates: false });
    let gasSpent = 0;
    for (let schedule = 1; schedule <= 300; schedule++) {
      const { receipts, stats } = await stepper.run(calls(20), new Random(schedule), 50_000, undefined, policy);
      expect(results(receipts), `schedule ${schedule}`).toEqual(expected(20));
      gasSpent += stats.gasSpent;
    }
    // Otherwise nothing here has been tested.
    expect(gasSpent).toBeGreaterThan(10);
  });

  test('takes no room away from calls that did happen', async () => {
    // While the two values differ, which they never do between calls, `read` asks for ever more keys.
    const greedy = await compile({ source: GREEDY, name: 'greedy' });
    const runtimes = new Runtimes();
    const limits = { memoryMiB: 256, locations: 8192 };
    const runtime = await runtimes.get({ executor: 'block-stm', workers: 6, policy: { grain: 1 }, limits });
    const contract = await runtime.deploy(greedy.wasm);
    // Two for each worker: the first ones all begin at once.
    const options = { gasLimit: 1_000_000_000 };
    const transactions = Array.from({ length: 12 }, (_, index) =>
      contract.transaction(NOBODY, index % 2 === 0 ? 'write' : 'read', { value: BigInt(index) }, options),
    );
    const execute = async (): Promise<string> => {
      const execution = runtime.execute({ transactions });
      // Those handed out before the block was taken back are not handed out again.
      const handedOut: Receipt[] = [];
      for await (const receipt of execution) handedOut.push(receipt);
      const { receipts, stats } = await execution;
      expect(handedOut).toEqual([...receipts]);
      expect(handedOut.every(({ status }) => status === 'ok')).toBe(true);
      return stats.decision.reason;
    };
    for (let block = 0; block < 4; block++) await execute();
    // Otherwise no incarnation was that greedy.
    await untilCounted(1, async () => ((await execute()) === 'limit' ? 1 : 0));
    await runtimes.close();
  });

  test('does no harm on threads', async () => {
    const runtimes = new Runtimes();
    const runtime = await runtimes.get({ executor: 'block-stm', workers: 4 });
    const contract = await runtime.deploy(pair.wasm);
    for (let block = 0; block < 20; block++) {
      const { receipts } = await runtime.execute({ transactions: calls(2000, new Uint8Array(contract.address)) });
      expect(results(receipts)).toEqual(expected(2000));
    }
    await runtimes.close();
  });
});
