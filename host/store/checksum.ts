import { crc32 } from 'node:zlib';

/** CRC-32 of both together. Given no bytes, zlib may or may not begin anew, by where they would be. */
export function checksum(first: Uint8Array, second: Uint8Array): number {
  const sum = first.length > 0 ? crc32(first) : 0;
  return second.length > 0 ? crc32(second, sum) : sum;
}
