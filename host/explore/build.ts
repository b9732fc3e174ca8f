// Compiles the kernel that the explorer drives into dist/explore: a step of the package's build.

import { mkdir, writeFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { compileExplored } from './kernel-source.js';

const output = new URL('../../explore/', import.meta.url);

// As for the contracts (contract/build.ts).
setFlagsFromString('--liftoff-only');
await mkdir(output, { recursive: true });
const wasm = await compileExplored();
await writeFile(new URL('kernel.wasm', output), wasm);
console.log(`explore/kernel.wasm  ${wasm.length} bytes`);
