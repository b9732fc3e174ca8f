import { expect } from 'vitest';
import type { Receipt, WriteSetEntry } from '../../dist/host/index.js';
import { resolvePolicy } from '../../dist/host/runtime/policy.js';
import { makePrograms, type ProgramBlock } from './programs.js';
import { expectModel } from './property.js';
import { Random } from './random.js';
import { mostSteps, programTransactions } from './stepped-property.js';
import type { Stepper } from './stepper.js';

/**
 * Run the calls of `block` in some blocks, one after another on one contract. Each is begun and taken back in its middle, executed and taken back, and executed for good, in parallel or in order; at
 * last perhaps everything leaves memory in between. What is stored must be what it was whenever a block was taken back, and in the end all be as in the model.
 *
 * @returns how many attempts were stopped before their end
 */
export async function checkTakenBack(stepper: Stepper, block: ProgramBlock, schedule: number): Promise<number> {
  const random = new Random(schedule);
  const contract = stepper.add();
  const calls = makePrograms(block);
  const receipts: Receipt[] = [];
  const state = new Map<string, WriteSetEntry>();
  const size = 1 + random.below(calls.length);
  let stopped = 0;
  let isEvicted = false;
  for (let from = 0; from < calls.length; from += size) {
    const part = calls.slice(from, from + size);
    const transactions = programTransactions(part);
    const policy = resolvePolicy({ grain: random.chance(0.5) ? 1 : 3 });
    const mode = random.chance(0.5) ? 'sequential' : 'block-stm';
    const attempt = (steps: number) => stepper.run(transactions, random, steps, contract, policy, false, mode);
    // What was evicted comes back by being read, and stays.
    const stored = () => (isEvicted ? 'unknown' : stepper.storedHash());
    const before = stored();
    try {
      await attempt(1 + random.below(2 * part.length));
    } catch (error) {
      if (!(error as Error).message.startsWith('the block has not ended after')) throw error;
      stopped++;
    }
    stepper.takeBack();
    expect(stored() === before, 'as before, once a block was taken back in its middle').toBe(true);
    await attempt(mostSteps(part));
    stepper.takeBack();
    expect(stored() === before, 'as before, once a block was taken back').toBe(true);
    const { receipts: given, writeSet } = await attempt(mostSteps(part));
    for (const receipt of given) receipts.push({ ...receipt, index: receipts.length });
    for (const entry of writeSet) state.set(Buffer.from(entry.key).toString('hex'), entry);
    if (from > calls.length / 2 && random.chance(0.2)) {
      stepper.evict(contract, [...state.values()]);
      isEvicted = true;
    }
  }
  expectModel(
    calls,
    receipts,
    [...state.values()].sort((a, b) => Buffer.compare(a.key, b.key)),
  );
  return stopped;
}
