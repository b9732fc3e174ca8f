// Wide integers in decimal. Their digits are 64-bit words, the low one first.

import { revert } from "./revert";
import { divideWide, multiplyHigh } from "./wide";

/** The largest power of ten in 64 bits, and its exponent. */
const chunk: u64 = 10_000_000_000_000_000_000;
const chunkDigits = 19;

/** In decimal. Changes `words`. */
export function formatChunks(words: StaticArray<u64>): string {
  let text = "";
  let chunkText = divideByChunk(words).toString();
  while (!areZero(words)) {
    text = chunkText.padStart(chunkDigits, "0") + text;
    chunkText = divideByChunk(words).toString();
  }
  return chunkText + text;
}

/** Divides by `chunk` and returns the remainder. */
function divideByChunk(words: StaticArray<u64>): u64 {
  let rest: u64 = 0;
  for (let index = words.length - 1; index >= 0; index--) {
    const word = unchecked(words[index]);
    const quotient = divideWide(rest, word, chunk);
    rest = word - quotient * chunk;
    unchecked((words[index] = quotient));
  }
  return rest;
}

function areZero(words: StaticArray<u64>): bool {
  for (let index = 0; index < words.length; index++) if (unchecked(words[index]) != 0) return false;
  return true;
}

/** From decimal digits, in `size` words. Reverts with "not a decimal number" or "overflow". */
export function parseDecimal(text: string, size: i32): StaticArray<u64> {
  const words = new StaticArray<u64>(size);
  if (text.length == 0) revert("not a decimal number");
  for (let position = 0; position < text.length; position++) {
    const digit = text.charCodeAt(position) - 48;
    if (<u32>digit > 9) revert("not a decimal number");
    let carry: u64 = digit;
    for (let index = 0; index < size; index++) {
      const word = unchecked(words[index]);
      const low = word * 10 + carry;
      carry = multiplyHigh(word, 10) + <u64>(low < carry);
      unchecked((words[index] = low));
    }
    if (carry != 0) revert("overflow");
  }
  return words;
}
