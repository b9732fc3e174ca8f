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
// That of a method with `@view` calls `readonly` before anything else.

// Makes the compiler find the function it is told to call for `assert` and `throw`.
import "./abort";
import * as abi from "./abi";
import { encode } from "./codec";

export { enter } from "./runtime";
export { readonly } from "./abi";
export { argument, close, open } from "./input";

/** Makes `value` the call's output. */
@inline
export function result<T>(value: T): void {
  abi.output(encode<T>(value));
}
