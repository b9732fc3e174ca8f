import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { check } from './layers.js';

const script = fileURLToPath(new URL('./layers.js', import.meta.url));

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'blockstm-layers-'));
});

afterEach(async () => {
  await rm(root, { recursive: true });
});

/** Check a tree of these files. @returns the lines reported, none where all is well. */
async function checkFiles(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  await writeFiles(files);
  return check(root);
}

async function writeFiles(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), text);
  }
}

/** The same of a directory, or of the repository, as `npm run lint` does. */
function report(directory?: string): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const args = directory === undefined ? [script] : [script, directory];
    execFile(process.execPath, args, (error, _, stderr) => {
      const lines = stderr.split('\n').filter((line) => line !== '');
      if ((error?.code ?? 0) === (lines.length > 0 ? 1 : 0)) resolve(lines);
      else reject(new Error(`exit code ${error?.code}, reported: ${stderr}`));
    });
  });
}

test('the repository keeps to its layers', async () => {
  expect(await report()).toEqual([]);
});

test.each([
  [
    'the kernel imports the SDK',
    'assembly/kernel/view.ts',
    `import { read } from "../sdk/abi";`,
    'assembly/kernel/ must not import',
  ],
  [
    'the SDK imports the kernel',
    'assembly/sdk/abi.ts',
    `export * from '../kernel/view';`,
    'assembly/sdk/ must not import',
  ],
  [
    'a contract imports the kernel',
    'assembly/contracts/a.ts',
    `import '../kernel/view';`,
    'assembly/contracts/ must not import',
  ],
  [
    'a yardstick imports the SDK',
    'assembly/yardstick/a.ts',
    `import '../sdk/text';`,
    'assembly/yardstick/ must not import',
  ],
  [
    'the engine imports the runtime',
    'host/engine/pool.ts',
    `import '../runtime/runtime.js';`,
    'host/engine/ must not import',
  ],
  [
    'the engine imports a type of the runtime',
    'host/engine/pool.ts',
    `import type { A } from '../runtime/runtime.js';`,
    'must not import',
  ],
  [
    'the runtime imports the command line',
    'host/runtime/a.ts',
    `import '../cli/main.js';`,
    'host/runtime/ must not import',
  ],
  [
    'the runtime imports the compiler',
    'host/runtime/a.ts',
    `import '../contract/compile.js';`,
    'host/runtime/ must not import',
  ],
  [
    'the codec imports the compiler',
    'host/contract/codec.ts',
    `import './compile.js';`,
    'host/contract/codec.ts must not import',
  ],
  ['the command line imports the engine', 'host/cli/a.ts', `import '../engine/pool.js';`, 'host/cli/ must not import'],
  ['the command line loads the benchmark at once', 'host/cli/a.ts', `import 'blockstm/bench';`, 'on demand only'],
  [
    'the command line imports a file of the benchmark',
    'host/cli/a.ts',
    `import('../../bench/runner.js');`,
    'must not import',
  ],
  ['the benchmark imports the engine', 'bench/a.ts', `import '../host/engine/pool.js';`, 'bench/ must not import'],
  ['the benchmark imports the command line', 'bench/a.ts', `import '../host/cli/main.js';`, 'bench/ must not import'],
  [
    'the host imports a test',
    'host/runtime/a.ts',
    `import '../../test/support/layers.js';`,
    'host/runtime/ must not import',
  ],
  ['the host imports the kernel', 'host/engine/a.ts', `import '../../assembly/kernel/layout.js';`, 'must not import'],
  [
    'the engine loads a package of others',
    'host/engine/a.ts',
    `import 'commander';`,
    'must not load the package commander',
  ],
  ['a folder is new', 'host/magic/a.ts', '', 'is in no layer'],
])('%s', async (_, file, text, message) => {
  const problems = await checkFiles({ [file]: `// first line\n${text}\n` });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(message);
  expect(problems[0]).toMatch(text === '' ? `${file}:1: ` : `${file}:2: `);
});

test('what is allowed is not reported', async () => {
  const files = {
    'assembly/sdk/index.ts': `export * from './abi';`,
    'assembly/sdk/abi.ts': '',
    'assembly/contracts/token.ts': `import { Map } from 'blockstm/assembly';\nimport '../sdk/abi';`,
    'host/index.ts': `export { createRuntime } from './runtime/runtime.js';\nexport * from './contract/codec.js';`,
    'host/runtime/runtime.ts': `import '../engine/pool.js';\nimport './errors.js';`,
    'host/runtime/errors.ts': '',
    'host/engine/pool.ts': `import { wrap } from 'comlink';\nimport '../runtime/errors.js';\nimport 'node:os';`,
    'host/contract/codec.ts': `import './interface.js';`,
    'host/contract/interface.ts': '',
    'host/contract/index.ts': `import 'assemblyscript/asc';`,
    'host/cli/main.ts': `import 'commander';\nimport '../index.js';\nawait import('blockstm/bench');`,
    'bench/index.ts': `import '../host/index.js';\nimport 'blockstm/compiler';`,
  };
  expect(await checkFiles(files)).toEqual([]);
});

test('what the public API must not load is found many imports away', async () => {
  await writeFiles({
    'host/index.ts': `import './runtime/runtime.js';`,
    'host/runtime/runtime.ts': `import '../wasm/check.js';`,
    'host/wasm/check.ts': `\nconst { compile } = await import('../contract/compile.js');`,
    'host/contract/compile.ts': `import 'assemblyscript/asc';`,
  });
  expect(await report(root)).toEqual([
    expect.stringContaining('host/wasm/check.ts:2: host/wasm/ must not import host/contract/compile.ts'),
    expect.stringContaining(
      'host/contract/compile.ts:1: host/index.ts must not load assemblyscript: host/index.ts -> ',
    ),
  ]);
});

test('a worker that is started is loaded, a type that is imported is not', async () => {
  const problems = await checkFiles({
    'host/index.ts': `import './runtime/runtime.js';`,
    'host/runtime/runtime.ts': `import type { A } from '../engine/types.js';\nnew URL('../engine/worker.js', import.meta.url);`,
    'host/engine/types.ts': `import 'commander';`,
    'host/engine/worker.ts': `import 'commander';`,
  });
  expect(problems.filter((problem) => problem.includes('host/index.ts must not load'))).toEqual([
    expect.stringContaining('host/engine/worker.ts:1: host/index.ts must not load commander'),
  ]);
});
