/** FNV-1a, 64 bits, over the name's UTF-8 bytes: the first word of a field's keys. */
export function fieldPrefix(name: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(name)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}

/** As a layout writes it. */
export function digitsOf(prefix: bigint): string {
  return prefix.toString(16).padStart(16, '0');
}
