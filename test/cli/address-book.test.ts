import { describe, expect, test } from 'vitest';
import { AddressBook, accountAddress, contractAddress } from '../../dist/host/cli/address-book.js';
import { JsonField } from '../../dist/host/cli/json-field.js';

const given = (value: unknown): JsonField =>
  JsonField.parse({ file: 'block.jsonl', firstLine: 1, text: JSON.stringify(value) });

describe('what an address is called', () => {
  test('nothing where no name of it was given', () => {
    const book = new AddressBook();
    expect(book.nameOf(accountAddress('alice'))).toBeUndefined();
    expect(book.nameOf(book.resolve(given(`0x${'11'.repeat(32)}`)))).toBeUndefined();
  });

  test.each(['alice', 'account:alice'])('an account that was given as %s: alice', (text) => {
    const book = new AddressBook();
    expect(book.nameOf(book.resolve(given(text)))).toBe('alice');
    expect(book.nameOf(accountAddress('alice'))).toBe('alice');
  });

  test('a contract as it is named, at whichever address', () => {
    const book = new AddressBook();
    const address = book.addContract('coin', new Uint8Array(32).fill(7));
    book.addContract('token');
    expect([address, contractAddress('token')].map((each) => book.nameOf(each))).toEqual(['coin', 'token']);
  });

  test('a contract that is there, once its name is given', () => {
    const book = new AddressBook();
    book.addDeployed(contractAddress('coin'));
    expect(book.nameOf(contractAddress('coin'))).toBeUndefined();
    book.resolve(given('coin'));
    expect(book.nameOf(contractAddress('coin'))).toBe('coin');
    expect(book.accounts.size).toBe(0);
  });

  test.each(['coin', '0x12', 'account:bob', 'contract:coin', ''])(
    'an account of the name "%s", which alone means something else: the account',
    (name) => {
      const book = new AddressBook();
      book.addContract('coin');
      const called = book.nameOf(book.resolve(given(`account:${name}`)));
      expect(called).toBe(`account:${name}`);
      // It can be given so again.
      expect(book.resolve(given(called))).toEqual(accountAddress(name));
    },
  );

  describe.each(['size', 'key at 0', 'place of bob', 'place of place of bob', 'null'])(
    'the name "%s", which is something else in a key',
    (name) => {
      test('of an account: the account', () => {
        const book = new AddressBook();
        const called = book.nameOf(book.resolve(given(name)));
        expect(called).toBe(`account:${name}`);
        expect(book.resolve(given(called))).toEqual(accountAddress(name));
      });

      test('of a contract: the contract', () => {
        const book = new AddressBook();
        const called = book.nameOf(book.addContract(name));
        expect(called).toBe(`contract:${name}`);
        expect(book.resolve(given(called))).toEqual(contractAddress(name));
      });
    },
  );

  test.each(['sizes', 'resize', 'key', 'key attic', 'place', 'a place of', 'nullable'])(
    'the name %s is in no key by itself: alone',
    (name) => {
      const book = new AddressBook();
      expect(book.nameOf(book.resolve(given(name)))).toBe(name);
      expect(book.nameOf(book.addContract(`${name}.`))).toBe(`${name}.`);
    },
  );

  describe.each([
    ['x]. ok\nWhat would have avoided it:\n nothing', 'x]. ok\\nWhat would have avoided it:\\n nothing'],
    ['\u001b[2J\u009b31m\r', '\\u001b[2J\\u009b31m\\r'],
    ['a\u202eb\u2028c\u2029d', 'a\\u202eb\\u2028c\\u2029d'],
    // A tag, of two units; and what reads like an escape, which is another name.
    ['\u{e0041}', '\\udb40\\udc41'],
    ['x\\n', 'x\\\\n'],
  ])('the name %j, which a terminal would obey', (name, written) => {
    test.each(['account', 'contract'])('of an %s: as JSON writes it', (kind) => {
      const book = new AddressBook();
      const address = kind === 'account' ? book.resolve(given(name)) : book.addContract(name);
      const called = book.nameOf(address);
      expect(called).toBe(written);
      expect(book.resolve(given(JSON.parse(`"${called}"`)))).toEqual(address);
    });
  });
});
