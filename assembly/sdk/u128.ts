import { push, take } from "./abi";
import { formatChunks, parseDecimal } from "./decimal";
import { revert } from "./revert";
import { divideWide, multiplyHigh } from "./wide";

/**
 * An integer from 0 to 2^128 - 1. It never changes: every operator gives a new one.
 *
 * `+` and `*` revert with "overflow", `-` with "underflow" and `/` and `%` with "division by zero". `<<` drops the bits
 * that leave at the top; a shift by 128 or more gives 0.
 */
@final
export class u128 {
  constructor(
    /** The low 64 bits. */
    readonly low: u64 = 0,
    /** The high 64 bits. */
    readonly high: u64 = 0,
  ) {}

  static get zero(): u128 {
    return new u128();
  }

  static get max(): u128 {
    return new u128(u64.MAX_VALUE, u64.MAX_VALUE);
  }

  @inline
  static from(value: u64): u128 {
    return new u128(value);
  }

  /** From decimal digits. Reverts with "not a decimal number" or "overflow". */
  static parse(text: string): u128 {
    const digits = parseDecimal(text, 2);
    return new u128(unchecked(digits[0]), unchecked(digits[1]));
  }

  /** The product of two 64-bit numbers, which always fits. */
  static product(left: u64, right: u64): u128 {
    return new u128(left * right, multiplyHigh(left, right));
  }

  /** Reverts with "overflow" where it does not fit 64 bits. */
  toU64(): u64 {
    if (this.high != 0) revert("overflow");
    return this.low;
  }

  /** In decimal. */
  toString(): string {
    const digits = new StaticArray<u64>(2);
    unchecked((digits[0] = this.low));
    unchecked((digits[1] = this.high));
    return formatChunks(digits);
  }

  @inline
  get isZero(): bool {
    return (this.low | this.high) == 0;
  }

  @operator("+")
  private static add(left: u128, right: u128): u128 {
    const low = left.low + right.low;
    const carry = <u64>(low < left.low);
    const partial = left.high + right.high;
    const high = partial + carry;
    if (partial < left.high || high < partial) revert("overflow");
    return new u128(low, high);
  }

  @operator("-")
  private static subtract(left: u128, right: u128): u128 {
    if (u128.less(left, right)) revert("underflow");
    return new u128(left.low - right.low, left.high - right.high - <u64>(left.low < right.low));
  }

  @operator("*")
  private static multiply(left: u128, right: u128): u128 {
    if (left.high != 0 && right.high != 0) revert("overflow");
    // One of the two products is 0.
    const crossLow = left.high * right.low + left.low * right.high;
    if ((multiplyHigh(left.high, right.low) | multiplyHigh(left.low, right.high)) != 0) revert("overflow");
    const carried = multiplyHigh(left.low, right.low);
    const high = carried + crossLow;
    if (high < carried) revert("overflow");
    return new u128(left.low * right.low, high);
  }

  @operator("/")
  private static divide(left: u128, right: u128): u128 {
    if (right.high == 0) {
      const divisor = right.low;
      if (divisor == 0) revert("division by zero");
      if (left.high == 0) return new u128(left.low / divisor);
      return new u128(divideWide(left.high % divisor, left.low, divisor), left.high / divisor);
    }
    return new u128(quotientOf(left, right));
  }

  @operator("%")
  private static remainder(left: u128, right: u128): u128 {
    if (right.high == 0) {
      const divisor = right.low;
      if (divisor == 0) revert("division by zero");
      if (left.high == 0) return new u128(left.low % divisor);
      const quotient = divideWide(left.high % divisor, left.low, divisor);
      // Less than the divisor, so its low 64 bits are all of it.
      return new u128(left.low - quotient * divisor);
    }
    return u128.subtract(left, productOf(right, quotientOf(left, right)));
  }

  @operator("==")
  private static equal(left: u128 | null, right: u128 | null): bool {
    // Also a comparison with null ends up here.
    if (changetype<usize>(left) == 0 || changetype<usize>(right) == 0) return changetype<usize>(left) == changetype<usize>(right);
    return same(changetype<u128>(left), changetype<u128>(right));
  }

  @inline @operator("!=")
  private static differ(left: u128 | null, right: u128 | null): bool {
    return !u128.equal(left, right);
  }

  @inline @operator("<")
  private static less(left: u128, right: u128): bool {
    return left.high == right.high ? left.low < right.low : left.high < right.high;
  }

  @inline @operator(">")
  private static greater(left: u128, right: u128): bool {
    return u128.less(right, left);
  }

  @inline @operator("<=")
  private static atMost(left: u128, right: u128): bool {
    return !u128.less(right, left);
  }

  @inline @operator(">=")
  private static atLeast(left: u128, right: u128): bool {
    return !u128.less(left, right);
  }

  @operator("&")
  private static and(left: u128, right: u128): u128 {
    return new u128(left.low & right.low, left.high & right.high);
  }

  @operator("|")
  private static or(left: u128, right: u128): u128 {
    return new u128(left.low | right.low, left.high | right.high);
  }

  @operator("^")
  private static xor(left: u128, right: u128): u128 {
    return new u128(left.low ^ right.low, left.high ^ right.high);
  }

  @operator("<<")
  private static shiftLeft(value: u128, bits: i32): u128 {
    if (<u32>bits >= 128) return new u128();
    if (bits >= 64) return new u128(0, value.low << (bits - 64));
    if (bits == 0) return value;
    return new u128(value.low << bits, (value.high << bits) | (value.low >> (64 - bits)));
  }

  @operator(">>")
  private static shiftRight(value: u128, bits: i32): u128 {
    if (<u32>bits >= 128) return new u128();
    if (bits >= 64) return new u128(value.high >> (bits - 64));
    if (bits == 0) return value;
    return new u128((value.low >> bits) | (value.high << (64 - bits)), value.high >> bits);
  }

  @inline
  __encode(): i32 {
    push(this.low);
    push(this.high);
    return 16;
  }

  @inline
  __decode(): void {
    store<u64>(changetype<usize>(this), take());
    store<u64>(changetype<usize>(this), take(), 8);
  }

  @inline
  __argument(_method: string, _name: string): void {
    this.__decode();
  }

  @inline
  __least(): i32 {
    return 16;
  }
}

/** `left / right` where `right` has more than 64 bits, so that the quotient fits 64. */
function quotientOf(left: u128, right: u128): u64 {
  // Divided by the divisor's top 64 bits, halved so that the quotient fits, the guess is at most 1 too large
  // (H. S. Warren, Hacker's Delight, 9-5).
  const shift = <i32>clz(right.high);
  const top = shift > 0 ? (right.high << shift) | (right.low >> (64 - shift)) : right.high;
  const guess = divideWide(left.high >> 1, (left.high << 63) | (left.low >> 1), top) >> (63 - shift);
  if (guess == 0) return 0;
  // One too small at most from here.
  const quotient = guess - 1;
  const product = productOf(right, quotient);
  const restHigh = left.high - product.high - <u64>(left.low < product.low);
  const restLow = left.low - product.low;
  const reaches = restHigh == right.high ? restLow >= right.low : restHigh > right.high;
  return reaches ? quotient + 1 : quotient;
}

/** `left * right`, known to fit. */
function productOf(left: u128, right: u64): u128 {
  return new u128(left.low * right, multiplyHigh(left.low, right) + left.high * right);
}

@inline
function same(left: u128, right: u128): bool {
  return ((left.low ^ right.low) | (left.high ^ right.high)) == 0;
}
