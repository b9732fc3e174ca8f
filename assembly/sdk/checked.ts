import { revert } from "./revert";
import { multiplyHigh } from "./wide";

/** Arithmetic of every integer type that reverts with "overflow" or "underflow" where the result does not fit the type. */
export namespace checked {
  @inline
  export function add<T extends number>(left: T, right: T): T {
    const sum = <T>(left + right);
    if (isSigned<T>()) {
      if (((left ^ sum) & (right ^ sum)) < 0) revert(left < 0 ? "underflow" : "overflow");
    } else if (sum < left) {
      revert("overflow");
    }
    return sum;
  }

  @inline
  export function subtract<T extends number>(left: T, right: T): T {
    const rest = <T>(left - right);
    if (isSigned<T>()) {
      if (((left ^ right) & (left ^ rest)) < 0) revert(left < 0 ? "underflow" : "overflow");
    } else if (left < right) {
      revert("underflow");
    }
    return rest;
  }

  @inline
  export function multiply<T extends number>(left: T, right: T): T {
    const product = <T>(left * right);
    if (isSigned<T>()) {
      const negative = (left ^ right) < 0;
      // The smallest number divided by -1 is a trap, and the one quotient that does not fit.
      if (left == -1 ? right == <T>minimum<T>() : left != 0 && product / left != right) {
        revert(negative ? "underflow" : "overflow");
      }
    } else if (sizeof<T>() == 8) {
      if (multiplyHigh(<u64>left, <u64>right) != 0) revert("overflow");
    } else if (<u64>left * <u64>right != <u64>product) {
      revert("overflow");
    }
    return product;
  }
}

@inline
function minimum<T>(): i64 {
  return -1 << (8 * sizeof<T>() - 1);
}
