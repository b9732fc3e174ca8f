import type { CallNames, Transaction } from '../index.js';
import type { NamedContract } from './call-reader.js';
import { ReceiptReader } from './receipt-reader.js';

/** What the calls of a block are called: `call 12 (coin.transfer)`. */
export function callNames(transactions: readonly Transaction[], contracts: readonly NamedContract[]): CallNames {
  const reader = new ReceiptReader(contracts);
  return (index) => {
    const { contract, method } = transactions[index] as Transaction;
    return `call ${index} (${reader.nameOf(contract)}.${method})`;
  };
}
