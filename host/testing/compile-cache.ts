// Compiled contracts, kept from one run of the tests to the next. A contract is compiled again when anything has changed that the compiler looked at: a file
// that it read, one that it did not find, the package, the compiler.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CompiledContract, type ContractSource, compile } from '../contract/index.js';

/** What the compiler looked for, and the SHA-256 of what it found; null for nothing. */
type Inputs = readonly (readonly [file: string, hash: string | null])[];

interface Entry {
  /** Of the packages that compiled it. */
  readonly compiler: string;
  readonly inputs: Inputs;
  readonly contract: Omit<CompiledContract, 'wasm'>;
  /** Base64. */
  readonly wasm: string;
}

/** Modules whose change changes what is compiled. From dist/host/testing, where this file is built to. */
const compilerDirectory = fileURLToPath(new URL('../contract/', import.meta.url));

const entries = new Map<string, Entry>();
/** What is being compiled at the moment. */
const compiling = new Map<string, Promise<CompiledContract>>();
let compilerVersion: Promise<string> | undefined;

/**
 * `compile` of a contract, or what it gave before: in this process, and of a file in an earlier one. With the names of functions and a source map, which change nothing that is executed.
 * @throws what `compile` throws.
 */
export async function compileCached(contract: string | ContractSource): Promise<CompiledContract> {
  const key = sha256(JSON.stringify(typeof contract === 'string' ? resolve(contract) : [contract, process.cwd()]));
  // Whoever asks meanwhile is given the same, not one more.
  const running = compiling.get(key) ?? lookUp(contract, key).finally(() => compiling.delete(key));
  compiling.set(key, running);
  return running;
}

async function lookUp(source: string | ContractSource, key: string): Promise<CompiledContract> {
  compilerVersion ??= versionOfCompiler();
  const compiler = await compilerVersion;
  const place = typeof source === 'string' ? placeOf(resolve(source), key) : undefined;
  const known = entries.get(key) ?? (place === undefined ? undefined : await readEntry(place));
  if (known?.compiler === compiler && (await areUnchanged(known.inputs))) {
    entries.set(key, known);
    return { ...known.contract, wasm: new Uint8Array(Buffer.from(known.wasm, 'base64')) };
  }
  const inputs = new Map<string, string | null>();
  const onRead = (read: string, contents: string | Uint8Array | null) =>
    inputs.set(read, contents === null ? null : sha256(contents));
  const { wasm, ...contract } = await compile(source, { debug: true, onRead });
  const entry: Entry = {
    compiler,
    inputs: [...inputs],
    contract,
    wasm: Buffer.from(wasm).toString('base64'),
  };
  entries.set(key, entry);
  if (place !== undefined) await writeEntry(place, entry);
  return { ...contract, wasm };
}

async function areUnchanged(inputs: Inputs): Promise<boolean> {
  const same = await Promise.all(
    inputs.map(async ([file, hash]) => {
      const contents = await readFile(file).catch(() => null);
      return (contents === null ? null : sha256(contents)) === hash;
    }),
  );
  return same.every(Boolean);
}

/** Where tools keep what can be made again: the next node_modules, upwards. Undefined where there is none. */
function placeOf(file: string, key: string): string | undefined {
  for (let at = dirname(file); ; at = dirname(at)) {
    const modules = join(at, 'node_modules');
    if (existsSync(modules))
      return join(modules, '.cache/blockstm', `${basename(file, '.ts')}-${key.slice(0, 16)}.json`);
    if (dirname(at) === at) return undefined;
  }
}

/** Undefined where there is none, or half of one. */
async function readEntry(place: string): Promise<Entry | undefined> {
  try {
    return JSON.parse(await readFile(place, 'utf8')) as Entry;
  } catch {
    return undefined;
  }
}

/** Tests that run side by side may write it at once: each gets whole what it reads. Where nothing can be written, it is compiled again next time. */
async function writeEntry(place: string, entry: Entry): Promise<void> {
  const unfinished = `${place}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await mkdir(dirname(place), { recursive: true })
    .then(() => writeFile(unfinished, JSON.stringify(entry)))
    .then(() => rename(unfinished, place))
    .catch(() => {});
}

async function versionOfCompiler(): Promise<string> {
  const hash = createHash('sha256').update(process.version);
  for (const name of (await readdir(compilerDirectory)).filter((each) => each.endsWith('.js')).sort()) {
    hash.update(await readFile(join(compilerDirectory, name)));
  }
  const require = createRequire(import.meta.url);
  for (const name of ['../../../package.json', 'assemblyscript/package.json']) {
    const manifest = await Promise.resolve()
      .then(() => readFile(require.resolve(name), 'utf8'))
      .catch(() => '');
    hash.update(manifest);
  }
  return hash.digest('hex');
}

function sha256(contents: string | Uint8Array): string {
  return createHash('sha256').update(contents).digest('hex');
}
