import type { FirstCallOptions } from '../index.js';
import type { Account, AccountLike } from './account.js';
import { addressedArguments } from './addresses.js';
import { interfaceOf } from './contract-source.js';

/** The methods that are called once, by the block that puts their code there. */
export type FirstCallKind = 'init' | 'migrate';

/** Knows who is called what. */
interface Accounts {
  accountOf(who: AccountLike): Account;
}

/**
 * The call that new code begins with; undefined where it has no such method, and no arguments are given for one.
 * @param given - Arguments by their names: accounts stand for addresses.
 */
export async function firstCall(
  accounts: Accounts,
  wasm: Uint8Array,
  kind: FirstCallKind,
  given: unknown,
  who: AccountLike = 'deployer',
): Promise<FirstCallOptions | undefined> {
  const sender = accounts.accountOf(who).address;
  const described = await interfaceOf(wasm);
  const method = described?.methods.find((each) => each.kind === kind);
  if (given === undefined) return method && { sender };
  const args = given as Readonly<Record<string, unknown>>;
  const named = (name: string): Account => accounts.accountOf(name);
  return { args: method === undefined ? args : addressedArguments(described, method.name, args, named), sender };
}
