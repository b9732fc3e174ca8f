import { RandomStream } from '../random.js';
import type { WorkloadCall } from '../workloads/workload.js';

/** Who sends the first calls. */
const ISSUER = '0x0000000000000000000000000000000000000001';

/** One account in this many gets one unit less than it needs. */
const SHORT_ONE_IN = 32;

/**
 * The mints that let most of `calls` succeed, were they executed next on empty balances.
 *
 * An account gets in each asset exactly what it needs so that none of its transfers fails: the most that its payments run
 * ahead of its receipts. So a receipt that comes one call too late makes a transfer fail, and the order of the calls shows.
 * One account in 32, chosen by the seed, and the account that pays most often get one unit less, so that at least one of
 * their transfers does fail, and maybe others that counted on it.
 */
export function fundingCalls(calls: readonly WorkloadCall[], seed: number): WorkloadCall[] {
  const accounts = new Map<string, AssetAccount>();
  for (const { sender, contract, method, args } of calls) {
    if (method !== 'transfer') continue;
    const amount = BigInt(args.amount as string);
    pay(open(accounts, contract, sender), amount);
    open(accounts, contract, args.to as string).balance += amount;
  }
  const random = new RandomStream(seed, 'mainnet', 'short accounts');
  const funded = [...accounts.values()].filter(({ need }) => need > 0n);
  const busiest = funded.reduce<AssetAccount | undefined>(busier, undefined);
  return funded.map((account) => mint(account, random.below(SHORT_ONE_IN) === 0 || account === busiest));
}

/** An account's holding of one asset, as a difference from its start. */
interface AssetAccount {
  readonly contract: string;
  readonly address: string;
  balance: bigint;
  payments: number;
  /** The start that keeps the balance from ever falling below zero. */
  need: bigint;
}

function open(accounts: Map<string, AssetAccount>, contract: string, address: string): AssetAccount {
  const key = `${contract} ${address}`;
  const known = accounts.get(key);
  if (known !== undefined) return known;
  const account = { contract, address, balance: 0n, payments: 0, need: 0n };
  accounts.set(key, account);
  return account;
}

function pay(account: AssetAccount, amount: bigint): void {
  account.balance -= amount;
  account.payments++;
  if (-account.balance > account.need) account.need = -account.balance;
}

/** Of two that pay equally often, the first. */
function busier(best: AssetAccount | undefined, account: AssetAccount): AssetAccount {
  return best === undefined || account.payments > best.payments ? account : best;
}

function mint(account: AssetAccount, short: boolean): WorkloadCall {
  const args = { to: account.address, amount: String(short ? account.need - 1n : account.need) };
  return { sender: ISSUER, contract: account.contract, method: 'mint', args };
}
