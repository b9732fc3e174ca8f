import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compileCached } from '../../dist/host/testing/compile-cache.js';
import { withDirectory } from '../support/directories.js';

const cacheModule = new URL('../../dist/host/testing/compile-cache.js', import.meta.url).href;
let processes = 0;

/** One that remembers nothing. */
async function inAnotherProcess(file: string): ReturnType<typeof compileCached> {
  // Only this file is evaluated again.
  const again: typeof import('../../dist/host/testing/compile-cache.js') = await import(
    `${cacheModule}?${processes++}`
  );
  expect(again.compileCached).not.toBe(compileCached);
  return again.compileCached(file);
}

const SOURCE = `import { step } from "./step";
export function next(value: u64): u64 { return value + step; }`;

test('a contract is compiled once, and again when a file changes that it is made of', () =>
  withDirectory(async (directory) => {
    await mkdir(join(directory, 'node_modules'));
    const file = join(directory, 'next.ts');
    await writeFile(file, SOURCE);
    await writeFile(join(directory, 'step.ts'), 'export const step: u64 = 1;');
    const first = await compileCached(file);
    expect(first.interface.methods.map(({ name }) => name)).toEqual(['next']);
    // Another process finds it there.
    const cache = join(directory, 'node_modules/.cache/blockstm');
    const [kept, ...others] = await readdir(cache);
    expect(others).toEqual([]);
    const entry = JSON.parse(await readFile(join(cache, kept as string), 'utf8'));
    expect(entry.inputs.map(([path]: [string]) => path)).toEqual(
      expect.arrayContaining([file, join(directory, 'step.ts')]),
    );
    // What is kept is what is given.
    const marked = { ...entry, contract: { ...entry.contract, interface: { ...first.interface, name: 'kept' } } };
    await writeFile(join(cache, kept as string), JSON.stringify(marked));
    expect((await inAnotherProcess(file)).interface.name).toBe('kept');
    await writeFile(join(cache, kept as string), JSON.stringify({ ...marked, compiler: 'another' }));
    expect(await inAnotherProcess(file)).toEqual(first);

    await writeFile(join(directory, 'step.ts'), 'export const step: u64 = 2;');
    const second = await compileCached(file);
    expect(second.wasm).not.toEqual(first.wasm);
    expect(await readdir(cache)).toEqual([kept]);

    // A file that was looked for and not found counts too.
    await rm(join(directory, 'step.ts'));
    await expect(compileCached(file)).rejects.toThrow('next.ts');
    await mkdir(join(directory, 'step'));
    await writeFile(join(directory, 'step/index.ts'), 'export const step: u64 = 3;');
    const third = await compileCached(file);
    await writeFile(join(directory, 'step.ts'), 'export const step: u64 = 1;');
    expect((await compileCached(file)).wasm).toEqual(first.wasm);
    expect(third.wasm).not.toEqual(first.wasm);
  }));

test('what was damaged is made again, and whoever asks at once is given one', () =>
  withDirectory(async (directory) => {
    await mkdir(join(directory, 'node_modules/.cache/blockstm'), { recursive: true });
    const file = join(directory, 'one.ts');
    await writeFile(file, 'export function one(): u64 { return 1; }');
    const [left, right] = await Promise.all([compileCached(file), compileCached(file)]);
    expect(left).toBe(right);
    const cache = join(directory, 'node_modules/.cache/blockstm');
    const [kept] = await readdir(cache);
    await writeFile(join(cache, kept as string), '{"compiler"');
    expect((await inAnotherProcess(file)).wasm).toEqual(left.wasm);
  }));

test('a contract that calls another is compiled again when the other changes', () =>
  withDirectory(async (directory) => {
    await mkdir(join(directory, 'node_modules'));
    const file = join(directory, 'caller.ts');
    const source = 'import { One } from "./one.stub";\nimport { Address } from "blockstm/assembly";\n';
    await writeFile(file, `${source}export function ask(at: Address): u64 { return new One(at).one(); }`);
    await writeFile(join(directory, 'one.ts'), 'export function one(): u64 { return 1; }');
    const first = await compileCached(file);
    await writeFile(join(directory, 'one.ts'), 'export function one(): u32 { return 1; }');
    await expect(compileCached(file).then(({ wasm }) => wasm)).resolves.not.toEqual(first.wasm);
  }));
