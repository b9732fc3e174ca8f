import type { ExecutedBlock } from '../engine/executed-block.js';
import type { Contracts } from './contracts.js';
import type { WriteSetEntry } from './types.js';

/** The locations that a block changed, with their values after it, sorted by contract and key. */
export function decodeWriteSet(
  { writes, layout }: Pick<ExecutedBlock, 'layout' | 'writes'>,
  contracts: Pick<Contracts, 'addressOf'>,
): WriteSetEntry[] {
  const { bytes, view } = writes;
  const { absent, writeHead } = layout;
  const entries: WriteSetEntry[] = [];
  for (const { start, end } of writes.entries()) {
    for (let at = start; at < end; ) {
      const keyLength = view.getUint32(at + 4, true);
      const valueLength = view.getUint32(at + 8, true);
      const key = at + writeHead;
      const value = key + ((keyLength + 7) & ~7);
      const isRemoved = valueLength === absent;
      entries.push({
        contract: contracts.addressOf(view.getUint32(at, true)),
        key: bytes.slice(key, key + keyLength),
        value: isRemoved ? undefined : bytes.slice(value, value + valueLength),
      });
      at = value + (isRemoved ? 0 : (valueLength + 7) & ~7);
    }
  }
  return entries.sort((a, b) => Buffer.compare(a.contract, b.contract) || Buffer.compare(a.key, b.key));
}
