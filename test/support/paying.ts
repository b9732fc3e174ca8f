import type { TestChain, TestContract } from '../../dist/host/testing/index.js';
import { contractWasm } from './runtimes.js';

/** What each account begins with of each token. */
export const WEALTH = 1_000_000n;
const UNLIMITED = 2n ** 64n - 1n;

/** A token of which these accounts have `WEALTH` each. */
export async function mintedToken(chain: TestChain, name: string, owners: readonly string[]): Promise<TestContract> {
  const token = await chain.deploy(await contractWasm('token'), { name });
  await chain.block(owners.map((owner) => token.as('minter').mint({ to: chain.account(owner), amount: WEALTH })));
  return token;
}

/** Let `spender` move whatever these accounts have of the tokens. */
export async function allow(
  chain: TestChain,
  spender: TestContract,
  tokens: readonly TestContract[],
  owners: readonly string[],
): Promise<void> {
  const calls = tokens.flatMap((token) =>
    owners.map((owner) => token.as(owner).approve({ spender, amount: UNLIMITED })),
  );
  await chain.block(calls);
}

/** What an account or a contract has of a token. */
export async function balance(token: TestContract, owner: unknown): Promise<bigint> {
  return token.view.balanceOf({ owner });
}
