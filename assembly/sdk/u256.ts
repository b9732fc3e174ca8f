import { push4, take } from "./abi";
import { formatChunks, parseDecimal } from "./decimal";
import { revert } from "./revert";
import { u128 } from "./u128";
import { divideWide, multiplyHigh } from "./wide";

/**
 * An integer from 0 to 2^256 - 1. It never changes: every operator gives a new one.
 *
 * `+` and `*` revert with "overflow", `-` with "underflow" and `/` and `%` with "division by zero". `<<` drops the bits
 * that leave at the top; a shift by 256 or more gives 0.
 */
@final
export class u256 {
  /** Four words of 64 bits, the low one first. */
  constructor(
    readonly word0: u64 = 0,
    readonly word1: u64 = 0,
    readonly word2: u64 = 0,
    readonly word3: u64 = 0,
  ) {}

  static get zero(): u256 {
    return new u256();
  }

  static get max(): u256 {
    return new u256(u64.MAX_VALUE, u64.MAX_VALUE, u64.MAX_VALUE, u64.MAX_VALUE);
  }

  @inline
  static from(value: u64): u256 {
    return new u256(value);
  }

  @inline
  static fromU128(value: u128): u256 {
    return new u256(value.low, value.high);
  }

  /** From decimal digits. Reverts with "not a decimal number" or "overflow". */
  static parse(text: string): u256 {
    return ofWords(parseDecimal(text, 4));
  }

  /** Reverts with "overflow" where it does not fit 64 bits. */
  toU64(): u64 {
    if ((this.word1 | this.word2 | this.word3) != 0) revert("overflow");
    return this.word0;
  }

  /** Reverts with "overflow" where it does not fit 128 bits. */
  toU128(): u128 {
    if ((this.word2 | this.word3) != 0) revert("overflow");
    return new u128(this.word0, this.word1);
  }

  /** In decimal. */
  toString(): string {
    return formatChunks(wordsOf(this, 4));
  }

  @inline
  get isZero(): bool {
    return (this.word0 | this.word1 | this.word2 | this.word3) == 0;
  }

  @operator("+")
  private static add(left: u256, right: u256): u256 {
    const word0 = left.word0 + right.word0;
    let carry = <u64>(word0 < left.word0);
    const word1 = left.word1 + right.word1 + carry;
    carry = carryOf(left.word1, right.word1, word1);
    const word2 = left.word2 + right.word2 + carry;
    carry = carryOf(left.word2, right.word2, word2);
    const word3 = left.word3 + right.word3 + carry;
    if (carryOf(left.word3, right.word3, word3) != 0) revert("overflow");
    return new u256(word0, word1, word2, word3);
  }

  @operator("-")
  private static subtract(left: u256, right: u256): u256 {
    const word0 = left.word0 - right.word0;
    let borrow = <u64>(left.word0 < right.word0);
    const word1 = left.word1 - right.word1 - borrow;
    borrow = borrowOf(left.word1, right.word1, word1);
    const word2 = left.word2 - right.word2 - borrow;
    borrow = borrowOf(left.word2, right.word2, word2);
    const word3 = left.word3 - right.word3 - borrow;
    if (borrowOf(left.word3, right.word3, word3) != 0) revert("underflow");
    return new u256(word0, word1, word2, word3);
  }

  @operator("*")
  private static multiply(left: u256, right: u256): u256 {
    const leftWords = wordsOf(left, 4);
    const rightWords = wordsOf(right, 4);
    const product = new StaticArray<u64>(4);
    for (let row = 0; row < 4; row++) {
      const factor = unchecked(leftWords[row]);
      if (factor == 0) continue;
      let carry: u64 = 0;
      for (let column = 0; column < 4; column++) {
        const other = unchecked(rightWords[column]);
        if (row + column >= 4) {
          if (other != 0) revert("overflow");
          continue;
        }
        // factor * other + product + carry is less than 2^128.
        const low = factor * other;
        const first = low + unchecked(product[row + column]);
        const second = first + carry;
        carry = multiplyHigh(factor, other) + <u64>(first < low) + <u64>(second < first);
        unchecked((product[row + column] = second));
      }
      if (carry != 0) revert("overflow");
    }
    return ofWords(product);
  }

  @operator("/")
  private static divide(left: u256, right: u256): u256 {
    return ofWords(division(left, right, false));
  }

  @operator("%")
  private static remainder(left: u256, right: u256): u256 {
    return ofWords(division(left, right, true));
  }

  @operator("==")
  private static equal(left: u256 | null, right: u256 | null): bool {
    // Also a comparison with null ends up here.
    if (changetype<usize>(left) == 0 || changetype<usize>(right) == 0) return changetype<usize>(left) == changetype<usize>(right);
    return same(changetype<u256>(left), changetype<u256>(right));
  }

  @inline @operator("!=")
  private static differ(left: u256 | null, right: u256 | null): bool {
    return !u256.equal(left, right);
  }

  @operator("<")
  private static less(left: u256, right: u256): bool {
    if (left.word3 != right.word3) return left.word3 < right.word3;
    if (left.word2 != right.word2) return left.word2 < right.word2;
    if (left.word1 != right.word1) return left.word1 < right.word1;
    return left.word0 < right.word0;
  }

  @inline @operator(">")
  private static greater(left: u256, right: u256): bool {
    return u256.less(right, left);
  }

  @inline @operator("<=")
  private static atMost(left: u256, right: u256): bool {
    return !u256.less(right, left);
  }

  @inline @operator(">=")
  private static atLeast(left: u256, right: u256): bool {
    return !u256.less(left, right);
  }

  @operator("&")
  private static and(left: u256, right: u256): u256 {
    return new u256(left.word0 & right.word0, left.word1 & right.word1, left.word2 & right.word2, left.word3 & right.word3);
  }

  @operator("|")
  private static or(left: u256, right: u256): u256 {
    return new u256(left.word0 | right.word0, left.word1 | right.word1, left.word2 | right.word2, left.word3 | right.word3);
  }

  @operator("^")
  private static xor(left: u256, right: u256): u256 {
    return new u256(left.word0 ^ right.word0, left.word1 ^ right.word1, left.word2 ^ right.word2, left.word3 ^ right.word3);
  }

  @operator("<<")
  private static shiftLeft(value: u256, bits: i32): u256 {
    const words = new StaticArray<u64>(4);
    if (<u32>bits >= 256) return ofWords(words);
    const source = wordsOf(value, 4);
    const skipped = bits >> 6;
    for (let index = skipped; index < 4; index++) {
      let word = unchecked(source[index - skipped]) << (bits & 63);
      if ((bits & 63) != 0 && index > skipped) word |= unchecked(source[index - skipped - 1]) >> (64 - (bits & 63));
      unchecked((words[index] = word));
    }
    return ofWords(words);
  }

  @operator(">>")
  private static shiftRight(value: u256, bits: i32): u256 {
    const words = new StaticArray<u64>(4);
    if (<u32>bits >= 256) return ofWords(words);
    const source = wordsOf(value, 4);
    const skipped = bits >> 6;
    for (let index = 0; index + skipped < 4; index++) {
      let word = unchecked(source[index + skipped]) >> (bits & 63);
      if ((bits & 63) != 0 && index + skipped < 3) word |= unchecked(source[index + skipped + 1]) << (64 - (bits & 63));
      unchecked((words[index] = word));
    }
    return ofWords(words);
  }

  @inline
  __encode(): i32 {
    push4(this.word0, this.word1, this.word2, this.word3);
    return 32;
  }

  @inline
  __decode(): void {
    const pointer = changetype<usize>(this);
    store<u64>(pointer, take());
    store<u64>(pointer, take(), 8);
    store<u64>(pointer, take(), 16);
    store<u64>(pointer, take(), 24);
  }

  @inline
  __argument(_method: string, _name: string): void {
    this.__decode();
  }

  @inline
  __least(): i32 {
    return 32;
  }
}

/** What `left + right`, plus a carry, carries on: `sum` is the low 64 bits of it. */
@inline
function carryOf(left: u64, right: u64, sum: u64): u64 {
  return ((left & right) | ((left | right) & ~sum)) >> 63;
}

/** What `left - right`, less a borrow, borrows: `rest` is the low 64 bits of it. */
@inline
function borrowOf(left: u64, right: u64, rest: u64): u64 {
  return ((~left & right) | ((~left | right) & rest)) >> 63;
}

@inline
function same(left: u256, right: u256): bool {
  return (
    ((left.word0 ^ right.word0) | (left.word1 ^ right.word1) | (left.word2 ^ right.word2) | (left.word3 ^ right.word3)) == 0
  );
}

/** The words of `value`, and zeros up to `size`. */
function wordsOf(value: u256, size: i32): StaticArray<u64> {
  const words = new StaticArray<u64>(size);
  memory.copy(changetype<usize>(words), changetype<usize>(value), 32);
  return words;
}

@inline
function ofWords(words: StaticArray<u64>): u256 {
  return new u256(unchecked(words[0]), unchecked(words[1]), unchecked(words[2]), unchecked(words[3]));
}

/**
 * The quotient of `left` by `right`, or the remainder: schoolbook division by 64-bit digits (Knuth, TAOCP vol. 2, 4.3.1,
 * algorithm D).
 */
function division(left: u256, right: u256, wantsRemainder: bool): StaticArray<u64> {
  const divisor = wordsOf(right, 4);
  let size = 4;
  while (size > 0 && unchecked(divisor[size - 1]) == 0) size--;
  if (size == 0) revert("division by zero");
  const quotient = new StaticArray<u64>(4);
  // One digit more than the dividend has, for what the normalising shift moves out of it.
  const rest = wordsOf(left, 5);
  if (size == 1) {
    const digit = unchecked(divisor[0]);
    let remainder: u64 = 0;
    for (let index = 3; index >= 0; index--) {
      const word = unchecked(rest[index]);
      const part = divideWide(remainder, word, digit);
      unchecked((quotient[index] = part));
      remainder = word - part * digit;
      unchecked((rest[index] = 0));
    }
    unchecked((rest[0] = remainder));
    return wantsRemainder ? rest : quotient;
  }

  const shift = <u64>clz(unchecked(divisor[size - 1]));
  shiftUp(divisor, size, shift);
  shiftUp(rest, 5, shift);
  const top = unchecked(divisor[size - 1]);
  const second = unchecked(divisor[size - 2]);
  for (let place = 4 - size; place >= 0; place--) {
    const high = unchecked(rest[place + size]);
    const middle = unchecked(rest[place + size - 1]);
    // A guess from the two top digits, made at most one too large by the third.
    let digit: u64;
    let over: u64;
    let fits = true;
    if (high >= top) {
      digit = u64.MAX_VALUE;
      over = middle + top;
      fits = over >= top;
    } else {
      digit = divideWide(high, middle, top);
      over = middle - digit * top;
    }
    while (fits) {
      const productHigh = multiplyHigh(digit, second);
      if (productHigh < over || (productHigh == over && digit * second <= unchecked(rest[place + size - 2]))) break;
      digit--;
      over += top;
      fits = over >= top;
    }
    if (subtractProduct(rest, place, divisor, size, digit)) {
      digit--;
      addBack(rest, place, divisor, size);
    }
    unchecked((quotient[place] = digit));
  }
  if (!wantsRemainder) return quotient;
  shiftDown(rest, shift);
  return rest;
}

/** Shifts `size` words up by less than 64 bits. */
function shiftUp(words: StaticArray<u64>, size: i32, shift: u64): void {
  if (shift == 0) return;
  for (let index = size - 1; index > 0; index--) {
    unchecked((words[index] = (words[index] << shift) | (words[index - 1] >> (64 - shift))));
  }
  unchecked((words[0] = words[0] << shift));
}

/** Shifts all words down by less than 64 bits. */
function shiftDown(words: StaticArray<u64>, shift: u64): void {
  if (shift == 0) return;
  const last = words.length - 1;
  for (let index = 0; index < last; index++) {
    unchecked((words[index] = (words[index] >> shift) | (words[index + 1] << (64 - shift))));
  }
  unchecked((words[last] = words[last] >> shift));
}

/** Subtracts `digit` times the divisor at `place`; returns whether that went below zero. */
function subtractProduct(rest: StaticArray<u64>, place: i32, divisor: StaticArray<u64>, size: i32, digit: u64): bool {
  let carry: u64 = 0;
  for (let index = 0; index < size; index++) {
    const word = unchecked(divisor[index]);
    const low = digit * word + carry;
    carry = multiplyHigh(digit, word) + <u64>(low < carry);
    const before = unchecked(rest[place + index]);
    unchecked((rest[place + index] = before - low));
    carry += <u64>(before < low);
  }
  const before = unchecked(rest[place + size]);
  unchecked((rest[place + size] = before - carry));
  return before < carry;
}

function addBack(rest: StaticArray<u64>, place: i32, divisor: StaticArray<u64>, size: i32): void {
  let carry: u64 = 0;
  for (let index = 0; index < size; index++) {
    const before = unchecked(rest[place + index]);
    const word = unchecked(divisor[index]);
    const sum = before + word + carry;
    carry = carryOf(before, word, sum);
    unchecked((rest[place + index] = sum));
  }
  unchecked((rest[place + size] = rest[place + size] + carry));
}
