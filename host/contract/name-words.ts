/** The UTF-8 bytes of a name as little-endian words, the last one padded with zeros. */
export function nameWords(name: string): bigint[] {
  const bytes = new TextEncoder().encode(name);
  const words: bigint[] = [];
  for (let offset = 0; offset < bytes.length; offset += 8) {
    let word = 0n;
    for (let index = Math.min(offset + 8, bytes.length) - 1; index >= offset; index--) {
      word = (word << 8n) | BigInt(bytes[index] ?? 0);
    }
    words.push(word);
  }
  return words;
}
