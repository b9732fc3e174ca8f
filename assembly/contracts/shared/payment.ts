// Tokens that a contract takes from whoever calls it, and that it pays out. A token that says no has the call revert.

import { Address, context, require } from "blockstm/assembly";
import { Token } from "../token.stub";

const refused = "the token was not paid";

/** Takes `amount` from the caller, who has to have allowed it. Reverts with "the token was not paid", or as `transferFrom` of the token does. */
export function collect(token: Address, amount: u64): void {
  require(new Token(token).transferFrom(context.sender(), context.self(), amount), refused);
}

/** Pays `amount` of what the contract has to `to`. Reverts with "the token was not paid", or as `transfer` of the token does. */
export function pay(token: Address, to: Address, amount: u64): void {
  require(new Token(token).transfer(to, amount), refused);
}
