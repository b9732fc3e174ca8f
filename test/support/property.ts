import fc from 'fast-check';
import { expect } from 'vitest';
import type { BlockStatistics, ExecutorName, Policy, Receipt, WriteSetEntry } from '../../dist/host/index.js';
import { hex, type ModelCall, type ModelReceipt, type ModelWrite, runModel, wordBytes } from './program-model.js';
import { encodeProgram, makePrograms, type ProgramBlock } from './programs.js';
import { contractWasm, type Runtimes } from './runtimes.js';

/** FNV-1a of "cells", 64 bits: the first word of every key of the program contract. */
const CELLS = ((): string => {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from('cells')) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & ((1n << 64n) - 1n);
  return hex(wordBytes(hash));
})();

/** Which executor runs the block, and on how many workers. */
export interface Setting {
  readonly executor: ExecutorName;
  readonly workers: number;
  readonly policy?: Partial<Policy>;
}

export const anyWorkers = fc.integer({ min: 1, max: 8 });

/** Some of them: each is a runtime of its own. Together they have every value of every flag. */
export const somePolicy = fc.constantFrom<Partial<Policy>[]>(
  {},
  { grain: 1 },
  { grain: 3, validate: 'version' },
  { grain: 16, deltas: false },
  { grain: 1, suspend: 'abort', validate: 'version' },
  { grain: 1, estimates: false, deltas: false },
);

/** Some of both: starting the runtimes of all of them takes longer than the blocks. Together they have every number of workers, and every value of every flag. */
export const SOME_SETTINGS: readonly Omit<Setting, 'executor'>[] = [
  { workers: 1, policy: {} },
  { workers: 2, policy: { grain: 1 } },
  { workers: 3, policy: { grain: 3, validate: 'version' } },
  { workers: 4, policy: { grain: 16, deltas: false } },
  { workers: 5, policy: { grain: 1, suspend: 'abort', validate: 'version' } },
  { workers: 6, policy: { grain: 1, estimates: false, deltas: false } },
  { workers: 7, policy: {} },
  { workers: 8, policy: { grain: 1 } },
];

/** Every flag, and runs of one call, of few, of many, and by their cost. */
export const anyPolicy: fc.Arbitrary<Policy> = fc.record({
  validate: fc.constantFrom('version', 'value'),
  grain: fc.constantFrom<Policy['grain'][]>('auto', 1, 3, 16),
  estimates: fc.boolean(),
  suspend: fc.constantFrom('park', 'abort'),
  deltas: fc.boolean(),
});

/** Run a random block on a contract of its own, and compare everything with the model. */
export async function checkAgainstModel(
  runtimes: Runtimes,
  setting: Setting,
  block: ProgramBlock,
): Promise<BlockStatistics> {
  const runtime = await runtimes.get(setting);
  const contract = await runtime.deploy(await contractWasm('program'));
  const calls = makePrograms(block);
  const transactions = calls.map(({ sender, operations }) =>
    contract.transaction(sender, 'run', { code: encodeProgram(operations) }),
  );
  const result = await runtime.execute({ transactions });
  expectModel(calls, [...result.receipts], result.writeSet);
  expect(result.writeSet.every((entry) => Buffer.compare(entry.contract, contract.address) === 0)).toBe(true);
  return result.stats;
}

/** Compare the outcome of `calls` with the model's. */
export function expectModel(
  calls: readonly ModelCall[],
  receipts: readonly Receipt[],
  writeSet: readonly WriteSetEntry[],
): void {
  const model = runModel(calls);
  expect(receipts.map(summarize)).toEqual(model.receipts.map(summarizeModel));
  const written = writeSet.map(({ key, value }) => `${hex(key)} ${value === undefined ? 'removed' : hex(value)}`);
  expect(written).toEqual(model.writeSet.map(describeWrite).sort());
}

/** The same of programs that call one another, each at its own address. */
export function expectCallModel(
  calls: readonly ModelCall[],
  programs: number,
  receipts: readonly Receipt[],
  writeSet: readonly WriteSetEntry[],
): void {
  const model = runModel(calls, programs);
  const place = (address: Uint8Array): string => `${address[0]} `;
  const announced = receipts.map(({ events }) => events.map(({ contract }) => contract[0]));
  expect(receipts.map(summarize)).toEqual(model.receipts.map(summarizeModel));
  expect(announced).toEqual(model.receipts.map(({ events }) => events.map(({ program }) => program)));
  const written = writeSet.map(
    ({ contract, key, value }) => `${place(contract)}${hex(key)} ${value === undefined ? 'removed' : hex(value)}`,
  );
  expect(written.sort()).toEqual(model.writeSet.map((write) => `${write.program} ${describeWrite(write)}`).sort());
}

function describeWrite({ key, value }: ModelWrite): string {
  return `${CELLS}${hex(wordBytes(key))} ${value === undefined ? 'removed' : hex(value)}`;
}

function summarize({ status, output, events, error }: Receipt): string {
  const message =
    error?.code === 'revert' ? `revert ${error.message.replace(/ \(program\.ts:.*/, '')}` : (error?.code ?? '');
  return `${status} [${hex(output)}] ${events.map(({ topic, data }) => `${hex(topic)}:${hex(data)}`).join(' ')} ${message}`;
}

function summarizeModel({ status, output, events, error }: ModelReceipt): string {
  return `${status} [${output}] ${events.map(({ text }) => text).join(' ')} ${error}`;
}
