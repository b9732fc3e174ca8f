import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeValues } from '../../dist/host/contract/codec.js';
import { addressOf, ContractCaller, sampleContract, wordOf } from '../support/contract-caller.js';

const largest = 2n ** 64n - 1n;
const names = ['alice', 'bob', 'carol'] as const;
const address = Object.fromEntries(names.map((name) => [name, addressOf(name)])) as Record<string, Uint8Array>;

function sample(name: string): ContractCaller {
  return new ContractCaller(sampleContract(name));
}

/** As assembly/contracts/shared/digest.ts says. */
function fold(digest: bigint, word: bigint): bigint {
  const mixed = BigInt.asUintN(64, digest * 0x9e3779b97f4a7c15n + word);
  return mixed ^ (mixed >> 29n);
}

describe('counter', () => {
  it('counts', () => {
    const counter = sample('counter');
    expect([1, 2, 3].map((amount) => counter.value('alice', 'add', { amount }))).toEqual([1n, 3n, 6n]);
    expect(counter.value('bob', 'get')).toBe(6n);
  });
});

describe('token', () => {
  it('moves what its holders have and announces it', () => {
    const token = sample('token');
    token.value('alice', 'mint', { to: address.alice, amount: 100 });
    const receipt = token.call('alice', 'transfer', { to: address.bob, amount: 30 });
    expect(receipt).toMatchObject({ status: 'ok', value: true });
    expect(receipt.events.map((event) => Buffer.from(event.topic).toString())).toEqual(['Transfer']);
    expect(decodeValues(['address', 'address', 'u64'], receipt.events[0]?.data ?? new Uint8Array())).toEqual([
      address.alice,
      address.bob,
      30n,
    ]);
    expect(names.map((owner) => token.value('carol', 'balanceOf', { owner: address[owner] }))).toEqual([70n, 30n, 0n]);
    expect(token.value('carol', 'totalSupply')).toBe(100n);
  });

  it('refuses to move or create more than there can be', () => {
    const token = sample('token');
    token.value('alice', 'mint', { to: address.alice, amount: 5 });
    expect(token.call('alice', 'transfer', { to: address.bob, amount: 6 })).toMatchObject({
      status: 'reverted',
      message: 'insufficient balance',
    });
    expect(token.call('bob', 'mint', { to: address.bob, amount: largest })).toMatchObject({
      status: 'reverted',
      message: 'total supply overflow',
    });
    expect(token.value('alice', 'transfer', { to: address.alice, amount: 5 })).toBe(true);
    expect(token.value('alice', 'balanceOf', { owner: address.alice })).toBe(5n);
  });

  it('stores a balance under the hash of "balances" and the address', () => {
    const token = sample('token');
    token.value('alice', 'mint', { to: address.alice, amount: 258 });
    const owner = Buffer.from(addressOf('alice')).toString('hex');
    expect(token.contract.storage).toEqual(
      new Map([
        ['e60f86a4e2bba036', '0201000000000000'],
        [`e8a6a91d88e5f8c1${owner}`, '0201000000000000'],
      ]),
    );
  });
});

const ledgerCall = fc.record({
  sender: fc.constantFrom(...names),
  to: fc.constantFrom(...names),
  method: fc.constantFrom('mint', 'transfer', 'transferSealed'),
  amount: fc.bigInt(0n, 20n),
});

/** The ledger as its documentation describes it. */
class LedgerModel {
  readonly balances = new Map<string, bigint>();
  readonly digests = new Map<string, bigint>();
  seal = 0n;

  call(method: string, sender: string, to: string, amount: bigint): boolean | undefined {
    if (method === 'mint') {
      this.record(to, 1n, sender, amount, amount);
      return undefined;
    }
    const moved = (this.balances.get(sender) ?? 0n) >= amount;
    this.record(sender, moved ? 2n : 4n, to, amount, moved ? -amount : 0n);
    if (moved) this.record(to, 3n, sender, amount, amount);
    if (method === 'transferSealed') {
      const words = [wordOf(addressOf(sender), 3), wordOf(addressOf(to), 3), amount, moved ? 1n : 0n];
      this.seal = words.reduce(fold, this.seal);
    }
    return moved;
  }

  record(account: string, entry: bigint, other: string, amount: bigint, change: bigint): void {
    this.balances.set(account, (this.balances.get(account) ?? 0n) + change);
    this.digests.set(
      account,
      [entry, wordOf(addressOf(other), 3), amount].reduce(fold, this.digests.get(account) ?? 0n),
    );
  }
}

describe('ledger', () => {
  it('keeps the balances and digests that its documentation describes', () => {
    fc.assert(
      fc.property(fc.array(ledgerCall, { maxLength: 40 }), (calls) => {
        const ledger = sample('ledger');
        const model = new LedgerModel();
        for (const { method, sender, to, amount } of calls) {
          expect(ledger.value(sender, method, { to: address[to], amount })).toBe(
            model.call(method, sender, to, amount),
          );
        }
        for (const owner of names) {
          expect(ledger.value('alice', 'balanceOf', { owner: address[owner] })).toBe(model.balances.get(owner) ?? 0n);
          expect(ledger.value('alice', 'digestOf', { owner: address[owner] })).toBe(model.digests.get(owner) ?? 0n);
        }
        expect(ledger.value('alice', 'seal')).toBe(model.seal);
      }),
    );
  });

  it('shows the order of transfers that leave equal balances', () => {
    const digests = [
      ['bob', 'carol'],
      ['carol', 'bob'],
    ].map((receivers) => {
      const ledger = sample('ledger');
      ledger.value('alice', 'mint', { to: address.alice, amount: 10 });
      for (const to of receivers) ledger.value('alice', 'transfer', { to: address[to], amount: 1 });
      return ledger.value('alice', 'digestOf', { owner: address.alice });
    });
    expect(digests[0]).not.toBe(digests[1]);
  });

  it('undoes a transfer that would overflow the receiver', () => {
    const ledger = sample('ledger');
    ledger.value('alice', 'mint', { to: address.alice, amount: 1 });
    ledger.value('alice', 'mint', { to: address.bob, amount: largest });
    const before = new Map(ledger.contract.storage);
    expect(ledger.call('alice', 'transfer', { to: address.bob, amount: 1 })).toMatchObject({
      status: 'reverted',
      message: 'balance overflow',
    });
    expect(ledger.contract.storage).toEqual(before);
  });
});

describe('compute', () => {
  it('folds the result of its work into the digest of the caller', () => {
    const compute = sample('compute');
    const model = new LedgerModel();
    compute.value('alice', 'mint', { to: address.alice, amount: 9 });
    model.call('mint', 'alice', 'alice', 9n);
    for (const [to, amount, rounds] of [
      ['bob', 4n, 3],
      ['bob', 6n, 0],
      ['alice', 5n, 100],
    ] as const) {
      const digest = model.digests.get('alice') ?? 0n;
      let state = digest | 1n;
      for (let round = 0; round < rounds; round++) {
        state ^= BigInt.asUintN(64, state << 13n);
        state ^= state >> 7n;
        state ^= BigInt.asUintN(64, state << 17n);
      }
      model.digests.set('alice', fold(digest, state));
      const moved = compute.value('alice', 'transfer', { to: address[to], amount, rounds });
      expect(moved).toBe(model.call('transfer', 'alice', to, amount));
    }
    for (const owner of ['alice', 'bob']) {
      expect(compute.value('bob', 'balanceOf', { owner: address[owner] })).toBe(model.balances.get(owner));
      expect(compute.value('bob', 'digestOf', { owner: address[owner] })).toBe(model.digests.get(owner));
    }
  });
});

describe('volume', () => {
  it('moves tokens alike, whether and how it sums up what moved', () => {
    const volume = sample('volume');
    volume.value('alice', 'mint', { to: address.alice, amount: 100 });
    for (const method of ['transfer', 'transferAdding', 'transferWriting']) {
      const receipt = volume.call('alice', method, { to: address.bob, amount: 30 });
      expect(receipt).toMatchObject({ status: 'ok', value: true });
      expect(receipt.events.map((event) => Buffer.from(event.topic).toString())).toEqual(['Transfer']);
      expect(volume.call('carol', method, { to: address.bob, amount: 1 })).toMatchObject({
        status: 'reverted',
        message: 'insufficient balance',
      });
    }
    expect(names.map((owner) => volume.value('carol', 'balanceOf', { owner: address[owner] }))).toEqual([10n, 90n, 0n]);
    expect(volume.value('carol', 'addedVolume')).toBe(30n);
    expect(volume.value('carol', 'writtenVolume')).toBe(30n);
  });

  it.each(['transferAdding', 'transferWriting'])('undoes a transfer whose sum would overflow: %s', (method) => {
    const volume = sample('volume');
    volume.value('alice', 'mint', { to: address.alice, amount: largest });
    volume.value('alice', method, { to: address.alice, amount: largest });
    const before = new Map(volume.contract.storage);
    expect(volume.call('alice', method, { to: address.bob, amount: 1 })).toMatchObject({
      status: 'reverted',
      message: 'overflow',
    });
    expect(volume.contract.storage).toEqual(before);
  });

  it('creates no more than there can be', () => {
    const volume = sample('volume');
    volume.value('alice', 'mint', { to: address.alice, amount: 1 });
    expect(volume.call('bob', 'mint', { to: address.bob, amount: largest }).message).toBe('total supply overflow');
  });
});

describe('pausable', () => {
  it('moves tokens unless it is paused, and leaves the flag as it was', () => {
    const pausable = sample('pausable');
    pausable.value('alice', 'mint', { to: address.alice, amount: 10 });
    pausable.value('bob', 'resume');
    // The only key beside the supply that is one word.
    const flags = () =>
      [...pausable.contract.storage].filter(([key]) => key.length === 16 && key !== 'e60f86a4e2bba036');
    const before = flags();
    expect(before.map(([, value]) => value)).toEqual(['0000000000000000']);
    expect(pausable.value('alice', 'transfer', { to: address.bob, amount: 4 })).toBe(true);
    expect(flags()).toEqual(before);
    pausable.value('carol', 'pause');
    expect(pausable.value('carol', 'isPaused')).toBe(true);
    expect(pausable.call('alice', 'transfer', { to: address.bob, amount: 4 })).toMatchObject({
      status: 'reverted',
      message: 'paused',
    });
    pausable.value('bob', 'resume');
    expect(pausable.call('alice', 'transfer', { to: address.bob, amount: 7 }).message).toBe('insufficient balance');
    expect(names.map((owner) => pausable.value('carol', 'balanceOf', { owner: address[owner] }))).toEqual([6n, 4n, 0n]);
  });
});

describe('cells', () => {
  it('adds to a cell, derives one from another and announces the new value', () => {
    const cells = sample('cells');
    expect(cells.value('alice', 'add', { cell: 1, amount: 5 })).toBe(5n);
    expect(cells.value('bob', 'add', { cell: 1, amount: 6 })).toBe(11n);
    const receipt = cells.call('carol', 'derive', { from: 1, to: 2, amount: 7 });
    expect(receipt).toMatchObject({ status: 'ok', value: 18n });
    expect(receipt.events.map((event) => Buffer.from(event.topic).toString())).toEqual(['Changed']);
    expect(decodeValues(['u64', 'u64'], receipt.events[0]?.data ?? new Uint8Array())).toEqual([2n, 18n]);
    expect([1, 2, 3].map((cell) => cells.value('alice', 'valueOf', { cell }))).toEqual([11n, 18n, 0n]);
  });

  it.each([
    ['add', { cell: 1, amount: 1 }],
    ['derive', { from: 1, to: 2, amount: 1 }],
  ])('refuses a sum that does not fit: %s', (method, args) => {
    const cells = sample('cells');
    cells.value('alice', 'add', { cell: 1, amount: largest });
    const before = new Map(cells.contract.storage);
    expect(cells.call('alice', method, args)).toMatchObject({ status: 'reverted', message: 'overflow' });
    expect(cells.contract.storage).toEqual(before);
  });
});

describe('registry', () => {
  it('keeps a count and a digest for each callee and selector', () => {
    const registry = sample('registry');
    const touches = [
      ['bob', 1, 5n],
      ['bob', 1, 6n],
      ['bob', 2, 7n],
      ['carol', 1, largest],
    ] as const;
    const digests = new Map<string, bigint>();
    for (const [callee, selector, value] of touches) {
      const digest = fold(digests.get(`${callee} ${selector}`) ?? 0n, value);
      digests.set(`${callee} ${selector}`, digest);
      expect(registry.value('alice', 'touch', { callee: address[callee], selector, value })).toBe(digest);
    }
    expect(registry.value('alice', 'countOf', { callee: address.bob, selector: 1 })).toBe(2n);
    expect(registry.value('alice', 'digestOf', { callee: address.bob, selector: 1 })).toBe(digests.get('bob 1'));
    expect(registry.contract.storage.size).toBe(3);
  });
});

describe('amm', () => {
  function fundedPool(amount0: bigint, amount1: bigint): ContractCaller {
    const amm = sample('amm');
    amm.value('alice', 'fund', { to: address.alice, amount0, amount1 });
    amm.value('alice', 'addLiquidity', { amount0, amount1 });
    return amm;
  }

  function reserves(amm: ContractCaller): [bigint, bigint] {
    return [false, true].map((second) => amm.value('alice', 'reserveOf', { second })) as [bigint, bigint];
  }

  it('swaps along the curve, less its fee, and gives what it quoted', () => {
    const amm = fundedPool(1_000_000n, 4_000_000n);
    expect(amm.value('alice', 'sharesOf', { owner: address.alice })).toBe(2_000_000n);
    amm.value('bob', 'fund', { to: address.bob, amount0: 1000, amount1: 0 });
    // 4,000,000 * 997 / 1,000,997, rounded down.
    expect(amm.value('bob', 'quote', { zeroForOne: true, amountIn: 1000 })).toBe(3984n);
    expect(amm.value('bob', 'swap', { zeroForOne: true, amountIn: 1000, minimumOut: 3984 })).toBe(3984n);
    expect(reserves(amm)).toEqual([1_001_000n, 3_996_016n]);
    expect(amm.value('bob', 'balanceOf', { owner: address.bob, second: true })).toBe(3984n);
  });

  it.each([
    ['bob', { zeroForOne: true, amountIn: 100, minimumOut: 0 }, 'insufficient balance'],
    ['alice', { zeroForOne: true, amountIn: 100, minimumOut: 1000 }, 'too little output'],
    ['alice', { zeroForOne: true, amountIn: 0, minimumOut: 0 }, 'too little output'],
    ['alice', { zeroForOne: false, amountIn: largest, minimumOut: 0 }, 'overflow'],
  ])('refuses the swap of %s %o', (sender, swap, message) => {
    const amm = fundedPool(1000n, 1000n);
    expect(amm.call(sender, 'swap', swap)).toMatchObject({ status: 'reverted', message });
  });

  it('says that the pool is empty', () => {
    expect(sample('amm').call('alice', 'quote', { zeroForOne: true, amountIn: 1 }).message).toBe('the pool is empty');
  });

  it('creates and loses no coin, and its product falls only with its shares, at any size', () => {
    const amount = fc
      .tuple(fc.bigInt(0n, 2n ** 62n), fc.integer({ min: 0, max: 61 }))
      .map(([value, shift]) => value >> BigInt(shift));
    const action = fc.record({
      method: fc.constantFrom('swap', 'swap', 'addLiquidity', 'removeLiquidity'),
      sender: fc.constantFrom('alice', 'bob'),
      // Amounts are this many bits smaller than what was funded.
      first: fc.nat(12),
      second: fc.nat(12),
      zeroForOne: fc.boolean(),
    });
    let succeeded = 0;
    fc.assert(
      fc.property(amount, amount, fc.array(action, { maxLength: 20 }), (amount0, amount1, actions) => {
        const amm = sample('amm');
        for (const owner of ['alice', 'bob']) amm.value(owner, 'fund', { to: address[owner], amount0, amount1 });
        amm.call('alice', 'addLiquidity', { amount0: amount0 / 2n, amount1: amount1 / 2n });
        for (const { method, sender, first, second, zeroForOne } of actions) {
          const [given0, given1] = [amount0 >> BigInt(first), amount1 >> BigInt(second)];
          const [before0, before1] = reserves(amm);
          const shares = ['alice', 'bob'].map((owner) => amm.value('alice', 'sharesOf', { owner: address[owner] }));
          const args = {
            swap: { zeroForOne, amountIn: zeroForOne ? given0 : given1, minimumOut: 0 },
            addLiquidity: { amount0: given0, amount1: given1 },
            removeLiquidity: { shares: given0 % (((sender === 'alice' ? shares[0] : shares[1]) as bigint) + 1n) },
          }[method];
          const { status } = amm.call(sender, method, args);
          expect(['ok', 'reverted']).toContain(status);
          if (status === 'ok') succeeded++;
          const [after0, after1] = reserves(amm);
          if (method !== 'removeLiquidity') expect(after0 * after1 >= before0 * before1).toBe(true);
          for (const [second, reserve, total] of [
            [false, after0, amount0],
            [true, after1, amount1],
          ] as const) {
            const held = ['alice', 'bob'].map((owner) =>
              amm.value('alice', 'balanceOf', { owner: address[owner], second }),
            );
            expect((held[0] as bigint) + (held[1] as bigint) + reserve).toBe(total * 2n);
          }
        }
      }),
    );
    expect(succeeded).toBeGreaterThan(100);
  });
});
