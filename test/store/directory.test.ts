import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Runtime } from '../../dist/host/index.js';
import { runScript, scriptPath } from '../support/child.js';
import { growChain, openChain, readBalance, sampleCalls } from '../support/sample-chain.js';

let root: string;
let directory: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'blockstm-directory-'));
  directory = join(root, 'chain');
});

afterEach(async () => {
  await chmod(root, 0o755);
  await rm(root, { recursive: true });
});

/** What a process of its own meets that opens the directory, as another user perhaps. */
async function openedElsewhere(at: string, uid?: number): Promise<unknown> {
  const options = uid === undefined ? {} : { uid, gid: uid };
  const { stdout, stderr } = await runScript('filling-writer.js', { directory: at, blocks: 0 }, options);
  expect(stderr).toBe('');
  const [first] = stdout.split('\n').map((line) => (line === '' ? undefined : JSON.parse(line)));
  return first;
}

async function execute(runtime: Runtime): Promise<void> {
  const { durable, height } = await runtime.execute({ transactions: sampleCalls(runtime, Number(runtime.height)) });
  expect((await durable).height).toBe(height);
}

test('one process at a time, and one runtime in it', async () => {
  await growChain(directory, 3);
  const link = join(root, 'link');
  await symlink(directory, link);
  const locked = { name: 'StoreError', code: 'ERR_STORE_LOCKED' };
  {
    await using first = await openChain(directory);
    const error: unknown = await openChain(directory).catch((refusal: unknown) => refusal);
    expect(inspect(error)).not.toMatch(/\0|\\0|\\x00/);
    for (const name of [directory, link]) {
      const message = expect.stringContaining(name);
      expect(await openedElsewhere(name)).toMatchObject({ what: 'open', error: { ...locked, message } });
      await expect(openChain(name)).rejects.toMatchObject({ ...locked, message });
      await execute(first);
    }
    expect(await first.replay()).toMatchObject({ difference: undefined });
  }
  expect(await openedElsewhere(link)).toEqual({ what: 'open', height: 7 });
});

test('a process that is killed leaves no lock', async () => {
  const argument = JSON.stringify({ directory, mode: 'awaited', seed: 1 });
  const child = spawn(process.execPath, [scriptPath('chain-writer.js'), argument], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) if (line === 'durable 3') break;
  await expect(openChain(directory)).rejects.toMatchObject({ code: 'ERR_STORE_LOCKED' });
  child.kill('SIGKILL');
  await once(child, 'exit');
  await using runtime = await openChain(directory);
  expect(runtime.height).toBeGreaterThanOrEqual(3n);
});

test.skipIf(process.platform === 'win32')('a directory, or its data, that must not be written', async () => {
  await growChain(directory, 3);
  const isRoot = process.getuid?.() === 0;
  // Root may write anywhere: nobody may not.
  const nobody = isRoot ? 65_534 : undefined;
  await chmod(root, 0o755);
  const refused = (at: string) => ({
    what: 'open',
    error: { name: 'StoreError', code: 'ERR_STORE_READ_ONLY', message: expect.stringContaining(at) },
  });
  const files = ['data.mdb', 'lock.mdb', 'closed'].map((name) => join(directory, name));
  const permit = async (ofDirectory: number, ...ofFiles: number[]): Promise<void> => {
    for (const [index, file] of files.entries()) await chmod(file, ofFiles[index] as number);
    await chmod(directory, ofDirectory);
  };
  await permit(0o555, 0o444, 0o444, 0o444);
  expect(await openedElsewhere(directory, nobody)).toEqual(refused(directory));
  // The files may be written, and none be made: the mark cannot be taken away.
  await permit(0o555, 0o666, 0o666, 0o666);
  expect(await openedElsewhere(directory, nobody)).toEqual(refused(directory));
  await permit(0o777, 0o444, 0o666, 0o666);
  expect(await openedElsewhere(directory, nobody)).toEqual(refused(directory));
  await permit(0o777, 0o666, 0o444, 0o666);
  expect(await openedElsewhere(directory, nobody)).toEqual(refused(directory));
  await permit(0o777, 0o666, 0o666, 0o000);
  expect(await openedElsewhere(directory, nobody)).toMatchObject({ error: { name: 'StoreError' } });
  // Nor can one be made.
  const parent = join(root, 'parent');
  await mkdir(parent, { mode: 0o555 });
  expect(await openedElsewhere(join(parent, 'new'), nobody)).toEqual(refused(join(parent, 'new')));
  // All of this has changed nothing.
  await permit(0o755, 0o644, 0o644, 0o644);
  await using runtime = await openChain(directory);
  expect(runtime.height).toBe(5n);
  await execute(runtime);
});

test('a path that cannot be a directory', async () => {
  const file = join(root, 'file');
  await writeFile(file, 'text');
  const hidden = process.platform === 'linux' ? ['/proc/blockstm'] : [];
  for (const path of [file, join(file, 'chain'), ...hidden]) {
    await expect(openChain(path)).rejects.toMatchObject({ name: 'StoreError', message: expect.stringContaining(path) });
  }
});

test.each(['removed', 'moved', 'replaced'] as const)('the directory is %s while it is open', async (how) => {
  const { height } = await growChain(directory, 3);
  const elsewhere = join(root, 'elsewhere');
  const other = join(root, 'other');
  if (how === 'replaced') await growChain(other, 1);
  {
    await using runtime = await openChain(directory);
    await execute(runtime);
    const hash = await runtime.stateHash();
    if (how === 'removed') await rm(directory, { recursive: true });
    else await rename(directory, elsewhere);
    if (how === 'replaced') await rename(other, directory);
    const gone = { name: 'StoreError', code: 'ERR_STORE_GONE', message: expect.stringContaining(directory) };
    const executed = await runtime.execute({ transactions: sampleCalls(runtime, 7) });
    await expect(executed.durable).rejects.toMatchObject(gone);
    expect(runtime.head?.height).toBe(height + 1n);
    await expect(runtime.execute({ transactions: [] })).rejects.toMatchObject(gone);
    await expect(runtime.stateHash()).rejects.toMatchObject(gone);
    // What it has mapped it still reads.
    expect((await readBalance(runtime)).status).toBe('ok');
    expect((await runtime.block(height + 1n))?.receipts).toHaveLength(20);
    expect(hash).toHaveLength(64);
  }
  if (how === 'removed') {
    // A new one.
    await using runtime = await openChain(directory);
    expect(runtime.head).toBeUndefined();
  } else {
    await using runtime = await openChain(elsewhere);
    expect(runtime.height).toBeGreaterThanOrEqual(height + 1n);
    expect(await runtime.replay()).toMatchObject({ difference: undefined });
  }
  if (how === 'replaced') {
    await using runtime = await openChain(directory);
    expect(runtime.height).toBe(3n);
    expect(await runtime.replay()).toMatchObject({ difference: undefined });
  }
});
