import type { BlockResult, ContractEvent, Receipt, WriteSetEntry } from '../host/index.js';

/** What is compared of a block that was executed. */
export type BlockOutcome = Pick<BlockResult, 'receipts' | 'writeSet' | 'stateHash'>;

/**
 * What differs first between two executions of one block: every receipt is compared, then the write set, then the state
 * hash. Undefined where nothing does. To be asked before either runtime executes its next block.
 */
export async function firstDifference(actual: BlockOutcome, expected: BlockOutcome): Promise<string | undefined> {
  return blockDifference(actual, expected) ?? stateDifference(actual, expected);
}

/** What is left of it when the next block has been executed. */
type ComparedOutcome = Pick<BlockOutcome, 'receipts' | 'writeSet'>;

/** The same without the state hash, so that it can also be asked later. */
export function blockDifference(actual: ComparedOutcome, expected: ComparedOutcome): string | undefined {
  return receiptsDifference(actual, expected) ?? writeSetDifference(actual, expected);
}

function receiptsDifference(actual: ComparedOutcome, expected: ComparedOutcome): string | undefined {
  const [count, expectedCount] = [actual.receipts.length, expected.receipts.length];
  if (count !== expectedCount) return `${count} receipts, expected ${expectedCount}`;
  for (let index = 0; index < count; index++) {
    const difference = receiptDifference(actual.receipts.get(index), expected.receipts.get(index));
    if (difference !== undefined) return `receipt ${index}: ${difference}`;
  }
  return undefined;
}

function receiptDifference(actual: Receipt, expected: Receipt): string | undefined {
  return (
    unequal('index', actual.index, expected.index) ??
    unequal('status', actual.status, expected.status) ??
    unequal('gas used', actual.gasUsed, expected.gasUsed) ??
    unequal('error code', actual.error?.code, expected.error?.code) ??
    unequal('error message', actual.error?.message, expected.error?.message) ??
    unequal('output', hex(actual.output), hex(expected.output)) ??
    unequal('events', describeEvents(actual.events), describeEvents(expected.events))
  );
}

function writeSetDifference(actual: ComparedOutcome, expected: ComparedOutcome): string | undefined {
  const [entries, expectedEntries] = [actual.writeSet, expected.writeSet];
  // Where one set is longer, the entry that is missing in the other names more than the lengths do.
  for (let index = 0; index < Math.max(entries.length, expectedEntries.length); index++) {
    const [entry, expectedEntry] = [entries[index], expectedEntries[index]];
    if (sameWrite(entry, expectedEntry)) continue;
    return `write set, entry ${index}: is ${describeWrite(entry)}, expected ${describeWrite(expectedEntry)}`;
  }
  return undefined;
}

async function stateDifference(actual: BlockOutcome, expected: BlockOutcome): Promise<string | undefined> {
  return unequal('state hash', await actual.stateHash(), await expected.stateHash());
}

function unequal(what: string, actual: unknown, expected: unknown): string | undefined {
  return actual === expected ? undefined : `${what} is ${actual}, expected ${expected}`;
}

function sameWrite(entry: WriteSetEntry | undefined, expected: WriteSetEntry | undefined): boolean {
  if (entry === undefined || expected === undefined) return false;
  const sameValue =
    entry.value === undefined || expected.value === undefined
      ? entry.value === expected.value
      : sameBytes(entry.value, expected.value);
  return sameValue && sameBytes(entry.key, expected.key) && sameBytes(entry.contract, expected.contract);
}

function sameBytes(bytes: Uint8Array, expected: Uint8Array): boolean {
  return Buffer.compare(bytes, expected) === 0;
}

function describeEvents(events: readonly ContractEvent[]): string {
  if (events.length === 0) return 'none';
  return events.map(({ contract, topic, data }) => `${hex(contract)} ${hex(topic)} ${hex(data)}`).join(', ');
}

function describeWrite(entry: WriteSetEntry | undefined): string {
  if (entry === undefined) return 'absent';
  const value = entry.value === undefined ? 'removed' : hex(entry.value);
  return `contract ${hex(entry.contract)}, key ${hex(entry.key)}, value ${value}`;
}

function hex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`;
}
