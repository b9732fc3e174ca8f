import { copyFile, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const tokenWasm = fileURLToPath(new URL('../../dist/contracts/token.wasm', import.meta.url));

const counterSource = `import { Value } from 'blockstm/assembly';
const count = new Value<u64>('count');
export function add(amount: u64): u64 {
  const next = count.get() + amount;
  count.set(next);
  return next;
}
`;

export const genesis = {
  schema: 'blockstm.genesis/1',
  context: { chainId: '7', timestamp: 12 },
  contracts: [
    { name: 'coin', wasm: 'contracts/token.wasm' },
    { name: 'counter', source: 'counter.ts', address: `0x${'00'.repeat(31)}07` },
  ],
  calls: [{ sender: 'alice', contract: 'coin', method: 'mint', args: { to: 'alice', amount: '100' } }],
};

export function pay(sender: string, to: string, amount: unknown): object {
  return { sender, contract: 'coin', method: 'transfer', args: { to, amount } };
}

/** A success, a want of funds, reads of both, and every kind of call that cannot be made. */
export const calls = [
  pay('alice', 'bob', 30),
  pay('bob', 'carol', '40'),
  { sender: 'alice', contract: 'coin', method: 'balanceOf', args: { owner: 'alice' } },
  { sender: 'bob', contract: `0x${'00'.repeat(19)}07`, method: 'add', args: { amount: 5 } },
  { sender: 'bob', contract: 'nobody', method: 'transfer', args: { to: 'alice' } },
  { sender: 'bob', contract: 'coin', method: 'melt' },
  { sender: 'bob', contract: 'coin', method: 'transfer', input: '0x00' },
];

/** Without what has to be compiled. */
export const coinOnly = { ...genesis, contracts: genesis.contracts.slice(0, 1) };

export function jsonLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

/** A directory with what `blockstm run` is given: genesis.json, which has a source; coin.json, which has none; block.jsonl. Whoever made it removes it. */
export async function runDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'blockstm-run-'));
  await mkdir(join(directory, 'contracts'));
  await copyFile(tokenWasm, join(directory, 'contracts', 'token.wasm'));
  await writeFile(join(directory, 'counter.ts'), counterSource);
  await writeFile(join(directory, 'genesis.json'), JSON.stringify(genesis));
  await writeFile(join(directory, 'coin.json'), JSON.stringify(coinOnly));
  await writeFile(join(directory, 'block.jsonl'), jsonLines(calls));
  return directory;
}
