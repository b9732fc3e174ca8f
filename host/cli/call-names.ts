import type { AddressNames, CallNames, Transaction } from '../index.js';
import { hex } from './hex.js';
import { printableName } from './printable.js';

/** What the calls of a block are called: `call 12 (coin.transfer)`. `names` gives what can be printed; a method is what whoever called it has written. */
export function callNames(transactions: readonly Transaction[], names: AddressNames): CallNames {
  return (index) => {
    const { contract, method } = transactions[index] as Transaction;
    return `call ${index} (${names(contract) ?? hex(contract)}.${printableName(method)})`;
  };
}
