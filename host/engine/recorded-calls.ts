import type { EncodedCalls } from './calls.js';

/** Where a call goes, as its block names it. */
export interface CallTarget {
  readonly contract: Uint8Array;
  readonly method: string;
}

/** The calls of a block as they are kept: nothing in them is known to one runtime only. */
export interface RecordedCalls {
  readonly count: number;
  /** Each pair of contract and method that is called, in the order of the first call. */
  readonly targets: readonly CallTarget[];
  /** Per call: index of its target u32, input length u32, gas limit u64. */
  readonly heads: Uint32Array;
  /** Per call: sender, 32 bytes; input, zero padded to 8-byte words. In shared memory, as `heads` are: they go to another thread. */
  readonly words: Uint32Array;
}

/** Offsets of a call record's words. */
export type CallOffsets = Readonly<Record<'entry' | 'contract' | 'input' | 'length' | 'sender' | 'gas', number>>;

const ENTRIES_MAX = 2 ** 32;

/** A copy of `calls`. `targetOf` names the target of a contract's index and an entry of the method tables. */
export function recordCalls(
  calls: EncodedCalls,
  offsets: CallOffsets,
  recordWords: number,
  targetOf: (contract: number, entry: number) => CallTarget,
): RecordedCalls {
  const { count, records, unresolved } = calls;
  const heads = new Uint32Array(new SharedArrayBuffer(count * 16));
  const words = new Uint32Array(new SharedArrayBuffer(calls.size));
  words.set(calls.words.subarray(0, calls.size >>> 2));
  const targets: CallTarget[] = [];
  const known = new Map<number | string, number>();
  const indexOf = (key: number | string, target: () => CallTarget): number => {
    const index = known.get(key);
    if (index !== undefined) return index;
    known.set(key, targets.length);
    return targets.push(target()) - 1;
  };
  for (let index = 0, at = 0; index < count; index++, at += recordWords) {
    const entry = (records[at + offsets.entry] as number) | 0;
    const contract = records[at + offsets.contract] as number;
    const unknown = entry < 0 ? (unresolved.get(index) as CallTarget) : undefined;
    heads[index * 4] =
      unknown === undefined
        ? indexOf(contract * ENTRIES_MAX + entry, () => targetOf(contract, entry))
        : indexOf(`${Buffer.from(unknown.contract).toString('hex')} ${unknown.method}`, () => unknown);
    heads[index * 4 + 1] = records[at + offsets.length] as number;
    heads[index * 4 + 2] = records[at + offsets.gas] as number;
    heads[index * 4 + 3] = records[at + offsets.gas + 1] as number;
  }
  return { count, targets, heads, words };
}
