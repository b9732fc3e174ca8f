// Bytes that go to the host as they are, without their length in front.

import { abi } from "blockstm/assembly";

/** Stages bytes in words, the unused ones of the last word being zero, and returns how many there are. */
export function stageBytes(bytes: StaticArray<u8>): i32 {
  for (let offset = 0; offset < bytes.length; offset += 8) {
    let word: u64 = 0;
    for (let index = min(offset + 8, bytes.length) - 1; index >= offset; index--) word = (word << 8) | bytes[index];
    abi.push(word);
  }
  return bytes.length;
}
