import { type HostileModule, repeat, run } from './hostile-module.js';
import { buildModule } from './wasm.js';

const RUN = run('');
/** `block`, without a result: more of them than may be nested. */
const NESTED = Array.from({ length: 1025 }, () => [0x02, 0x40]);

/** What is refused, and why: text of a module's fields, or its bytes. */
const REFUSED: readonly (readonly [name: string, finding: HostileModule['finding'], module: string | Uint8Array])[] = [
  [
    'a sum whose NaN bits differ between tiers',
    'float',
    run('(drop (f64.add (f64.const nan:0x4000000000001) (f64.const 1)))'),
  ],
  ['floats loaded as such', 'float', `(memory 1) ${run('(f32.store (i32.const 0) (f32.load (i32.const 4)))')}`],
  ['a conversion to a float and back', 'float', run('(drop (i32.trunc_sat_f64_s (f64.convert_i32_s (i32.const 3))))')],
  ['a function of floats', 'float', `${RUN} (func (param f64) (result f64) (local.get 0))`],
  ['a local of a float type that nobody uses', 'float', run('(local f32)')],
  ['a global of a float type', 'float', `(global f64 (f64.const 1)) ${RUN}`],
  ['SIMD', 'simd', run('(drop (i8x16.splat (i32.const 1)))')],
  ['a local of 128 bits', 'simd', run('(local v128)')],
  ['an atomic access', 'threads', `(memory 1) ${run('(drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))')}`],
  ['a fence', 'threads', run('(atomic.fence)')],
  ['a shared memory', 'sharedMemory', `(memory 1 1 shared) ${RUN}`],
  ['an exception', 'exceptions', `(tag $e) ${run('(throw $e)')}`],
  ['a tail call', 'tailCall', `(func $run (export "run") (return_call $run))`],
  ['a struct', 'gc', `(type $s (struct (field i32))) ${run('(drop (struct.new $s (i32.const 1)))')}`],
  ['a reference', 'referenceTypes', run('(drop (ref.is_null (ref.null func)))')],
  [
    'a table that is written',
    'referenceTypes',
    `(table $t 1 1 funcref) (elem declare func $run) ${run('(table.set $t (i32.const 0) (ref.func $run))')}`,
  ],
  [
    'a table that grows',
    'referenceTypes',
    `(table $t 1 1 funcref) ${run('(drop (table.grow $t (ref.null func) (i32.const 1)))')}`,
  ],
  ['a memory of 64 bits', 'memory64', `(memory i64 1) ${RUN}`],
  ['two memories', 'multiMemory', `(memory 1) (memory 1) ${RUN}`],
  ['an imported memory', 'importKind', `(import "blockstm" "memory" (memory 1)) ${RUN}`],
  ['an imported global', 'importKind', `(import "blockstm.worker" "gas" (global (mut i64))) ${RUN}`],
  ['an imported table', 'importKind', `(import "env" "table" (table 1 1 funcref)) ${RUN}`],
  ['the functions that the rewrite imports', 'importName', `(import "blockstm.worker" "grown" (func)) ${RUN}`],
  ['a function of the kernel', 'importName', `(import "blockstm" "rollback" (func)) ${RUN}`],
  ['another environment', 'importName', `(import "env" "abort" (func (param i32))) ${RUN}`],
  ['a known import with other parameters', 'importSignature', `(import "blockstm" "push" (func (param i32))) ${RUN}`],
  ['a known import with a result', 'importSignature', `(import "blockstm" "sender" (func (result i64))) ${RUN}`],
  [
    'memory that is initialised by an instruction',
    'bulkMemory',
    `(memory 1) (data $d "abc") ${run('(memory.init $d (i32.const 0) (i32.const 0) (i32.const 1))')}`,
  ],
  ['two results', 'multiValue', `${RUN} (func (result i32 i32) (i32.const 1) (i32.const 2))`],
  ['a start function', 'start', `${RUN} (start $run)`],
  ['a method with a parameter', 'exportOutsideInterface', `${RUN} (func (export "f") (param i32))`],
  ['an exported table', 'exportOutsideInterface', `${RUN} (table (export "t") 1 1 funcref)`],
  ['the name of the reset', 'exportReserved', `${RUN} (export "blockstm.reset" (func $run))`],
  ['a mutable global that is exported', 'exportMutableGlobal', `${RUN} (global (export "g") (mut i32) (i32.const 1))`],
  ['nothing to call', 'noMethod', '(func)'],
  ['two tables', 'multiTable', `(table 1 1 funcref) (table 1 1 funcref) ${RUN}`],
  ['a table that can grow', 'tableGrowable', `(table 1 2 funcref) ${RUN}`],
  ['a table of 2,501 entries', 'tableSize', `(table 2501 2501 funcref) ${RUN}`],
  ['a memory of 257 pages', 'memorySize', `(memory 257) ${RUN}`],
  ['a memory that may have 257 pages', 'memorySize', `(memory 1 257) ${RUN}`],
  ['data past the memory', 'dataBounds', `(memory 1) (data (i32.const 65534) "abc") ${RUN}`],
  ['elements past the table', 'elementBounds', `(table 1 1 funcref) (elem (i32.const 1) $run) ${RUN}`],
  [
    'a global initialised by another',
    'constantExpression',
    `(import "blockstm" "x" (global $x i32)) (global i32 (global.get $x)) ${RUN}`,
  ],
  ['101 parameters', 'parameters', `${RUN} (func ${repeat(101, () => '(param i32)')})`],
  ['10,001 locals', 'locals', run(repeat(10_001, () => '(local i32)'))],
  [
    'blocks nested 1,025 deep',
    'nesting',
    buildModule({ methods: [{ name: 'run', body: [...NESTED.flat(), ...NESTED.map(() => 0x0b)] }] }),
  ],
  [
    'thousands of locals that are alive at hundreds of branches',
    'complexity',
    run(`${repeat(9900, () => '(local i32)')} ${repeat(600, () => '(if (local.get 0) (then))')}`),
  ],
  [
    'so many elements that instances take long',
    'elementEntries',
    `(table 2500 2500 funcref) ${repeat(5, () => `(elem (i32.const 0) ${'$run '.repeat(2001)})`)} ${RUN}`,
  ],
  [
    'a memory index that only some engines take for 0',
    'multiMemory',
    buildModule({ methods: [{ name: 'run', body: [0x41, 0, 0x40, 0x80, 0x00, 0x1a] }], pages: 1 }),
  ],
  ['a br_table with 4,097 targets', 'brTable', run(`(block $b (br_table ${'$b '.repeat(4097)} $b (i32.const 0)))`)],
  ['1,001 globals', 'globals', `${RUN} ${repeat(1001, () => '(global i32 (i32.const 0))')}`],
  [
    'a function of more than 65,536 bytes',
    'functionSize',
    run(repeat(35_000, () => '(nop)') + repeat(35_000, () => '(drop (i32.const 1))')),
  ],
  [
    '20,001 functions',
    'functions',
    buildModule({ methods: Array.from({ length: 20_001 }, (_, i) => ({ name: `m${i}`, body: [] })) }),
  ],
  [
    'half a MiB and a byte',
    'moduleSize',
    Uint8Array.from([...buildModule({ methods: [{ name: 'run', body: [] }] }), ...new Uint8Array(2 ** 19)]),
  ],
  ['no module', 'malformed', Uint8Array.of(0, 0x61, 0x73, 0x6d, 2, 0, 0, 0)],
  ['a section that ends too late', 'malformed', Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 9, 0)],
  ['an operand that is not there', 'invalid', buildModule({ methods: [{ name: 'run', body: [0x1a] }] })],
];

/** Modules that are refused. The finding named is among those that `check` has. */
export const HOSTILE_FINDINGS: readonly HostileModule[] = REFUSED.map(([name, finding, module]) => ({
  name,
  module: typeof module === 'string' ? `(module ${module})` : module,
  ...(finding !== undefined && { finding }),
}));
