// Names given at run time. The compiler does the same for names it sees at the top level of a file.

/** The word that a field's keys start with: FNV-1a, 64 bits, over the name's UTF-8 bytes. */
export function fieldPrefix(name: string): u64 {
  const bytes = String.UTF8.encode(name, false, String.UTF8.ErrorMode.REPLACE);
  let hash: u64 = 0xcbf29ce484222325;
  for (let index = 0; index < bytes.byteLength; index++) {
    hash = (hash ^ load<u8>(changetype<usize>(bytes) + index)) * 0x100000001b3;
  }
  return hash;
}
