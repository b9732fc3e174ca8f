import { createHash } from 'node:crypto';

/** The default address of a contract in a genesis file, so that a block written to a file meets the same contract. */
export function contractAddress(name: string): string {
  return `0x${createHash('sha256').update(`blockstm.contract:${name}`).digest('hex')}`;
}

/** An address of fewer bytes, `"0x"` and hex digits, as 32 bytes: padded on the left with zeros, as in a block file. */
export function paddedAddress(hex: string): string {
  return `0x${hex.slice(2).toLowerCase().padStart(64, '0')}`;
}
