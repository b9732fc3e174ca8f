import { createHash } from 'node:crypto';
import { contractAddress } from '../workloads/address.js';
import type { WorkloadCall, WorkloadContract } from '../workloads/workload.js';
import type { MainnetTransaction } from './transaction.js';

/** The ledger's unit: real balances in wei do not fit 64 bits. */
const WEI_PER_UNIT = 10n ** 9n;

/** A token's amounts are scaled until their sum stays below this: it leaves 64-bit supplies room for 2,048 such sums. */
const TOKEN_TOTAL_END = 2n ** 53n;

/**
 * Mainnet transactions as calls of this package's contracts. bench/README.md gives the mapping and what it leaves out.
 *
 * Contracts and units depend on all the transactions a conversion is made for; parts of them can then be converted one
 * by one.
 */
export class MainnetConversion {
  readonly contracts: readonly WorkloadContract[];
  /** Token address to the power of ten its amounts are divided by. */
  readonly #units: ReadonlyMap<string, bigint>;

  constructor(transactions: Iterable<MainnetTransaction>) {
    this.#units = tokenUnits(transactions);
    this.contracts = [
      { name: 'ledger', address: contractAddress('ledger'), wasm: 'ledger' },
      { name: 'registry', address: contractAddress('registry'), wasm: 'registry' },
      // The addresses of their names, as all have: a chain in a directory knows no others by a name.
      ...[...this.#units.keys()]
        .map(tokenName)
        .map((name) => ({ name, address: contractAddress(name), wasm: 'token' })),
    ];
  }

  /** @throws RangeError for a transfer of a token that was not among the constructor's transactions. */
  call(transaction: MainnetTransaction): WorkloadCall {
    const { from, value } = transaction;
    switch (transaction.kind) {
      case 'native':
        return transfer(from, 'ledger', transaction.to, value / WEI_PER_UNIT);
      case 'erc20-transfer':
        return this.#tokenTransfer(from, transaction);
      case 'erc20-transferFrom':
        // The token contract has no allowances: the owner is taken to have signed the transfer.
        return this.#tokenTransfer(transaction.owner, transaction);
      case 'call':
        return touch(from, transaction.to, selectorNumber(transaction.selector), value);
      case 'create':
        return touch(from, createdAddress(from, transaction.nonce), 0, value);
    }
  }

  #tokenTransfer(sender: string, erc20: { to: string; recipient: string; amount: bigint }): WorkloadCall {
    const unit = this.#units.get(erc20.to);
    if (unit === undefined) throw new RangeError(`the token ${erc20.to} is not part of this conversion`);
    return transfer(sender, tokenName(erc20.to), erc20.recipient, erc20.amount / unit);
  }
}

function transfer(sender: string, contract: string, to: string, amount: bigint): WorkloadCall {
  return { sender, contract, method: 'transfer', args: { to, amount: String(amount) } };
}

function touch(sender: string, callee: string, selector: number, wei: bigint): WorkloadCall {
  const args = { callee, selector: String(selector), value: String(wei / WEI_PER_UNIT) };
  return { sender, contract: 'registry', method: 'touch', args };
}

function tokenName(token: string): string {
  return `token-${token}`;
}

/** As the EVM reads call data: missing bytes are zeros on the right. */
function selectorNumber(selector: string): number {
  return Number.parseInt(selector.slice(2).padEnd(8, '0'), 16);
}

/** Stands for the address of a created contract: as there, nobody else's, and known from sender and nonce alone. */
function createdAddress(sender: string, nonce: number): string {
  return `0x${createHash('sha256').update(`blockstm.create:${sender}:${nonce}`).digest('hex')}`;
}

function tokenUnits(transactions: Iterable<MainnetTransaction>): Map<string, bigint> {
  const totals = new Map<string, bigint>();
  for (const transaction of transactions) {
    if (!('amount' in transaction)) continue;
    totals.set(transaction.to, (totals.get(transaction.to) ?? 0n) + transaction.amount);
  }
  return new Map([...totals].map(([token, total]) => [token, unitFor(total)]));
}

function unitFor(total: bigint): bigint {
  let unit = 1n;
  while (total / unit >= TOKEN_TOTAL_END) unit *= 10n;
  return unit;
}
