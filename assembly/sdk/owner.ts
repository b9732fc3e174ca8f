// Access control. A contract's owner is the value of the reserved field "blockstm.owner"; roles are a field of the contract.

import { has, lookup, push, remove, write } from "./abi";
import { Address } from "./address";
import { encode } from "./codec";
import { context } from "./context";
import { revert } from "./revert";
import { Slot } from "./storage";

/** FNV-1a of "blockstm.owner", a field that the compiler keeps for this. */
const ownerPrefix: u64 = 0xf40e9169b982168d;

@inline
function ownerSlot(): Slot<Address> {
  push(ownerPrefix);
  return changetype<Slot<Address>>(lookup(8));
}

/** The contract's owner; the zero address where there is none. */
export function owner(): Address {
  return ownerSlot().get();
}

/** Reverts with "only the owner may do this" unless the owner calls: where there is none, whoever calls. */
export function onlyOwner(): void {
  const account = owner();
  if (account.isZero || context.sender() != account) revert("only the owner may do this");
}

/**
 * Makes `account` the owner, whoever calls: for `@init` and for what `onlyOwner` guards. The zero address leaves the
 * contract without an owner, for which nobody can call.
 */
export function setOwner(account: Address): void {
  ownerSlot().set(account);
}

/** Who may do what: accounts that a role was granted to. A grant is a location of its own. */
@final
export class Roles {
  private prefix: u64 = 0;

  /** `name`: in the layout. Default: the variable's. The compiler puts constant data in the place of this. */
  constructor(name: string = "") {
    ERROR("a storage field is declared as a constant outside of functions, as what it is: new and its class");
  }

  @inline
  private slot(role: string, account: Address): i32 {
    push(this.prefix);
    return lookup(8 + encode<string>(role) + encode<Address>(account));
  }

  has(role: string, account: Address): bool {
    return has(this.slot(role, account)) != 0;
  }

  /** Whoever calls: guard it. */
  grant(role: string, account: Address): void {
    write(this.slot(role, account), 0);
  }

  /** Whoever calls: guard it. */
  revoke(role: string, account: Address): void {
    remove(this.slot(role, account));
  }

  /** Reverts with "only a <role> may do this" unless the caller has the role. */
  require(role: string): void {
    if (!this.has(role, context.sender())) revert("only a " + role + " may do this");
  }
}
