import { expect, test } from 'vitest';
import { type TestContract, testChain } from '../../dist/host/testing/index.js';
import '../../dist/host/testing/matchers.js';

const ledger = {
  name: 'ledger',
  source: `import { Address, emit } from "blockstm/assembly";
    class Share { constructor(readonly owner: Address, readonly heirs: Address[]) {} }
    @event
    class Paid { constructor(readonly to: Address, readonly heirs: Address[]) {} }
    @view
    export function who(account: Address): Address { return account; }
    @view
    export function last(share: Share, spare: Address | null): Address {
      if (spare !== null) return spare!;
      return share.heirs[share.heirs.length - 1];
    }
    @view
    export function same(data: Uint8Array, name: string): string { return name + ":" + data.length.toString(); }
    export function pay(to: Address, heirs: Address[]): void { emit(new Paid(to, heirs)); }`,
};

test('where an address is expected, however deep, the name of an account means it, and digits mean themselves', async () => {
  await using chain = await testChain();
  const contract = await chain.deploy(ledger);
  const [alice, bob] = [chain.account('alice').address, chain.account('bob').address];
  const digits = `0x${'07'.repeat(32)}`;
  const { view } = contract;
  expect(await view.who({ account: 'alice' })).toEqual(alice);
  expect(await view.who({ account: digits })).toEqual(new Uint8Array(32).fill(7));
  expect(await view.who({ account: contract })).toEqual(contract.address);
  const share = { owner: 'carol', heirs: ['alice', chain.account('bob')] };
  expect(await view.last({ share, spare: null })).toEqual(bob);
  expect(await view.last({ share, spare: 'alice' })).toEqual(alice);
  // A string is one, whatever it says, and bytes have no names.
  expect(await view.same({ data: '0x0102', name: 'alice' })).toBe('alice:2');
  expect(() => view.same({ data: 'alice', name: '' })).toThrow('ledger.same: argument "data" must be a Uint8Array');
  const call = contract.as('carol').pay({ to: 'alice', heirs: ['bob', alice] });
  expect(String(call)).toBe('ledger.pay({ to: "alice", heirs: ["bob", alice] }) as carol');
  const receipt = await call.receipt();
  expect(receipt).toEmit(contract, 'Paid', { to: 'alice', heirs: ['bob', 'alice'] });
  expect(receipt).toEmit(contract, 'Paid', { to: `0x${Buffer.from(alice).toString('hex')}` });
  expect(receipt).not.toEmit(contract, 'Paid', { to: 'bob' });
  expect(receipt).not.toEmit(contract, 'Paid', { heirs: ['bob'] });
});

test("a contract's name is not taken for an account's", async () => {
  await using chain = await testChain();
  const before = chain.snapshot();
  const contract: TestContract = await chain.deploy(ledger);
  const message = '"ledger" is a contract here: expected the contract as deploy gave it';
  expect(() => contract.view.who({ account: 'ledger' })).toThrow(message);
  expect(() => contract.as('ledger')).toThrow(message);
  expect(() => chain.as('ledger')).toThrow(message);
  expect(await contract.view.who({ account: chain.account('ledger') })).toEqual(chain.account('ledger').address);
  chain.revert(before);
  expect(chain.as('ledger').account.name).toBe('ledger');
});
