import { readFile } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import type { SourceEdit } from '../../dist/host/explore/kernel-source.js';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = 'assembly/kernel';

/** Compile some files of the kernel by themselves, all that they export exported, over a fresh memory of `pages` pages. */
export async function kernelParts<Exports>(
  files: readonly string[],
  pages: number,
): Promise<{ readonly exports: Exports; readonly memory: WebAssembly.Memory }> {
  const module = await compileKernelFiles(files, (_file, text) => text);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const instance = await WebAssembly.instantiate(module, {
    env: { memory, base: () => -1, call: () => -1, clock: () => 0 },
  });
  return { exports: instance.exports as Exports, memory };
}

/**
 * The kernel from the same source, with a call of the imported function `env.probe` before every atomic access: where another
 * worker could come in between. It is told which place in the source that is, by a number from 1 on. `edit`: what is compiled in place of a file.
 */
export async function compileProbedKernel(edit: SourceEdit = (_file, text) => text): Promise<WebAssembly.Module> {
  let places = 0;
  return compileKernelFiles(['abi'], (file, source) => {
    const text = edit(file, source);
    const access = /\batomic\.(load|store|cmpxchg|add|sub|or)<(\w+)>\(/g;
    const probed = text.replaceAll(access, (_all, name, type) => `probed.${name}<${type}>(${++places}, `);
    return probed === text ? text : `import * as probed from "./probed";\n${probed}`;
  });
}

const PROBED = `
@external("env", "probe") declare function probe(place: u32): void;
export function load<T>(place: u32, at: usize, offset: usize = 0): T {
  probe(place);
  return atomic.load<T>(at + offset);
}
export function store<T>(place: u32, at: usize, value: T, offset: usize = 0): void {
  probe(place);
  atomic.store<T>(at + offset, value);
}
export function cmpxchg<T>(place: u32, at: usize, expected: T, value: T, offset: usize = 0): T {
  probe(place);
  return atomic.cmpxchg<T>(at + offset, expected, value);
}
export function add<T>(place: u32, at: usize, value: T, offset: usize = 0): T {
  probe(place);
  return atomic.add<T>(at + offset, value);
}
export function sub<T>(place: u32, at: usize, value: T, offset: usize = 0): T {
  probe(place);
  return atomic.sub<T>(at + offset, value);
}
export function or<T>(place: u32, at: usize, value: T, offset: usize = 0): T {
  probe(place);
  return atomic.or<T>(at + offset, value);
}
`;

async function compileKernelFiles(files: readonly string[], rewrite: SourceEdit): Promise<WebAssembly.Module> {
  let binary: Uint8Array | undefined;
  const paths = files.map((file) => `${FOLDER}/${file}.ts`);
  const options = [
    '--baseDir',
    REPOSITORY,
    '--config',
    'asconfig.json',
    '--target',
    'kernel',
    '--outFile',
    'parts.wasm',
  ];
  const { error, stderr } = await asc.main([...paths, ...options], {
    readFile: async (name, baseDir) => {
      if (name.endsWith('kernel/probed.ts')) return PROBED;
      const path = isAbsolute(name) ? name : join(baseDir, name);
      const text = await readFile(path, 'utf8').catch(() => null);
      return text !== null && path.includes(FOLDER) ? rewrite(basename(path, '.ts'), text) : text;
    },
    writeFile: (_name, contents) => {
      if (contents instanceof Uint8Array) binary = contents;
    },
  });
  if (binary === undefined) throw new Error(`${error}\n${stderr.toString()}`);
  return WebAssembly.compile(binary as Uint8Array<ArrayBuffer>);
}
