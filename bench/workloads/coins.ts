import { contractAddress } from './address.js';
import type { WorkloadCall, WorkloadContract } from './workload.js';

/** An allowance that is never used up. */
export const UNLIMITED = String(2n ** 64n - 1n);

/** `count` contracts of the code `token`, called `<name>-0` and so on. */
export function coins(name: string, count: number): readonly WorkloadContract[] {
  return Array.from({ length: count }, (_, index) => coin(`${name}-${index}`));
}

/** A contract of the code `token`. */
export function coin(name: string): WorkloadContract {
  return { name, address: contractAddress(name), wasm: 'token' };
}

/** Anybody may mint. */
export function mint(contract: WorkloadContract, to: string, amount: number): WorkloadCall {
  return { sender: to, contract: contract.name, method: 'mint', args: { to, amount: String(amount) } };
}

/** Lets a contract take any amount of what `owner` has of a coin. */
export function approve(contract: WorkloadContract, owner: string, spender: WorkloadContract): WorkloadCall {
  const args = { spender: spender.address, amount: UNLIMITED };
  return { sender: owner, contract: contract.name, method: 'approve', args };
}

/**
 * What the calls of a block pay: each account is given exactly that beforehand, and lets the contract that it pays take it. So none of them fails for want of funds, however
 * many coins and accounts there are, of which a block meets a few.
 */
export class Payments {
  readonly #due = new Map<string, { contract: WorkloadContract; from: string; to: WorkloadContract; amount: number }>();

  add(contract: WorkloadContract, from: string, to: WorkloadContract, amount: number): void {
    const key = `${contract.name} ${from} ${to.name}`;
    const due = this.#due.get(key);
    if (due === undefined) this.#due.set(key, { contract, from, to, amount });
    else due.amount += amount;
  }

  calls(): readonly WorkloadCall[] {
    return [...this.#due.values()].flatMap(({ contract, from, to, amount }) => [
      mint(contract, from, amount),
      approve(contract, from, to),
    ]);
  }
}
