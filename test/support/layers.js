// Who may import whom. `npm run lint` runs this; it reads the sources and needs no build.
//
//   assembly   contracts -> sdk; kernel, sdk and yardstick import nothing but themselves
//   host       index -> runtime -> store -> engine, contract, wasm; cli -> index, contract, trace; nobody -> cli;
//              testing -> index, contract; stepper -> runtime, engine, and only cli, bench and tests -> stepper
//   bench      -> index, the compiler, a module's interface, the nearest name
//   test       -> anything; nobody -> test
//
// Usage: node test/support/layers.js [root of the repository]. Prints `file:line: what is wrong` and exits 1.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/**
 * The errors and the public types are in host/runtime, since that is where an embedder meets them, but every folder of host
 * throws the one and is described by the other. They are the vocabulary of host, below all its layers, and import nothing
 * themselves but the types of a contract's interface and of what is wrong with its code.
 */
const vocabulary = [
  'host/runtime/errors.ts',
  'host/runtime/types.ts',
  'host/runtime/chain.ts',
  'host/runtime/runtime-interface.ts',
  'host/runtime/typed.ts',
  'host/trace/types.ts',
];

/** What describes a contract, as against what compiles one. An embedder loads these and never the compiler. */
const contractDescription = [
  'host/contract/client.ts',
  'host/contract/codec.ts',
  'host/contract/document.ts',
  'host/contract/event-codec.ts',
  'host/contract/found.ts',
  'host/contract/interface.ts',
  'host/contract/interface-difference.ts',
  'host/contract/layout-difference.ts',
  'host/contract/layout.ts',
  'host/contract/module-interface.ts',
  'host/contract/nearest-name.ts',
  'host/contract/signature.ts',
  'host/contract/storage-codec.ts',
  'host/contract/type.ts',
  'host/contract/value.ts',
  'host/contract/value-reader.ts',
  'host/contract/value-path.ts',
  'host/contract/value-writer.ts',
];

/**
 * The first layer whose `files` begin a path is that path's layer. It may import its own files and what begins with one of
 * `may`. `packages`: the packages it may load besides Node's own modules; `packagesOnDemand`: by `import('...')` only, and their types.
 */
const layers = [
  { files: 'assembly/kernel/', may: [], packages: [] },
  { files: 'assembly/explore/', may: ['assembly/kernel/'], packages: [] },
  // `rt` is AssemblyScript's own runtime.
  { files: 'assembly/sdk/', may: [], packages: ['rt'] },
  // What contracts are measured against: no part of the runtime, and nothing of it.
  { files: 'assembly/yardstick/', may: [], packages: [] },
  // What its test build adds to the kernel.
  { files: 'assembly/explore/', may: ['assembly/kernel/'], packages: [] },
  { files: 'assembly/contracts/', may: ['assembly/sdk/'], packages: [] },
  { files: 'host/runtime/errors.ts', may: ['host/wasm/finding.ts', 'host/runtime/types.ts'], packages: [] },
  {
    files: 'host/runtime/types.ts',
    may: ['host/runtime/chain.ts', 'host/trace/types.ts', 'host/wasm/finding.ts', ...contractDescription],
    packages: [],
  },
  { files: 'host/runtime/chain.ts', may: ['host/runtime/types.ts'], packages: [] },
  {
    files: 'host/runtime/runtime-interface.ts',
    may: [...vocabulary, 'host/store/store.ts', 'host/contract/client.ts'],
    packages: [],
  },
  { files: 'host/runtime/typed.ts', may: [...vocabulary, 'host/contract/client.ts'], packages: [] },
  { files: 'host/store/store.ts', may: [...vocabulary, 'host/store/record.ts'], packages: [] },
  ...contractDescription.map((files) => ({ files, may: [...vocabulary, ...contractDescription], packages: [] })),
  {
    files: 'host/index.ts',
    may: ['host/runtime/', 'host/store/', 'host/trace/', 'host/wasm/', ...contractDescription],
    packages: [],
  },
  {
    files: 'host/runtime/',
    may: ['host/engine/', 'host/store/', 'host/trace/', ...contractDescription, 'host/wasm/'],
    packages: ['valibot'],
  },
  {
    files: 'host/engine/',
    // The interface of a store, which every thread reads the state by.
    may: [...vocabulary, 'host/store/store.ts', 'host/wasm/contract-imports.ts'],
    packages: ['comlink', '@noble/curves', '@noble/hashes'],
  },
  {
    files: 'host/store/lmdb/',
    may: [...vocabulary, 'host/store/', 'host/engine/storage-limits.ts'],
    packages: ['lmdb', 'comlink'],
  },
  { files: 'host/prometheus/', may: vocabulary, packages: ['prom-client'] },
  // Whoever writes a store of his own has the public API only; so have we, and a runtime makes the blocks that stores are tried with.
  { files: 'host/conformance/', may: ['host/index.ts'], packages: [] },
  // What the canonical forms are made of: a block as the engine leaves it.
  {
    files: 'host/store/',
    may: [
      ...vocabulary,
      'host/engine/receipt.ts',
      'host/engine/recorded-calls.ts',
      'host/engine/result-layout.ts',
      'host/engine/snapshot.ts',
      'host/engine/state-digest.ts',
      'host/engine/storage-limits.ts',
      'host/engine/word-writer.ts',
      'host/wasm/code-hash.ts',
    ],
    packages: [],
  },
  { files: 'host/wasm/', may: [], packages: [] },
  { files: 'host/contract/', may: [...vocabulary, 'host/wasm/'], packages: ['assemblyscript'] },
  {
    files: 'host/testing/',
    may: [
      'host/index.ts',
      'host/contract/index.ts',
      'host/contract/interface.ts',
      'host/contract/module-interface.ts',
      'host/contract/nearest-name.ts',
      'host/engine/receipt.ts',
      'host/engine/traps.ts',
      'host/contract/signature.ts',
      'host/contract/type.ts',
    ],
    // It compares blocks.
    mayOnDemand: ['bench/index.ts'],
    packages: ['vitest'],
  },
  // From what the engine leaves of a block to what its result says.
  { files: 'host/trace/', may: ['host/engine/tape.ts', ...vocabulary, ...contractDescription], packages: [] },
  // The kernel that can be interrupted at every access to shared memory, and who interrupts it: for the command line alone.
  {
    files: 'host/explore/',
    may: [
      'host/contract/nearest-name.ts',
      'host/engine/',
      'host/runtime/',
      'host/testing/random.ts',
      'host/wasm/gas-schedule.ts',
    ],
    packages: [],
    packagesOnDemand: ['assemblyscript', 'binaryen'],
  },
  // The engine without threads: whoever embeds the runtime loads none of it.
  { files: 'host/stepper/', may: ['host/engine/', 'host/runtime/', 'host/trace/', 'host/wasm/'], packages: [] },
  {
    files: 'host/cli/',
    may: [
      'host/index.ts',
      'host/contract/',
      'host/trace/',
      'host/engine/storage-limits.ts',
      'host/store/made-directory.ts',
      'host/wasm/code-hash.ts',
      'host/wasm/sections.ts',
    ],
    // The benchmark, the store and the tests' cache, and what they load, only when the command that needs it runs.
    mayOnDemand: [
      'bench/index.ts',
      'host/explore/index.ts',
      'host/store/lmdb/index.ts',
      'host/testing/compile-cache.ts',
    ],
    packages: ['commander'],
  },
  // What a runtime hides is measured on its parts.
  {
    files: 'bench/micro/',
    may: ['bench/', 'host/index.ts', 'host/contract/', 'host/engine/', 'host/stepper/', 'host/wasm/'],
    packages: ['tinybench'],
  },
  { files: 'bench/testing/', may: ['bench/', 'host/testing/index.ts'], packages: [] },
  { files: 'bench/store/', may: ['bench/', 'host/index.ts', 'host/store/lmdb/index.ts'], packages: [] },
  // Figures are drawn by what is large and not installed with the package: only when one is asked for.
  {
    files: 'bench/plots/',
    may: ['bench/', 'host/index.ts', 'host/store/made-directory.ts'],
    packages: [],
    packagesOnDemand: ['vega', 'vega-lite'],
  },
  {
    files: 'bench/',
    may: [
      'host/index.ts',
      'host/contract/index.ts',
      'host/contract/module-interface.ts',
      'host/contract/nearest-name.ts',
      'host/contract/value-path.ts',
      'host/stepper/index.ts',
      'host/store/made-directory.ts',
    ],
    packages: ['tinybench', 'valibot'],
  },
];

/** What must not be loaded by whoever imports a file, however many imports away. Loading on demand counts too. */
const closures = [
  {
    files: ['host/index.ts', ...contractDescription],
    without: [
      'assemblyscript',
      'binaryen',
      'commander',
      'lmdb',
      'prom-client',
      'vitest',
      'bench/',
      'host/cli/',
      'host/explore/',
      'host/testing/',
      'host/stepper/',
    ],
  },
];

/** The package's own subpaths, as in the `exports` of package.json. */
const subpaths = new Map([
  ['blockstm', 'host/index.ts'],
  ['blockstm/compiler', 'host/contract/index.ts'],
  ['blockstm/bench', 'bench/index.ts'],
  ['blockstm/testing', 'host/testing/index.ts'],
  ['blockstm/testing/matchers', 'host/testing/matchers.ts'],
  ['blockstm/store/lmdb', 'host/store/lmdb/index.ts'],
  ['blockstm/store/conformance', 'host/conformance/index.ts'],
  ['blockstm/prometheus', 'host/prometheus/index.ts'],
  ['blockstm/assembly', 'assembly/sdk/index.ts'],
  ['blockstm/assembly/call', 'assembly/sdk/call.ts'],
]);

/**
 * @typedef {object} Import
 * @property {number} line From 1.
 * @property {string} target A path from the root, or a package's name.
 * @property {boolean} internal Whether `target` is a path.
 * @property {boolean} onDemand `import()` in place of a declaration.
 * @property {boolean} typeOnly Gone once compiled.
 */

/** @returns {string[]} What is wrong, each as `file:line: message`. */
export function check(/** @type {string} */ root) {
  const graph = new Map(sources(root).map((file) => [file, imports(root, file)]));
  const problems = [];
  for (const [file, imported] of graph) {
    const layer = layers.find(({ files }) => file.startsWith(files));
    if (layer === undefined) problems.push(`${file}:1: is in no layer: add its folder to test/support/layers.js`);
    else problems.push(...imported.flatMap((each) => violation(file, layer, each)));
  }
  for (const { files, without } of closures) {
    for (const file of files.filter((each) => graph.has(each))) problems.push(...reached(graph, file, without));
  }
  return problems;
}

function violation(
  file,
  { files, may, mayOnDemand = [], packages, packagesOnDemand = [] },
  { line, target, internal, onDemand, typeOnly },
) {
  if (!internal) {
    if (packages.includes(target)) return [];
    if (packagesOnDemand.includes(target)) {
      return onDemand || typeOnly ? [] : [`${file}:${line}: ${files} may load ${target} on demand only: import('...')`];
    }
    return [
      `${file}:${line}: ${files} must not load the package ${target} (allowed: ${packages.join(', ') || 'none'})`,
    ];
  }
  if ([files, ...may].some((allowed) => target.startsWith(allowed))) return [];
  if (mayOnDemand.includes(target)) {
    return onDemand || typeOnly ? [] : [`${file}:${line}: ${files} may import ${target} on demand only: import('...')`];
  }
  return [`${file}:${line}: ${files} must not import ${target} (allowed: ${may.join(', ') || 'nothing else'})`];
}

/** Follow what `start` loads until something forbidden turns up. */
function reached(graph, start, without) {
  const problems = [];
  const seen = new Set([start]);
  const queue = [{ file: start, trail: [start] }];
  for (const { file, trail } of queue) {
    for (const { line, target, internal, typeOnly } of graph.get(file) ?? []) {
      if (typeOnly || seen.has(target)) continue;
      seen.add(target);
      const path = [...trail, target];
      const forbidden = without.find((each) => (each.endsWith('/') ? target.startsWith(each) : target === each));
      if (forbidden !== undefined)
        problems.push(`${file}:${line}: ${start} must not load ${forbidden}: ${path.join(' -> ')}`);
      else if (internal) queue.push({ file: target, trail: path });
    }
  }
  return problems;
}

/** @returns {string[]} The sources, as paths from the root with forward slashes. */
function sources(/** @type {string} */ root) {
  return ['assembly', 'host', 'bench'].flatMap((folder) => {
    if (!existsSync(join(root, folder))) return [];
    const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
    return names.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name).split(sep).join('/'));
  });
}

/** @returns {Import[]} */
function imports(/** @type {string} */ root, /** @type {string} */ file) {
  const text = readFileSync(join(root, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found = [];
  const add = (specifier, kind) => {
    const line = source.getLineAndCharacterOfPosition(specifier.getStart()).line + 1;
    const target = resolveTarget(root, file, specifier.text);
    if (target !== undefined) found.push({ line, ...target, onDemand: false, typeOnly: false, ...kind });
  };
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, { typeOnly: node.importClause?.isTypeOnly ?? false });
    if (ts.isExportDeclaration(node) && node.moduleSpecifier) add(node.moduleSpecifier, { typeOnly: node.isTypeOnly });
    if (ts.isImportTypeNode(node)) add(node.argument.literal, { typeOnly: true });
    const specifier = ts.isCallExpression(node) || ts.isNewExpression(node) ? node.arguments?.[0] : undefined;
    if (specifier !== undefined && ts.isStringLiteralLike(specifier) && loads(node)) add(specifier, { onDemand: true });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** `import('./file.js')`, and `new URL('./file.js', import.meta.url)` as a worker is started with. */
function loads(/** @type {ts.CallExpression | ts.NewExpression} */ node) {
  if (ts.isCallExpression(node)) return node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return node.expression.getText() === 'URL' && node.arguments?.[0]?.text.endsWith('.js');
}

/** @returns {{ target: string, internal: boolean } | undefined} Undefined for what is neither ours nor a package. */
function resolveTarget(root, file, specifier) {
  if (specifier.startsWith('node:')) return undefined;
  if (subpaths.has(specifier)) return { target: subpaths.get(specifier), internal: true };
  if (!specifier.startsWith('.')) return { target: packageName(specifier), internal: false };
  const path = relative(root, resolve(root, dirname(file), specifier))
    .split(sep)
    .join('/');
  // TypeScript names the compiled file, AssemblyScript leaves the ending out and may mean a folder.
  const compiled = path.replace(/\.js$/, '.ts');
  const target = [`${path}.ts`, `${path}/index.ts`].find((each) => existsSync(join(root, each)));
  return { target: target ?? compiled, internal: true };
}

function packageName(/** @type {string} */ specifier) {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

const script = fileURLToPath(import.meta.url);
if (process.argv[1] === script) {
  const problems = check(process.argv[2] ?? resolve(dirname(script), '../..'));
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
