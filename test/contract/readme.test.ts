// The examples of assembly/sdk/README.md are run as they stand there.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import binaryen from 'assemblyscript/binaryen';
import { describe, expect, it } from 'vitest';
import { encodeInput, encodeValue } from '../../dist/host/contract/codec.js';
import { fieldPrefix } from '../../dist/host/contract/field-prefix.js';
import { compile } from '../../dist/host/contract/index.js';
import { parseInterface } from '../../dist/host/contract/interface.js';
import { parseLayout } from '../../dist/host/contract/layout.js';
import { addressOf, ContractCaller, wordOf } from '../support/contract-caller.js';
import { ReferenceContract } from '../support/reference-host.js';

const readme = await readFile(new URL('../../assembly/sdk/README.md', import.meta.url), 'utf8');

/** The code blocks of one language, in order. */
function blocks(language: string): string[] {
  return [...readme.matchAll(/```(\w*)\n(.*?)```/gs)]
    .filter((match) => match[1] === language)
    .map((match) => match[2] ?? '');
}

describe('the README of the SDK', () => {
  it('shows a coin that works', async () => {
    const { wasm } = await compile({ source: blocks('ts')[0] ?? '', name: 'coin' });
    const coin = new ContractCaller(wasm);
    coin.value('alice', 'mint', { to: addressOf('alice'), amount: 5 });
    expect(coin.value('alice', 'transfer', { to: addressOf('bob'), amount: 2 })).toBe(true);
    expect(coin.call('alice', 'transfer', { to: addressOf('bob'), amount: 4 }).message).toBe('insufficient balance');
    expect(coin.value('bob', 'balanceOf', { owner: addressOf('bob') })).toBe(2n);
  });

  it('shows a class that can be stored', async () => {
    const example = blocks('ts').find((block) => block.includes('class Auction')) ?? '';
    const methods = `
      export function open(title: string): void { const it = auction.get(); it.title = title; it.end = 9; auction.set(it); }
      export function title(): string { return auction.get().title; }
    `;
    const contract = new ContractCaller((await compile({ source: example + methods, name: 'auction' })).wasm);
    contract.value('alice', 'open', { title: 'A vase' });
    expect(contract.value('bob', 'title')).toBe('A vase');
  });

  it('shows a lock that a secret opens', async () => {
    const example = blocks('ts').find((block) => block.includes('verifyEd25519')) ?? '';
    const contract = new ContractCaller((await compile({ source: example, name: 'lock' })).wasm);
    const secret = Buffer.from('open');
    const lock = createHash('sha256').update(secret).digest();
    const to = addressOf('alice');
    expect(contract.call('alice', 'claim', { to, secret, lock }).status).toBe('ok');
    expect(contract.call('alice', 'claim', { to, secret: lock, lock }).message).toBe('wrong secret');
    const nothing = new Uint8Array(0);
    expect(contract.value('alice', 'isFrom', { key: nothing, message: nothing, signature: nothing })).toBe(false);
  });

  it('shows who may call', async () => {
    const source = blocks('ts').find((block) => block.includes('new Roles()')) ?? '';
    const contract = new ContractCaller((await compile({ source, name: 'roles' })).wasm);
    contract.value('alice', 'setUp');
    expect(contract.call('bob', 'appoint', { account: addressOf('bob') }).status).toBe('reverted');
    contract.value('alice', 'appoint', { account: addressOf('bob') });
    expect(['alice', 'bob'].map((name) => contract.call(name, 'mint').status)).toEqual(['reverted', 'ok']);
  });

  it('shows a call of another contract', async () => {
    const source = blocks('ts').find((block) => block.includes('./token.stub')) ?? '';
    const directory = fileURLToPath(new URL('../../assembly/contracts/', import.meta.url));
    const { interface: contract } = await compile({ source, name: 'payer', directory });
    expect(contract.methods.map(({ name, output }) => [name, output])).toEqual([['pay', 'bool']]);
  });

  it('shows a contract in WebAssembly text that works', () => {
    const module = binaryen.parseText(blocks('wat')[0] ?? '');
    const counter = new ReferenceContract(module.emitBinary());
    module.dispose();
    const add = (amount: bigint) =>
      counter.call({ sender: addressOf('alice'), method: 'add', input: encodeValue('u64', amount) });
    expect([add(5n), add(6n)].map((receipt) => wordOf(receipt.output, 0))).toEqual([5n, 11n]);
    expect(counter.call({ sender: addressOf('alice'), method: 'add', input: new Uint8Array(7) })).toMatchObject({
      status: 'invalid',
      message: 'bad in',
    });
  });

  it('shows interfaces and layouts that are as they should be', () => {
    const [, market, layout] = blocks('json');
    expect(parseInterface(market ?? '').structs).toHaveLength(1);
    const { fields } = parseLayout(layout ?? '');
    expect(fields.map(({ name }) => name)).toEqual(['balances', 'supply']);
    for (const { name, prefix } of fields) expect(BigInt(`0x${prefix}`)).toBe(fieldPrefix(name));
  });

  it('shows an interface and the encoding of a call of it', () => {
    const coin = parseInterface(blocks('json')[0] ?? '');
    const input = encodeInput(coin, 'transfer', { to: new Uint8Array(32).fill(0x11), amount: 258 });
    expect(blocks('').map((block) => block.replaceAll(/\s/g, ''))).toContain(Buffer.from(input).toString('hex'));
  });
});
