import { Address, require } from "blockstm/assembly";
import { fold } from "./digest";

/** First word folded for each kind of entry in an account's history. */
export enum Entry {
  Mint = 1,
  Debit = 2,
  Credit = 3,
  /** A debit refused for want of funds. */
  Refused = 4,
}

/** A balance, and a digest of everything that ever happened to it, in order. Stored as two words. */
@final
export class Account {
  balance: u64 = 0;
  digest: u64 = 0;

  /** Folds in the kind of entry, the last word of the other account's address and the amount. */
  @inline
  record(entry: Entry, other: Address, amount: u64): void {
    this.digest = fold(fold(fold(this.digest, entry), other.word3), amount);
  }

  @inline
  credit(entry: Entry, other: Address, amount: u64): void {
    require(this.balance + amount >= this.balance, "balance overflow");
    this.balance += amount;
    this.record(entry, other, amount);
  }

  /** Returns false, and records that, where the balance does not suffice. */
  @inline
  debit(other: Address, amount: u64): bool {
    const suffices = this.balance >= amount;
    if (suffices) this.balance -= amount;
    this.record(suffices ? Entry.Debit : Entry.Refused, other, amount);
    return suffices;
  }
}
