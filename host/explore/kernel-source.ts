import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type Binaryen from 'binaryen';
import { BlockStmError } from '../runtime/errors.js';
import { ACCESS } from './access.js';

const PACKAGE = fileURLToPath(new URL('../../../', import.meta.url));
const KERNEL = 'assembly/kernel/';

/** A file of the kernel, by its name without folder and ending, to the text that is compiled in its place. */
export type SourceEdit = (file: string, text: string) => string;

/** Each atomic operation says first what it is about to do, and the one that wakes threads wakes virtual workers. */
const PROBED = `
@external("env", "probe") declare function probe(at: usize, kind: u32, size: u32): void;
@external("env", "notified") declare function notified(at: usize, most: i32): i32;
export function load<T>(at: usize, offset: usize = 0): T {
  probe(at + offset, ${ACCESS.load}, sizeof<T>());
  return atomic.load<T>(at + offset);
}
export function store<T>(at: usize, value: T, offset: usize = 0): void {
  probe(at + offset, ${ACCESS.store}, sizeof<T>());
  atomic.store<T>(at + offset, value);
}
export function cmpxchg<T>(at: usize, expected: T, value: T, offset: usize = 0): T {
  probe(at + offset, ${ACCESS.cmpxchg}, sizeof<T>());
  return atomic.cmpxchg<T>(at + offset, expected, value);
}
export function add<T>(at: usize, value: T, offset: usize = 0): T {
  probe(at + offset, ${ACCESS.change}, sizeof<T>());
  return atomic.add<T>(at + offset, value);
}
export function sub<T>(at: usize, value: T, offset: usize = 0): T {
  probe(at + offset, ${ACCESS.change}, sizeof<T>());
  return atomic.sub<T>(at + offset, value);
}
export function or<T>(at: usize, value: T, offset: usize = 0): T {
  probe(at + offset, ${ACCESS.change}, sizeof<T>());
  return atomic.or<T>(at + offset, value);
}
export function notify(at: usize, most: i32): i32 {
  probe(at, ${ACCESS.notify}, 4);
  return notified(at, most);
}
`;

const ENTRY = `
export * from "./abi";
export { complete } from "./executor";
export { intern, LOCATION_CHAIN, LOCATION_TOWER } from "./keys";
export { AT_EXECUTION, AT_WAVE, AT_PARKED, AT_EVICTIONS, RUNS, STAGING_RUNS, STAGING_LINKS, STAGING_ACCESSES, stagingBase, marksOf } from "./layout";
export { TX_ACCESSES } from "./status";
export { setRegions, keepState, putBack } from "../explore/snapshot";
export { takeChunks, setHashed, setOwned, setLookahead } from "../explore/state-hash";
export { setTable, enterState, leaveState, statesSeen, pathsOf, knownOf, placesOf } from "../explore/states-seen";
`;

/** What a worker has besides memory, and what of it a state's future does not depend on. */
const GLOBALS = /^assembly\/kernel\//;
/** Counters of the block, and what only a tape reads; and what follows from the rest, or from the block. */
const IRRELEVANT =
  /^assembly\/kernel\/(stats\/|tape\/|park\/notified$|counted\/counted$|layout\/|gas\/\w+Cost$|run\/gasOfCall$|accesses\/stamp$|arena\/limit$|staging\/staged$|versions\/stepsTaken$|validate\/failed\w+$|view\/blockedAt$)/;
const CURSOR = 'assembly/kernel/arena/cursor';
/** What is hashed in a way of its own, in this order: the machine knows their places. */
const APART = [CURSOR, ...['oldest', 'newest', 'position', 'end'].map((name) => `assembly/kernel/run/${name}`)];
/** What only a running call has. */
const OF_CALL = /^assembly\/kernel\/(view|accesses|counted|undo|context|staging|gas|result|frames|hash)\//;

/**
 * Compile the kernel from the package's own source with a yield point before every atomic access to shared memory. Takes the compiler, which an embedder
 * need not have. Not optimized: where functions are merged into one, a worker that is left has more locals on its stack than it still needs, and states differ by them.
 */
export async function compileExplored(edit: SourceEdit = (_file, text) => text): Promise<Uint8Array> {
  const { asc, binaryen } = await load();
  let binary: Uint8Array | undefined;
  const stderr = asc.createMemoryStream();
  const options = [
    '--baseDir',
    PACKAGE,
    '--config',
    'asconfig.json',
    '--target',
    'kernel',
    '--outFile',
    'explored.wasm',
    '--debug',
    '--optimizeLevel',
    '0',
  ];
  const { error } = await asc.main([`${KERNEL}explored.ts`, ...options], {
    stderr,
    readFile: async (name: string, base: string) => {
      const path = (isAbsolute(name) ? name : join(base, name)).replaceAll('\\', '/');
      if (path.endsWith(`${KERNEL}explored.ts`)) return ENTRY;
      if (path.endsWith(`${KERNEL}probed.ts`)) return PROBED;
      const text = await readFile(path, 'utf8').catch(() => null);
      const file = path.slice(path.lastIndexOf('/') + 1, -'.ts'.length);
      if (text === null || !dirname(path).endsWith(KERNEL.slice(0, -1))) return text;
      return probed(file, edit(file, text));
    },
    writeFile: (_name: string, contents: Uint8Array | string) => {
      if (contents instanceof Uint8Array) binary = contents;
    },
  });
  if (binary === undefined) {
    throw new BlockStmError(
      'ERR_COMPILE',
      `the kernel does not compile: ${error?.message ?? ''}\n${stderr.toString()}`,
    );
  }
  return withYields(binaryen, binary);
}

/** The module `assemblyscript/asc`, as far as it is used. */
interface Asc {
  createMemoryStream(): object;
  main(commandLine: readonly string[], host: object): Promise<{ readonly error: Error | null }>;
}

async function load(): Promise<{ readonly asc: Asc; readonly binaryen: typeof Binaryen }> {
  // Its declarations must stay out of the program (host/contract/syntax.ts).
  const specifier = 'assemblyscript/asc';
  const [asc, { default: binaryen }] = await Promise.all([import(specifier) as Promise<Asc>, import('binaryen')]);
  return { asc, binaryen };
}

function probed(file: string, text: string): string {
  const accesses = text
    .replaceAll(/\batomic\.(load|store|cmpxchg|add|sub|or)</g, 'probed.$1<')
    .replaceAll('atomic.notify(', 'probed.notify(');
  // The step that completes a call and the one that gives out the next are one for a worker thread, for which that is faster.
  const apart =
    file === 'executor' ? accesses.replace('function complete(): void', 'export function complete(): void') : accesses;
  return accesses === text ? apart : `import * as probed from "./probed";\n${apart}`;
}

/** Asyncify: at a probe the kernel can be left, with its Wasm stack in memory, and gone on with later, in whatever order. */
function withYields(binaryen: typeof Binaryen, binary: Uint8Array): Uint8Array {
  binaryen.setOptimizeLevel(1);
  binaryen.setShrinkLevel(0);
  binaryen.setPassArgument('asyncify-imports', 'env.probe');
  const {
    Atomics: threads,
    BulkMemory,
    BulkMemoryOpt,
    MutableGlobals,
    SignExt,
    NontrappingFPToInt,
  } = binaryen.Features;
  const module = binaryen.readBinaryWithFeatures(
    binary,
    threads | BulkMemory | BulkMemoryOpt | MutableGlobals | SignExt | NontrappingFPToInt,
  );
  module.runPasses(['asyncify']);
  addGlobals(binaryen, module);
  module.optimize();
  const wasm = module.emitBinary();
  module.dispose();
  return wasm;
}

/**
 * `saveGlobals` and `restoreGlobals`: an instance's globals to memory, 8 bytes each, and from there. First those that a state's future depends on, then
 * those that it depends on while a call runs, then the arena's cursor, the ends of the ring of runs and the run, then the rest; GLOBALS_SHARED, GLOBALS_OF_CALL and GLOBALS_ALL are
 * where the first two parts and the last end. `setCursor` puts the arena's cursor elsewhere.
 */
function addGlobals(binaryen: typeof Binaryen, module: Binaryen.Module): void {
  const all = Array.from({ length: module.getNumGlobals() }, (_, index) =>
    binaryen.getGlobalInfo(module.getGlobalByIndex(index)),
  ).filter(({ name, mutable }) => mutable && GLOBALS.test(name));
  const partOf = (name: string): number =>
    APART.includes(name) ? 2 : IRRELEVANT.test(name) ? 3 : OF_CALL.test(name) ? 1 : 0;
  const ordered = [0, 1, 2, 3].flatMap((part) => all.filter(({ name }) => partOf(name) === part));
  const first = ordered.findIndex(({ name }) => partOf(name) === 2);
  ordered.splice(
    first,
    APART.length,
    ...APART.map((apart) => all.find(({ name }) => name === apart) as (typeof all)[number]),
  );
  const address = module.local.get(0, binaryen.i32);
  const saves = ordered.map(({ name, type }, place) => {
    const [to, value] = [module.copyExpression(address), module.global.get(name, type)];
    if (type === binaryen.i64) return module.i64.store(8 * place, 8, to, value);
    if (type === binaryen.f64) return module.f64.store(8 * place, 8, to, value);
    return module.i32.store(8 * place, 4, to, value);
  });
  const restores = ordered.map(({ name, type }, place) => {
    const from = module.copyExpression(address);
    const load = (): number => {
      if (type === binaryen.i64) return module.i64.load(8 * place, 8, from);
      if (type === binaryen.f64) return module.f64.load(8 * place, 8, from);
      return module.i32.load(8 * place, 4, from);
    };
    return module.global.set(name, load());
  });
  for (const [name, body] of Object.entries({ saveGlobals: saves, restoreGlobals: restores })) {
    module.addFunction(name, binaryen.i32, binaryen.none, [], module.block(null, body));
    module.addFunctionExport(name, name);
  }
  const cursor = module.global.set(CURSOR, module.copyExpression(address));
  module.addFunction('setCursor', binaryen.i32, binaryen.none, [], cursor);
  module.addFunctionExport('setCursor', 'setCursor');
  const ends = [0, 1, 3].map((part) => 8 * ordered.filter(({ name }) => partOf(name) <= part).length);
  for (const [index, name] of ['GLOBALS_SHARED', 'GLOBALS_OF_CALL', 'GLOBALS_ALL'].entries()) {
    module.addGlobal(name, binaryen.i32, false, module.i32.const(ends[index] as number));
    module.addGlobalExport(name, name);
  }
}
