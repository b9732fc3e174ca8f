// What the compiler's method wrappers are made of. A wrapper of `transfer(to: Address, amount: u64): bool` reads:
//
//   export function transfer(): void {
//     enter();
//     open("transfer", 40, false);
//     const to = argument<Address>("transfer", "to");
//     const amount = argument<u64>("transfer", "amount");
//     result<bool>(contract.transfer(to, amount));
//   }
//
// That of a method with `@view` calls `readonly` before anything else, that of one with `@init` calls `once` when the
// arguments are decoded.

// Makes the compiler find the function it is told to call for `assert` and `throw`.
import "./abort";
import * as abi from "./abi";
import { encode } from "./codec";
import { revert } from "./revert";

export { enter } from "./runtime";
export { readonly } from "./abi";
export { argument, close, open } from "./input";

/** FNV-1a of "blockstm.initialized", a field that the compiler keeps for itself. */
const initializedPrefix: u64 = 0x6376fef1bae32784;

/** Reverts where it was called before, in this call or another. */
export function once(): void {
  abi.push(initializedPrefix);
  const slot = abi.lookup(8);
  if (abi.has(slot)) revert("already initialized");
  abi.push(1);
  abi.write(slot, 8);
}

/** Makes `value` the call's output. */
@inline
export function result<T>(value: T): void {
  abi.output(encode<T>(value));
}
