import { copyFile, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { compile } from '../../dist/host/contract/index.js';
import { locationText } from '../../dist/host/index.js';
import { textToWasm } from '../support/wasm-text.js';
import { blockstm } from './command.js';

// What a terminal obeys: colours, a line of its own, writing from the right.
const EVIL = 'evil \u001b[31m\nverified     yes\u202e';
const FORBIDDEN = /[^\P{C}\n]|\nverified {5}yes/u;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blockstm-terminal-'));
  const { wasm } = await compile({
    name: 'evil',
    source: 'import { revert } from "blockstm/assembly";\nexport function fail(text: string): void { revert(text); }',
  });
  await writeFile(join(folder, 'evil.wasm'), wasm);
  await writeFile(
    join(folder, 'refused.wasm'),
    textToWasm(`(module (func (export ${JSON.stringify('x\\0a\\1b[31m')}) (drop (f32.const 1))))`),
  );
  const address = `0x${'11'.repeat(32)}`;
  const genesis = (wasm: string) =>
    JSON.stringify({ schema: 'blockstm.genesis/1', contracts: [{ name: 'evil', address, wasm }] });
  await writeFile(join(folder, 'genesis.json'), genesis('evil.wasm'));
  await writeFile(join(folder, 'refused.json'), genesis('refused.wasm'));
  const call = { contract: 'evil', method: 'fail', sender: `0x${'22'.repeat(32)}`, args: { text: EVIL } };
  await writeFile(join(folder, 'block.jsonl'), `${JSON.stringify(call)}\n`);
});

test('what a contract says cannot pass for what the command says', async () => {
  const run = await blockstm(folder, 'run', 'block.jsonl', '--genesis', 'genesis.json');
  expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: '' });
  expect(run.stdout).toContain('\\u001b[31m\\u000averified');
  expect(run.stdout).not.toMatch(FORBIDDEN);
});

test('nor can a name in a module that is refused', async () => {
  const refused = await blockstm(folder, 'run', 'block.jsonl', '--genesis', 'refused.json');
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('ERR_CHECK');
  expect(refused.stderr).not.toMatch(FORBIDDEN);
  const checked = await blockstm(folder, 'check', 'refused.wasm');
  expect(checked.stdout).not.toMatch(FORBIDDEN);
});

test('nor what a contract of a chain is called, has, gives back or announces', async () => {
  // Its own names are in its interface; what it says is in receipts that are kept.
  const source = 'export function fail(text: string): string { return text; }';
  const { wasm } = await compile({ name: 'x', source }, { name: 'x\u001b[31m' });
  await writeFile(join(folder, 'named.wasm'), wasm);
  const address = `0x${'33'.repeat(32)}`;
  const commands = [
    ['deploy', 'named.wasm', '--address', address],
    ['call', address, 'fail', `text=${EVIL}`, '--sender', 'a'],
    ['view', address, 'fail', `text=${EVIL}`],
    ['log', '--receipts'],
  ];
  for (const args of commands) {
    const { code, stdout, stderr } = await blockstm(folder, ...args, '--state', 'chain');
    expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
    expect(stdout).not.toMatch(FORBIDDEN);
  }
});

test('nor can names of accounts, contracts and methods in a block that is explained', async () => {
  const name = `x]. ok\nWhat would have avoided it:\n nothing ${EVIL}`;
  const wasm = fileURLToPath(new URL('../../dist/contracts/token.wasm', import.meta.url));
  const contracts = [{ name: EVIL, wasm: 'token.wasm' }];
  const mint = { sender: 'bob', contract: EVIL, method: 'mint', args: { to: 'bob', amount: 9 } };
  const pay = (to: string) => ({ sender: 'bob', contract: EVIL, method: 'transfer', args: { to, amount: 1 } });
  const unknown = { sender: 'bob', contract: EVIL, method: EVIL, input: '0x' };
  await copyFile(wasm, join(folder, 'token.wasm'));
  await writeFile(
    join(folder, 'named.json'),
    JSON.stringify({ schema: 'blockstm.genesis/1', contracts, calls: [mint] }),
  );
  const block = [pay(name), pay('size'), unknown].map((call) => JSON.stringify(call));
  await writeFile(join(folder, 'named.jsonl'), block.join('\n'));
  const args = ['named.jsonl', '--genesis', 'named.json', '--executor', 'sequential'];
  const explained = await blockstm(folder, 'explain', ...args, '--call', '0', '1', '2');
  expect({ code: explained.code, stderr: explained.stderr }).toEqual({ code: 0, stderr: '' });
  expect(explained.stdout).not.toMatch(FORBIDDEN);
  expect(explained.stdout).not.toMatch(/^What would/m);
  const token = 'evil \\u001b[31m\\nverified     yes\\u202e';
  const key = `x]. ok\\nWhat would have avoided it:\\n nothing ${token}`;
  expect(explained.stdout).toContain(`It writes ${token}.balances[bob] and ${token}.balances[${key}].`);
  expect(explained.stdout).toContain(`It writes ${token}.balances[bob] and ${token}.balances[account:size].`);
  expect(explained.stdout).toContain(`Call 2 (${token}.${token}) ended invalid`);
  const ran = await blockstm(folder, 'run', ...args, '--stats', '--graph', 'named.dot');
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' });
  expect(ran.stdout).not.toMatch(FORBIDDEN);
  expect(await readFile(join(folder, 'named.dot'), 'utf8')).not.toMatch(FORBIDDEN);
});

test('nor can what a contract calls its fields', () => {
  const text = locationText({ contract: 'coin', address: '0x', field: 'count.\nIt ended', key: null });
  expect(text).toBe('coin.count.\\u000aIt ended');
});
