import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type ChildResult, runChild, runScript, scriptPath } from '../support/child.js';
import { withDirectory } from '../support/directories.js';
import { openChain } from '../support/sample-chain.js';
import { canMount, withSmallDisk, withSmallDisks } from '../support/tmpfs.js';

/** What the writer says last of a directory. */
const END = '{"what":"end"}\n';

interface Told {
  readonly what: string;
  readonly error?: { readonly name: string; readonly code: string; readonly message: string };
  readonly [name: string]: unknown;
}

function told({ code, signal, stdout, stderr }: ChildResult): Map<string, Told> {
  // LMDB has a word of its own to say, by itself.
  const words = stderr.replaceAll(/Write error: .* position \d+, size \d+|mdb_page_spill .*error \d+/g, '').trim();
  expect({ code, signal, words }).toEqual({ code: 0, signal: null, words: '' });
  const lines = stdout.split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => JSON.parse(line) as Told).map((each) => [each.what, each]));
}

/** What a writer finds whose disk is full: what was durable stays readable, and everything else says why. Returns the last durable height. */
function checkFull(result: ChildResult, directory: string): number {
  const lines = told(result);
  const full = { name: 'StoreError', code: 'ERR_STORE_FULL', message: expect.stringContaining(directory) };
  expect(lines.get('write')?.error).toMatchObject(full);
  const { durable, head, pending } = lines.get('durable') as Told;
  expect(head).toBe(durable);
  expect(pending).toBe(0);
  expect(durable).toBeGreaterThan(3);
  expect(lines.get('write again')?.error).toMatchObject(full);
  expect(lines.get('deploy')?.error).toBeDefined();
  expect(lines.get('state hash')?.error).toMatchObject(full);
  expect(lines.get('read')).toMatchObject({ receipts: 200 });
  expect(lines.get('view')).toMatchObject({ status: 'ok', balance: 1 });
  expect(lines.get('close')).toEqual({ what: 'close' });
  return durable as number;
}

/** With room again: the last durable block is the head, and the chain goes on. */
async function goesOn(directory: string, durable: number): Promise<void> {
  await using runtime = await openChain(directory);
  expect(runtime.head?.height).toBe(BigInt(durable));
  const { durable: next } = await runtime.execute({ transactions: [] });
  expect((await next).height).toBe(BigInt(durable + 1));
  expect(await runtime.replay()).toEqual({ blocks: durable + 1, difference: undefined });
}

test.skipIf(process.platform === 'win32')('files must not be larger than some size', async () => {
  await withDirectory(async (directory) => {
    // Blocks of 512 bytes. Node ignores the signal, and has the error.
    const limited = (blocks: number) => {
      const script = `ulimit -f ${blocks}; exec "$0" "$@"`;
      const argument = JSON.stringify({ directory, blocks: 1000 });
      return runChild('sh', ['-c', script, process.execPath, scriptPath('filling-writer.js'), argument]);
    };
    const first = checkFull(await limited(1000), directory);
    // Again and again, with a little more room each time.
    const second = checkFull(await limited(1300), directory);
    expect(second).toBeGreaterThanOrEqual(first);
    await goesOn(directory, second);
  });
});

test.skipIf(!canMount())('the disk is full', async () => {
  await withSmallDisk(1200, async (disk) => {
    const directory = join(disk, 'chain');
    const result = await runScript('filling-writer.js', { directory, blocks: 1000 });
    const durable = checkFull(result, directory);
    // Not even the lock file fits.
    await rm(join(directory, 'lock.mdb'));
    const file = join(disk, 'something');
    await writeFile(file, '');
    await expect(writeFile(file, new Uint8Array(2 << 20))).rejects.toMatchObject({ code: 'ENOSPC' });
    const refused = told(await runScript('filling-writer.js', { directory, blocks: 1 }));
    expect(refused.get('open')?.error).toMatchObject({
      name: 'StoreError',
      code: 'ERR_STORE_FULL',
      message: expect.stringContaining(directory),
    });
    // Nor a new chain.
    const other = told(await runScript('filling-writer.js', { directory: join(disk, 'other'), blocks: 1 }));
    expect(other.get('open')?.error).toMatchObject({ name: 'StoreError', code: 'ERR_STORE_FULL' });
    await rm(file);
    await rm(join(disk, 'other'), { recursive: true, force: true });
    const roomy = join(disk, '..', `${durable}-${process.pid}`);
    try {
      // It has too little room to go on: elsewhere it has.
      await runChild('cp', ['-r', directory, roomy]);
      await goesOn(roomy, durable);
    } finally {
      await rm(roomy, { recursive: true, force: true });
    }
  });
});

test.skipIf(!canMount())('a disk that is almost full, to the page', async () => {
  // Where in a new chain the room ends: before its first page, within its tables, in its first blocks.
  const sizes = [16, 68, 72, 76, 80, 84, 88, 96, 112, 128, 160];
  await withSmallDisks(sizes, async (disks) => {
    const [directory, ...further] = disks.map((disk) => join(disk, 'chain'));
    // One process for all: it is not the worse for a disk that was full.
    const result = await runScript('filling-writer.js', { directory, blocks: 1000, further });
    const each = result.stdout.split(END);
    expect(each.pop()).toBe('');
    expect(each).toHaveLength(sizes.length);
    for (const [index, stdout] of each.entries()) {
      const failed = [...told({ ...result, stdout }).values()].find(({ error }) => error !== undefined);
      expect(failed?.error, `${sizes[index]} KiB`).toMatchObject({
        name: 'StoreError',
        code: 'ERR_STORE_FULL',
        message: expect.stringContaining(disks[index] as string),
      });
    }
  });
});

test.skipIf(!canMount())('a snapshot that does not fit', async () => {
  await withDirectory(async (directory) => {
    told(await runScript('filling-writer.js', { directory, blocks: 8 }));
    await using runtime = await openChain(directory);
    await withSmallDisk(16, async (disk) => {
      const file = join(disk, 'snapshot');
      await expect(runtime.snapshot(file)).rejects.toMatchObject({
        name: 'StoreError',
        code: 'ERR_STORE_FULL',
        message: expect.stringContaining(file),
      });
      expect(await readdir(disk)).toEqual([]);
    });
    expect((await runtime.snapshot(join(directory, 'snapshot')))?.height).toBe(runtime.height);
  });
});
