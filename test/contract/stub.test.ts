// Stubs: what `import { Token } from "./token.stub"` finds.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CompileError, compile } from '../../dist/host/contract/index.js';
import type { ContractInterface } from '../../dist/host/contract/interface.js';
import { writeStub } from '../../dist/host/contract/stub.js';

const vault = `
import { Address, Value } from "blockstm/assembly";
import { Order } from "./shared/order";
const total = new Value<u64>();
@init export function setUp(): void {}
@migrate export function change(): void {}
/** Keeps orders. */
export function keep(orders: Order[], note: string | null): u64 { total.set(orders.length); return total.get(); }
@view export function held(): Order | null { return null; }
export function clear(owner: Address): void {}
`;
const order = 'import { u128 } from "blockstm/assembly";\nexport class Order { constructor(readonly amount: u128) {} }';
const buyer = `
import { Address, u128 } from "blockstm/assembly";
import { Order, Vault } from "./vault.stub";
export function buy(vault: Address): u64 {
  const it = new Vault(vault);
  it.clear(vault);
  const held = it.tryHeld();
  if (held.ok && held.value !== null) return held.value!.amount.toU64();
  return it.keep([new Order(u128.from(1))], null);
}
`;

/** Compiles `buyer.ts` in a folder that has these files. */
async function compiled(files: Readonly<Record<string, string | Uint8Array>>) {
  const folder = await mkdtemp(join(tmpdir(), 'blockstm-'));
  try {
    for (const [file, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), content);
    }
    return await compile(join(folder, 'buyer.ts'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function errorOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<CompileError> {
  const outcome = await compiled(files).catch((error: unknown) => error);
  if (!(outcome instanceof CompileError)) throw new Error('it compiled', { cause: outcome });
  return outcome;
}

describe('a stub', () => {
  it('has a method for each call and view, and one that tells how it ended', async () => {
    const built = await compiled({ 'buyer.ts': vault, 'shared/order.ts': order });
    const contract = { ...built.interface, name: 'vault' };
    expect(writeStub(contract)).toMatchInlineSnapshot(`
      "import * as $sdk from "blockstm/assembly";
      import * as $call from "blockstm/assembly/call";
      export class Order {
        constructor(public amount: $sdk.u128) {}
      }
      export class Vault {
        constructor(readonly address: $sdk.Address) {}
        keep($0: Array<Order>, $1: string | null): u64 {
          $call.stageTarget(this.address);
          $abi.push(0x7065656b);
          return $call.call<u64>(4, 0 + $codec.encode<Array<Order>>($0) + $codec.encode<string | null>($1));
        }
        @view
        held(): Order | null {
          $call.stageTarget(this.address);
          $abi.push(0x646c6568);
          return $call.call<Order | null>(4, 0);
        }
        clear($0: $sdk.Address): void {
          $call.stageTarget(this.address);
          $abi.push(0x7261656c63);
          $call.callVoid(5, 0 + $codec.encode<$sdk.Address>($0));
        }
        tryKeep($0: Array<Order>, $1: string | null): $call.CallResult<u64> {
          $call.stageTarget(this.address);
          $abi.push(0x7065656b);
          return $call.tryCall<u64>(4, 0 + $codec.encode<Array<Order>>($0) + $codec.encode<string | null>($1));
        }
        @view
        tryHeld(): $call.CallResult<Order | null> {
          $call.stageTarget(this.address);
          $abi.push(0x646c6568);
          return $call.tryCall<Order | null>(4, 0);
        }
        tryClear($0: $sdk.Address): $call.CallOutcome {
          $call.stageTarget(this.address);
          $abi.push(0x7261656c63);
          return $call.tryCallVoid(5, 0 + $codec.encode<$sdk.Address>($0));
        }
      }
      "
    `);
  });

  it('is the same from the source, the module and the interface', async () => {
    const fromSource = await compiled({ 'buyer.ts': buyer, 'vault.ts': vault, 'shared/order.ts': order });
    const built = await compiled({ 'buyer.ts': vault, 'shared/order.ts': order });
    const contract: ContractInterface = { ...built.interface, name: 'vault' };
    const fromInterface = await compiled({ 'buyer.ts': buyer, 'vault.interface.json': JSON.stringify(contract) });
    expect(Buffer.from(fromInterface.wasm).equals(fromSource.wasm)).toBe(true);
    const named = buyer.replace('Vault }', 'Buyer as Vault }');
    const fromModule = await compiled({ 'buyer.ts': named, 'vault.wasm': built.wasm });
    expect(fromModule.interface).toEqual(fromSource.interface);
  });

  it('can be of contracts that call one another', async () => {
    const other = (name: string, stub: string, type: string) => `
      import { Address } from "blockstm/assembly";
      import { ${type} } from "./${stub}.stub";
      export function ${name}(to: Address): u64 { return new ${type}(to).${stub}(to); }
    `;
    const { wasm } = await compiled({
      'buyer.ts': other('buyer', 'seller', 'Seller'),
      'seller.ts': other('seller', 'buyer', 'Buyer'),
    });
    expect(WebAssembly.validate(Uint8Array.from(wasm))).toBe(true);
  });

  it('leaves out what AssemblyScript cannot name', () => {
    const method = { inputs: [], output: null };
    const stub = writeStub({
      schema: 'blockstm.interface/1',
      name: '2-coins',
      methods: ['a b', 'delete', 'go', 'tryGo', 'constructor'].map((name) => ({ name, ...method })),
      structs: [{ name: 'Odd', fields: ['a b', 'class', 'x'].map((name) => ({ name, type: 'u8' })) }],
    });
    expect(stub.match(/^ {2}\w+\(/gm)).toEqual([
      '  constructor(',
      '  constructor(',
      '  go(',
      '  tryGo(',
      '  tryTryGo(',
    ]);
    expect(stub).toContain('export class Contract2Coins {');
    expect(stub).toContain('public field0: u8, public field1: u8, public x: u8');
  });
});

describe('a compile error through a stub', () => {
  it('is at its place in the other contract', async () => {
    const wrong = await errorOf({ 'buyer.ts': buyer, 'vault.ts': 'export function go(x: f64): void {}' });
    expect(wrong).toMatchObject({ file: 'vault.ts', line: 1, column: 23 });
    const syntax = await errorOf({ 'buyer.ts': buyer, 'vault.ts': 'export function go(: u64): void {}' });
    expect(syntax).toMatchObject({ file: 'vault.ts', line: 1, column: 19 });
    expect(syntax.message).toContain('  1 | export function go(: u64): void {}\n    |                   ^');
  });

  it('names a document that is none, and a stub of nothing', async () => {
    expect((await errorOf({ 'buyer.ts': buyer, 'vault.interface.json': '{' })).message).toContain('vault: ');
    expect((await errorOf({ 'buyer.ts': buyer, 'vault.wasm': 'no module' })).message).toContain('vault: ');
    const missing = await errorOf({ 'buyer.ts': buyer });
    expect(missing).toMatchObject({ file: 'buyer.ts', line: 3 });
    expect(missing.message).toContain(
      'there is no contract to call as "vault": looked for vault.ts, vault.wasm and vault.interface.json',
    );
    const within = await errorOf({ 'buyer.ts': buyer.replace('./vault.stub', './shared/vault.stub') });
    expect(within.message).toContain('looked for shared/vault.ts, shared/vault.wasm and shared/vault.interface.json');
  });

  it('is at the argument of a wrong type', async () => {
    const error = await errorOf({
      'buyer.ts': buyer.replace('it.clear(vault)', 'it.clear(1)'),
      'vault.ts': vault,
      'shared/order.ts': order,
    });
    expect(error).toMatchObject({ file: 'buyer.ts', line: 6, column: 12 });
  });

  it.each([
    ['new Vault(vault).clear(vault)', 'clear'],
    ['const it = new Vault(vault); it.tryKeep([], null)', 'tryKeep'],
    ['at(vault).clear(vault)', 'clear'],
  ])('is at a call in a view of what is no view: %s', async (body, method) => {
    const source = `import { Address } from "blockstm/assembly";
import { Vault } from "./vault.stub";
function at(vault: Address): Vault { return new Vault(vault); }
@view export function look(vault: Address): bool { const held = at(vault).tryHeld(); ${body}; return held.ok; }`;
    const error = await errorOf({ 'buyer.ts': source, 'vault.ts': vault, 'shared/order.ts': order });
    expect(error).toMatchObject({ file: 'buyer.ts', line: 4 });
    expect(error.problems).toHaveLength(1);
    expect(error.message).toContain(`the view "look" calls "${method}" of another contract, which is no view there`);
  });
});
