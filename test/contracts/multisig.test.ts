import { beforeEach, describe, expect, test } from 'vitest';
import {
  type Account,
  assertParallelEqualsSequential,
  type CallGenerator,
  type ContractCall,
  Random,
  type TestChain,
  type TestContract,
  testChain,
} from '../../dist/host/testing/index.js';
import '../../dist/host/testing/matchers.js';
import { contractWasm } from '../support/runtimes.js';

const NOBODY = new Uint8Array(32);

const chain = await testChain();
const people = ['ann', 'ben', 'cleo', 'eve'].map((name) => chain.account(name));
const [ann, ben, cleo, eve] = people as [Account, Account, Account, Account];
const owners = [ann.address, ben.address, cleo.address];
const wasm = await contractWasm('multisig');
const wallet = await chain.deploy(wasm, { init: { owners, threshold: 2 } });
const token = await chain.deploy(await contractWasm('token'));
await token.as(eve).mint({ to: wallet, amount: 100n });
const begun = chain.snapshot();

beforeEach(() => chain.revert(begun));

/** That the wallet makes this call. */
function proposal(call: ContractCall): { target: Uint8Array; method: string; input: Uint8Array } {
  return { target: call.contract.address, method: call.method, input: call.transaction.input };
}

const pay = (amount = 30n) => proposal(token.as(wallet.address).transfer({ to: eve, amount }));
const balance = async (owner: Account | TestContract) => token.view.balanceOf({ owner });

describe('a proposal', () => {
  test('is confirmed by who makes it, and made when enough have confirmed it', async () => {
    const receipt = await wallet.as(ann).propose(pay()).receipt();
    expect(receipt.value).toBe(1n);
    expect(receipt).toEmit(wallet, 'Proposed', { proposal: 1n, target: token, method: 'transfer', proposer: ann });
    expect(receipt).toEmit(wallet, 'Confirmed', { proposal: 1n, owner: ann });
    await expect(wallet.as(ann).execute({ proposal: 1n })).toRevert('not enough confirmations');
    await expect(wallet.as(ben).confirm({ proposal: 1n })).toEmit(wallet, 'Confirmed', { proposal: 1n, owner: ben });
    expect(await wallet.view.confirmationsOf({ proposal: 1n })).toEqual([ann.address, ben.address]);
    const made = await wallet.as(cleo).execute({ proposal: 1n }).receipt();
    expect(made).toEmit(wallet, 'Executed', { proposal: 1n });
    expect(made).toEmit(token, 'Transfer', { from: wallet, to: eve, amount: 30n });
    expect([await balance(wallet), await balance(eve)]).toEqual([70n, 30n]);
    expect(await wallet.view.proposalOf({ proposal: 1n })).toEqual({
      proposer: ann.address,
      ...pay(),
      council: null,
      term: 0n,
      executed: true,
    });
  });

  test('is made once', async () => {
    await wallet.as(ann).propose(pay());
    await wallet.as(ben).confirm({ proposal: 1n });
    await wallet.as(ben).execute({ proposal: 1n });
    for (const call of [
      wallet.as(ben).execute({ proposal: 1n }),
      wallet.as(ben).tryExecute({ proposal: 1n }),
      wallet.as(cleo).confirm({ proposal: 1n }),
      wallet.as(ann).revoke({ proposal: 1n }),
    ])
      await expect(call).toRevert('already executed');
    expect(await balance(eve)).toBe(30n);
  });

  test('counts each owner once, and those who think better of it not at all', async () => {
    await wallet.as(ann).propose(pay());
    await expect(wallet.as(ann).confirm({ proposal: 1n })).toRevert('already confirmed');
    await expect(wallet.as(ben).revoke({ proposal: 1n })).toRevert('not confirmed');
    await wallet.as(ben).confirm({ proposal: 1n });
    await expect(wallet.as(ann).revoke({ proposal: 1n })).toEmit(wallet, 'Revoked', { proposal: 1n, owner: ann });
    await expect(wallet.as(ben).execute({ proposal: 1n })).toRevert('not enough confirmations');
    await wallet.as(ann).confirm({ proposal: 1n });
    await expect(wallet.as(ben).execute({ proposal: 1n })).toSucceed();
  });

  test('is for owners, and has to be there', async () => {
    await wallet.as(ann).propose(pay());
    for (const call of [
      wallet.as(eve).propose(pay()),
      wallet.as(eve).proposeOwners({ owners: [eve], threshold: 1 }),
      wallet.as(eve).confirm({ proposal: 1n }),
      wallet.as(eve).revoke({ proposal: 1n }),
      wallet.as(eve).execute({ proposal: 1n }),
      wallet.as(eve).tryExecute({ proposal: 1n }),
    ])
      await expect(call).toRevert('only an owner may do this');
    for (const call of [
      wallet.as(ann).confirm({ proposal: 2n }),
      wallet.as(ann).revoke({ proposal: 0n }),
      wallet.as(ann).execute({ proposal: 2n }),
      wallet.as(ann).tryExecute({ proposal: 2n }),
      wallet.view.proposalOf({ proposal: 2n }),
    ])
      await expect(call).toRevert('no such proposal');
  });

  test('takes input of any length, to the last byte', async () => {
    const words = await chain.deploy({
      name: 'words',
      source: `import { Value } from "blockstm/assembly";
        const kept = new Value<string>();
        export function keep(text: string): void { kept.set(text); }
        @view export function text(): string { return kept.get(); }`,
    });
    for (const [index, text] of ['', 'x', 'seven..', 'eight...', 'nine.....', 'ü'.repeat(500)].entries()) {
      const id = { proposal: BigInt(index + 1) };
      await wallet.as(ann).propose(proposal(words.as(wallet.address).keep({ text })));
      await wallet.as(ben).confirm(id);
      await wallet.as(ben).execute(id);
      expect(await words.view.text()).toBe(text);
    }
  });

  test('costs no more to make than it should', async () => {
    await wallet.as(ann).propose(pay());
    await wallet.as(ben).confirm({ proposal: 1n });
    await expect(wallet.as(ben).execute({ proposal: 1n })).toUseGas({ atMost: 80_000 });
  });
});

describe('a call that fails', () => {
  beforeEach(async () => {
    await wallet.as(ann).propose(pay(101n));
    await wallet.as(ben).confirm({ proposal: 1n });
  });

  test('fails who executes it, in the same way, and can be made later', async () => {
    await expect(wallet.as(ann).execute({ proposal: 1n })).toRevert('insufficient balance');
    await token.as(eve).mint({ to: wallet, amount: 1n });
    await expect(wallet.as(ann).execute({ proposal: 1n })).toSucceed();
    expect(await balance(eve)).toBe(101n);
  });

  test('is told about where it was tried, and can be made later', async () => {
    const receipt = await wallet.as(ann).tryExecute({ proposal: 1n }).receipt();
    expect(receipt.value).toEqual({ ok: false, status: 1, message: 'insufficient balance' });
    expect(receipt).toEmit(wallet, 'ExecutionFailed', { proposal: 1n, status: 1, message: 'insufficient balance' });
    expect(receipt).not.toEmit(wallet, 'Executed');
    await token.as(eve).mint({ to: wallet, amount: 1n });
    const again = await wallet.as(ann).tryExecute({ proposal: 1n }).receipt();
    expect(again.value).toEqual({ ok: true, status: 0, message: '' });
    expect(again).toEmit(wallet, 'Executed', { proposal: 1n });
    await expect(wallet.as(ann).tryExecute({ proposal: 1n })).toRevert('already executed');
  });

  test('may be one of a contract or a method that there is not, or have input that is none', async () => {
    const target = new Uint8Array(32).fill(9);
    await wallet.as(ann).propose({ ...pay(), target });
    await wallet.as(ann).propose({ ...pay(), method: 'melt' });
    await wallet.as(ann).propose({ ...pay(), input: new Uint8Array(7) });
    for (const proposal of [2n, 3n, 4n]) {
      await wallet.as(ben).confirm({ proposal });
      await expect(wallet.as(ann).execute({ proposal })).toFail('invalid');
      expect(await wallet.as(ann).tryExecute({ proposal })).toMatchObject({ ok: false, status: 3 });
    }
  });

  test('is not spoilt by who gives it too little gas', async () => {
    await token.as(eve).mint({ to: wallet, amount: 1n });
    const attempts: unknown[] = [];
    for (let gasLimit = 5_000; attempts.at(-1) !== 'made'; gasLimit += 2_500) {
      const { status, value } = await wallet.as(ann).tryExecute({ proposal: 1n }, { gasLimit }).receipt();
      attempts.push(status === 'ok' ? (value.ok ? 'made' : value.status) : status);
      expect(await balance(eve)).toBe(attempts.at(-1) === 'made' ? 101n : 0n);
    }
    expect(attempts.length).toBeGreaterThan(5);
  });
});

describe('the owners', () => {
  const council = async () => wallet.view.currentCouncil();

  async function change(next: readonly Account[], threshold: number, execute = 'execute'): Promise<ContractCall> {
    const id = await wallet.as(ann).proposeOwners({ owners: next, threshold });
    await wallet.as(ben).confirm({ proposal: id });
    return wallet.as(ann)[execute]({ proposal: id });
  }

  test.each(['execute', 'tryExecute'])('are changed as calls are made: %s', async (execute) => {
    const id = await wallet.as(ann).proposeOwners({ owners: [eve], threshold: 1 });
    await expect(wallet.as(ann)[execute]({ proposal: id })).toRevert('not enough confirmations');
    await wallet.as(ben).confirm({ proposal: id });
    await expect(wallet.as(ben)[execute]({ proposal: id })).toEmit(wallet, 'Executed', { proposal: id });
    expect(await council()).toEqual({ owners: [eve.address], threshold: 1 });
    await expect(wallet.as(ann).propose(pay())).toRevert('only an owner may do this');
    await expect(wallet.as(ann)[execute]({ proposal: id })).toRevert('only an owner may do this');
    await expect(wallet.as(eve)[execute]({ proposal: id })).toRevert('already executed');
  });

  test('of before do not count any more', async () => {
    await wallet.as(ann).propose(pay());
    await wallet.as(ben).confirm({ proposal: 1n });
    await change([ben, cleo, eve], 2);
    expect(await wallet.view.confirmationsOf({ proposal: 1n })).toEqual([ben.address]);
    await expect(wallet.as(ben).execute({ proposal: 1n })).toRevert('not enough confirmations');
    await wallet.as(eve).confirm({ proposal: 1n });
    await expect(wallet.as(eve).execute({ proposal: 1n })).toSucceed();
  });

  test('who were removed and come back confirm anew', async () => {
    await wallet.as(ann).propose(pay());
    await wallet.as(cleo).confirm({ proposal: 1n });
    await change([ann, ben], 2);
    expect(await wallet.view.confirmationsOf({ proposal: 1n })).toEqual([ann.address]);
    await change([cleo, ben, ann], 2);
    // Ann was an owner all the time.
    expect(await wallet.view.confirmationsOf({ proposal: 1n })).toEqual([ann.address]);
    await expect(wallet.as(ann).execute({ proposal: 1n })).toRevert('not enough confirmations');
    await expect(wallet.as(cleo).revoke({ proposal: 1n })).toRevert('not confirmed');
    await expect(wallet.as(cleo).confirm({ proposal: 1n })).toEmit(wallet, 'Confirmed', { proposal: 1n, owner: cleo });
    await expect(wallet.as(cleo).execute({ proposal: 1n })).toSucceed();
  });

  test('are not put back by a change that was proposed to others', async () => {
    const id = await wallet.as(ann).proposeOwners({ owners: [ann, ben, cleo, eve], threshold: 2 });
    await wallet.as(ben).confirm({ proposal: id });
    await change([ann, ben], 2);
    for (const execute of ['execute', 'tryExecute'])
      await expect(wallet.as(ben)[execute]({ proposal: id })).toRevert('the owners have changed since');
    expect(await council()).toEqual({ owners: [ann.address, ben.address], threshold: 2 });
  });

  test('do not include the wallet, which could never confirm', async () => {
    await expect(wallet.as(ann).proposeOwners({ owners: [ann, wallet], threshold: 2 })).toRevert('bad owner');
    const address = new Uint8Array(32).fill(7);
    const init = { owners: [ann.address, address], threshold: 2 };
    await expect(chain.deploy(wasm, { init, address })).rejects.toThrow('bad owner');
  });

  test('are some, none twice, and none that is nobody', async () => {
    const many = Array.from({ length: 33 }, (_, index) => chain.account(`owner ${index}`));
    const refused = [
      [[], 0, 'bad threshold'],
      [[ann], 0, 'bad threshold'],
      [[ann], 2, 'bad threshold'],
      [[ann, NOBODY], 1, 'bad owner'],
      [[ann, ben, ann], 1, 'owner twice'],
      [many, 1, 'too many owners'],
    ] as const;
    for (const [next, threshold, message] of refused) {
      await expect(wallet.as(ann).proposeOwners({ owners: next, threshold })).toRevert(message);
      const init = { owners: next, threshold };
      await expect(chain.deploy(wasm, { init })).rejects.toThrow(message);
    }
    await change(many.slice(0, 32), 32);
    expect((await council()).owners).toHaveLength(32);
  });

  test('are changed in no other way', async () => {
    await expect(wallet.as(ann).propose({ target: wallet, method: 'create', input: new Uint8Array() })).toRevert(
      'proposeOwners changes the wallet',
    );
    // Through another contract, the wallet would be called while it is at work.
    const outer = await chain.deploy(wasm, { init: { owners: [wallet], threshold: 1 } });
    await wallet
      .as(ann)
      .propose(
        proposal(outer.as(wallet.address).propose(proposal(wallet.as(outer.address).confirm({ proposal: 1n })))),
      );
    await wallet.as(ben).confirm({ proposal: 1n });
    await wallet.as(ben).execute({ proposal: 1n });
    await wallet.as(ann).propose(proposal(outer.as(wallet.address).execute({ proposal: 1n })));
    await wallet.as(ben).confirm({ proposal: 2n });
    await expect(wallet.as(ben).execute({ proposal: 2n })).toFail('reentrance');
  });
});

interface Wallets {
  readonly wallet: TestContract;
  readonly token: TestContract;
}

async function setUp(other: TestChain): Promise<Wallets> {
  const members = [0, 1, 2].map((index) => other.account(`account ${index}`));
  const coins = await other.deploy(await contractWasm('token'));
  const own = await other.deploy(wasm, { init: { owners: members.map(({ address }) => address), threshold: 2 } });
  await other.block([
    coins.as('minter').mint({ to: own, amount: 1000n }),
    ...members.map((member) =>
      own.as(member).propose(proposal(coins.as(own.address).transfer({ to: member, amount: 100n }))),
    ),
  ]);
  return { wallet: own, token: coins };
}

/** A few proposals that all want to decide about; some of them change who decides. */
const calls: CallGenerator<Wallets> = (random, { wallet: own, token: coins }, accounts) => {
  const [who, to] = [random.pick(accounts), random.pick(accounts)];
  const id = { proposal: BigInt(1 + random.below(16)) };
  switch (random.below(10)) {
    case 0:
      return own.as(who).propose(proposal(coins.as(own.address).transfer({ to, amount: random.bigint(300n) })));
    case 1:
      return own.as(who).revoke(id);
    case 2:
      return coins.as(who).transfer({ to: own, amount: random.bigint(100n) });
    case 3:
      return own.as(who).execute(id);
    case 4:
      return own.as(who).tryExecute(id);
    case 5: {
      const next = accounts.filter((account) => account !== to || random.chance(0.2));
      return own.as(who).proposeOwners({ owners: next, threshold: 2 + random.below(2) });
    }
    default:
      return own.as(who).confirm(id);
  }
};

const nameOf = (address: Uint8Array): string => Buffer.from(address).toString('hex');

/** Who may decide, and who has: what the wallet says of itself, told in a few lines. */
class WalletModel {
  owners: string[];
  threshold = 2;
  readonly confirmed = new Map<bigint, Set<string>>();
  readonly executed = new Set<bigint>();

  constructor(owners: readonly Account[]) {
    this.owners = owners.map(({ address }) => nameOf(address));
  }

  by(id: bigint): Set<string> {
    const set = this.confirmed.get(id) ?? new Set();
    this.confirmed.set(id, set);
    return set;
  }

  execute(id: bigint, next: { owners: Uint8Array[]; threshold: number } | null): void {
    expect(this.executed.has(id)).toBe(false);
    this.executed.add(id);
    expect(this.owners.filter((owner) => this.by(id).has(owner)).length).toBeGreaterThanOrEqual(this.threshold);
    if (next === null) return;
    this.owners = next.owners.map(nameOf);
    this.threshold = next.threshold;
    // Who is not an owner has confirmed nothing, and not later either.
    for (const set of this.confirmed.values())
      for (const name of set) if (!this.owners.includes(name)) set.delete(name);
  }
}

test('a proposal is executed once at most, when enough of the owners confirm it, whatever is called', async () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  console.info(`wallet: seed ${seed}`);
  const random = new Random(seed);
  await using other = await testChain();
  const subject = await setUp(other);
  const accounts = [0, 1, 2, 3].map((index) => other.account(`account ${index}`));
  const made = Array.from({ length: 400 }, () => calls(random, subject, accounts) as ContractCall);
  const { receipts } = await other.block(made);
  const model = new WalletModel(accounts.slice(0, 3));
  // The first ones were proposed before the block.
  for (let id = 0; id < 3; id++) model.by(BigInt(id + 1)).add(nameOf((accounts[id] as Account).address));
  for (const receipt of receipts) {
    for (const { name, fields } of subject.wallet.events(receipt)) {
      const { proposal: id, owner } = fields as { proposal: bigint; owner: Uint8Array };
      if (name === 'Confirmed') model.by(id).add(nameOf(owner));
      if (name === 'Revoked') model.by(id).delete(nameOf(owner));
      if (name === 'Executed') model.execute(id, (await subject.wallet.view.proposalOf({ proposal: id })).council);
    }
  }
  expect(model.executed.size).toBeGreaterThan(0);
  const { owners: last, threshold } = await subject.wallet.view.currentCouncil();
  expect([last.map(nameOf), threshold]).toEqual([model.owners, model.threshold]);
  expect(threshold).toBeGreaterThan(0);
  expect(threshold).toBeLessThanOrEqual(last.length);
  for (const [id, set] of model.confirmed) {
    const found: Uint8Array[] = await subject.wallet.view.confirmationsOf({ proposal: id });
    expect(new Set(found.map(nameOf))).toEqual(set);
  }
});

test('it is the same in parallel', async () => {
  await assertParallelEqualsSequential(setUp, calls, { blocks: 2, calls: 400, accounts: 4 });
});
