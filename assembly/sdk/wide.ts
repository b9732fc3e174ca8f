// Arithmetic whose intermediate results do not fit 64 bits.

/** The high 64 bits of `left * right`. */
@inline
export function multiplyHigh(left: u64, right: u64): u64 {
  const leftLow = left & 0xffffffff;
  const leftHigh = left >> 32;
  const rightLow = right & 0xffffffff;
  const rightHigh = right >> 32;
  const middle = leftHigh * rightLow + ((leftLow * rightLow) >> 32);
  const carry = (leftLow * rightHigh + (middle & 0xffffffff)) >> 32;
  return leftHigh * rightHigh + (middle >> 32) + carry;
}

/** `left * right / divisor`, rounded down, without overflow in between. Aborts where the result does not fit 64 bits or `divisor` is 0. */
export function mulDiv(left: u64, right: u64, divisor: u64): u64 {
  const high = multiplyHigh(left, right);
  const low = left * right;
  if (high == 0) {
    assert(divisor != 0, "division by zero");
    return low / divisor;
  }
  assert(high < divisor, "the quotient does not fit 64 bits");
  return divideWide(high, low, divisor);
}

/** As `mulDiv`, rounded up. */
export function mulDivUp(left: u64, right: u64, divisor: u64): u64 {
  const quotient = mulDiv(left, right, divisor);
  // The remainder is less than the divisor, so its low 64 bits tell whether there is one.
  if (left * right == quotient * divisor) return quotient;
  assert(quotient < u64.MAX_VALUE, "the quotient does not fit 64 bits");
  return quotient + 1;
}

/** `(high * 2^64 + low) / divisor` for `high < divisor`: schoolbook division by 32-bit digits (Knuth, TAOCP vol. 2, algorithm D). */
export function divideWide(high: u64, low: u64, divisor: u64): u64 {
  // Shifted so that the divisor's top bit is set, a guessed digit is at most 2 too large.
  const shift = clz(divisor);
  const normal = divisor << shift;
  const normalHigh = normal >> 32;
  const normalLow = normal & 0xffffffff;
  const top = shift > 0 ? (high << shift) | (low >> (64 - shift)) : high;
  const rest = low << shift;
  const first = guessDigit(top, rest >> 32, normalHigh, normalLow);
  const remainder = ((top << 32) | (rest >> 32)) - first * normal;
  const second = guessDigit(remainder, rest & 0xffffffff, normalHigh, normalLow);
  return (first << 32) | second;
}

/** One 32-bit digit of the quotient of `remainder * 2^32 + next` by the normalised divisor. */
function guessDigit(remainder: u64, next: u64, divisorHigh: u64, divisorLow: u64): u64 {
  let digit = remainder / divisorHigh;
  let left = remainder - digit * divisorHigh;
  while (digit > 0xffffffff || digit * divisorLow > ((left << 32) | next)) {
    digit--;
    left += divisorHigh;
    if (left > 0xffffffff) break;
  }
  return digit;
}

/** The square root of `left * right`, rounded down. */
export function squareRoot(left: u64, right: u64): u64 {
  const high = multiplyHigh(left, right);
  const low = left * right;
  let root: u64 = 0;
  // From the top bit down: a bit stays where the square does not exceed the product.
  for (let bit: u64 = 1 << 63; bit > 0; bit >>= 1) {
    const candidate = root | bit;
    const candidateHigh = multiplyHigh(candidate, candidate);
    if (candidateHigh < high || (candidateHigh == high && candidate * candidate <= low)) root = candidate;
  }
  return root;
}
