import type { AddressNames, CallNames, Transaction } from '../index.js';
import { hex } from './hex.js';

/** What the calls of a block are called: `call 12 (coin.transfer)`. */
export function callNames(transactions: readonly Transaction[], names: AddressNames): CallNames {
  return (index) => {
    const { contract, method } = transactions[index] as Transaction;
    return `call ${index} (${names(contract) ?? hex(contract)}.${method})`;
  };
}
