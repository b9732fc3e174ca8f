// UTF-8 between AssemblyScript's strings (UTF-16 in memory) and staged words.

import { push, take } from "./abi";

// The writer: bytes gather in `word`, which is staged when full.
let word: u64 = 0;
let written: u32 = 0;

/** Starts a run of bytes. A call that trapped in the middle of one leaves nothing that matters. */
@inline
export function beginText(): void {
  word = 0;
  written = 0;
}

function writeByte(byte: u32): void {
  word |= <u64>byte << ((written & 7) << 3);
  if ((++written & 7) == 0) {
    push(word);
    word = 0;
  }
}

/** Stages what is left and returns the length of the run in bytes. */
export function endText(): i32 {
  if (written & 7) push(word);
  return <i32>written;
}

/** The code point at `index`, U+FFFD for half a surrogate pair; a pair is worth two units. */
@inline
function codePointAt(text: string, index: i32): u32 {
  const unit = load<u16>(changetype<usize>(text) + (<usize>index << 1)) as u32;
  if ((unit & 0xf800) != 0xd800) return unit;
  if (unit < 0xdc00 && index + 1 < text.length) {
    const low = load<u16>(changetype<usize>(text) + (<usize>index << 1), 2) as u32;
    if ((low & 0xfc00) == 0xdc00) return 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff);
  }
  return 0xfffd;
}

@inline
function unitsOf(codePoint: u32): i32 {
  return codePoint >= 0x10000 ? 2 : 1;
}

/** Length of `text` in UTF-8, in bytes. */
export function textLength(text: string): i32 {
  let bytes = 0;
  for (let index = 0, units = text.length; index < units; ) {
    const point = codePointAt(text, index);
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    index += unitsOf(point);
  }
  return bytes;
}

/** Adds `text`, in UTF-8, to the run. */
export function writeText(text: string): void {
  for (let index = 0, units = text.length; index < units; ) {
    const point = codePointAt(text, index);
    if (point < 0x80) {
      writeByte(point);
    } else if (point < 0x800) {
      writeByte(0xc0 | (point >> 6));
      writeByte(0x80 | (point & 0x3f));
    } else {
      if (point < 0x10000) {
        writeByte(0xe0 | (point >> 12));
      } else {
        writeByte(0xf0 | (point >> 18));
        writeByte(0x80 | ((point >> 12) & 0x3f));
      }
      writeByte(0x80 | ((point >> 6) & 0x3f));
      writeByte(0x80 | (point & 0x3f));
    }
    index += unitsOf(point);
  }
}

/** Adds `value` in decimal to the run. */
export function writeDecimal(value: u64): void {
  let divisor: u64 = 1;
  while (value / divisor >= 10) divisor *= 10;
  for (; divisor > 0; divisor /= 10) writeByte(0x30 + <u32>((value / divisor) % 10));
}

/**
 * Takes `length` bytes of UTF-8 under the cursor, padded with zeros to whole words.
 * Returns null where they are not exactly that: a code point overlong, cut short, a surrogate or above U+10FFFF, or padding that is not zero.
 */
export function takeText(length: i32): string | null {
  // One unit a byte is the most there can be.
  const text = changetype<string>(__new(<usize>length << 1, idof<string>()));
  let target = changetype<usize>(text);
  let bytes: u64 = 0;
  let point: u32 = 0;
  let missing = 0;
  let smallest: u32 = 0;
  for (let index = 0; index < length; index++) {
    if ((index & 7) == 0) bytes = take();
    const byte = <u32>(bytes & 0xff);
    bytes >>= 8;
    if (missing == 0) {
      if (byte < 0x80) {
        store<u16>(target, <u16>byte);
        target += 2;
        continue;
      }
      if ((byte & 0xe0) == 0xc0) {
        missing = 1;
        point = byte & 0x1f;
        smallest = 0x80;
      } else if ((byte & 0xf0) == 0xe0) {
        missing = 2;
        point = byte & 0x0f;
        smallest = 0x800;
      } else if ((byte & 0xf8) == 0xf0) {
        missing = 3;
        point = byte & 0x07;
        smallest = 0x10000;
      } else {
        return null;
      }
      continue;
    }
    if ((byte & 0xc0) != 0x80) return null;
    point = (point << 6) | (byte & 0x3f);
    if (--missing > 0) continue;
    if (point < smallest || point > 0x10ffff || (point & 0xfffff800) == 0xd800) return null;
    if (point < 0x10000) {
      store<u16>(target, <u16>point);
      target += 2;
    } else {
      store<u16>(target, <u16>(0xd800 + ((point - 0x10000) >> 10)));
      store<u16>(target, <u16>(0xdc00 + (point & 0x3ff)), 2);
      target += 4;
    }
  }
  if (missing > 0 || bytes != 0) return null;
  return changetype<string>(__renew(changetype<usize>(text), target - changetype<usize>(text)));
}
