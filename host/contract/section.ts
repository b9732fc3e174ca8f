/**
 * Returns `wasm` with a custom section appended.
 * @param name - The section's name.
 * @param content - Its content.
 */
export function appendCustomSection(wasm: Uint8Array, name: string, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const nameBytes = new TextEncoder().encode(name);
  const nameLength = unsignedLeb(nameBytes.length);
  const size = unsignedLeb(nameLength.length + nameBytes.length + content.length);
  const customSectionId = 0;
  const header = [customSectionId, ...size, ...nameLength, ...nameBytes];
  const result = new Uint8Array(wasm.length + header.length + content.length);
  result.set(wasm);
  result.set(header, wasm.length);
  result.set(content, wasm.length + header.length);
  return result;
}

/** LEB128, the variable-length integers of the Wasm format. */
function unsignedLeb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const more = rest >= 0x80;
    bytes.push((rest & 0x7f) | (more ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return bytes;
}
