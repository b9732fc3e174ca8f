// Compiles every sample contract into dist/contracts, and prepares the one that workers warm up with: the last step of the package's build.

import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { instrument } from '../wasm/instrument.js';
import { compile } from './compile.js';
import { CompileError } from './compile-error.js';

const sourceDirectory = fileURLToPath(new URL('../../../assembly/contracts/', import.meta.url));
const outputDirectory = fileURLToPath(new URL('../../contracts/', import.meta.url));

// Binaryen is a large module, and its work is over before it pays to have it optimized.
setFlagsFromString('--liftoff-only');
await mkdir(outputDirectory, { recursive: true });
const files = (await readdir(sourceDirectory)).filter((file) => file.endsWith('.ts')).sort();
for (const file of files) {
  try {
    const { wasm, interface: contract, warnings } = await compile(`${sourceDirectory}${file}`);
    await writeFile(`${outputDirectory}${contract.name}.wasm`, wasm);
    if (contract.name === 'token') await writeFile(`${outputDirectory}../warm-up.wasm`, instrument(wasm));
    for (const warning of warnings) console.warn(warning.text);
    console.log(`contracts/${contract.name}.wasm  ${wasm.length} bytes`);
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
