import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { decode } from '../../dist/host/wasm/decode.js';
import { encode } from '../../dist/host/wasm/encode.js';
import { FUNCTION, functionTypes } from '../../dist/host/wasm/module.js';
import { Random } from './random.js';

const run = promisify(execFile);
const WASM_OPT = join(dirname(createRequire(import.meta.url).resolve('binaryen')), 'bin', 'wasm-opt');
/** What V8 makes of a NaN's bits is its own affair: `--denan` takes them out. */
const OPTIONS = '--mvp-features --enable-bulk-memory-opt --enable-sign-ext --enable-mutable-globals --denan'.split(' ');

/** A module that somebody else's generator made, with the names of those of its functions that can be methods. */
export interface FuzzedModule {
  readonly wasm: Uint8Array<ArrayBuffer>;
  readonly methods: readonly string[];
}

/**
 * The module that binaryen makes of random bytes, with its functions of type `() -> ()` as methods and no start function.
 * It has floats, which `check` refuses and the rewrite does not mind, and ends by itself.
 */
export async function fuzzedModule(seed: number): Promise<FuzzedModule> {
  const random = new Random(seed);
  const folder = await mkdtemp(join(tmpdir(), 'blockstm-fuzz-'));
  try {
    const [input, output] = [join(folder, 'random'), join(folder, 'fuzzed.wasm')];
    await writeFile(
      input,
      Uint8Array.from({ length: 1000 + random.below(12_000) }, () => random.below(256)),
    );
    await run(process.execPath, [WASM_OPT, input, '--translate-to-fuzz', ...OPTIONS, '--output', output]);
    return onlyMethods(await readFile(output));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function onlyMethods(bytes: Uint8Array): FuzzedModule {
  const module = decode(bytes);
  const types = functionTypes(module);
  const exports = module.exports.filter(({ kind, index }) => {
    if (kind !== FUNCTION) return false;
    const type = module.types[types[index] as number];
    return type?.parameters.length === 0 && type.results.length === 0;
  });
  const wasm = encode({ ...module, exports, start: undefined });
  return { wasm, methods: exports.map(({ name }) => name) };
}
