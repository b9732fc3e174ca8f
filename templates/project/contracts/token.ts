import { Address, Counter, context, emit, Map, require, Value } from "blockstm/assembly";

/** Who may mint. */
const minter = new Value<Address>();
const supply = new Counter();
const balances = new Map<Address, u64>();

@event("from", "to")
class Transfer {
  constructor(
    readonly from: Address,
    readonly to: Address,
    readonly amount: u64,
  ) {}
}

/** Who deploys the token names who may mint. */
@init
export function create(owner: Address): void {
  minter.set(owner);
}

/** Makes new tokens, and gives them to `to`. */
export function mint(to: Address, amount: u64): void {
  require(context.sender() == minter.get(), "only the minter mints");
  supply.add(amount);
  credit(to, amount);
}

/** Gives tokens of the caller to `to`. */
export function transfer(to: Address, amount: u64): void {
  const from = context.sender();
  const balance = balances.get(from);
  require(balance >= amount, "insufficient balance");
  balances.set(from, balance - amount);
  credit(to, amount);
  emit(new Transfer(from, to, amount));
}

@view
export function balanceOf(owner: Address): u64 {
  return balances.get(owner);
}

@view
export function totalSupply(): u64 {
  return supply.get();
}

/** What all have together is the supply, which cannot overflow: nor can what one has. */
function credit(to: Address, amount: u64): void {
  balances.set(to, balances.get(to) + amount);
}
