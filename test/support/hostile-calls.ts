import { call, type HostileModule, repeat, run, wat } from './hostile-module.js';

/** Gas that lets a call go on for tens of milliseconds. */
const PLENTY = 1_000_000_000;
const MOST = Number.MAX_SAFE_INTEGER;

/** Two methods: what one leaves behind, the other looks for. */
function leak(name: string, leaves: string, finds: string, expected: string, parts = '', left = 'ok'): HostileModule {
  const module = wat(`${parts} (func (export "leave") ${leaves}) (func (export "find") ${finds})`);
  const calls = [call('find', expected), call('leave', left), call('find', expected), call('leave', left)];
  return { name, module, calls: [...calls, call('find', expected)] };
}

const PAGE = '(memory 1)';

/** That end on the gas they were given. */
const ENDLESS: readonly HostileModule[] = [
  { name: 'a loop', body: '(loop $l (br $l))' },
  { name: 'a loop of nothing but a br_table', body: '(loop $l (br_table $l $l (i32.const 7)))' },
  { name: 'a loop that turns in the arm of an if', body: '(loop $l (if (i32.const 1) (then (br $l)) (else (nop))))' },
  { name: 'a loop that turns by br_if', body: '(loop $l (br_if $l (i32.const 1)))' },
  { name: 'a loop out of a block', body: '(loop $l (block $b (br_if $b (i32.const 1))) (br $l))' },
  { name: 'loops in loops', body: `${repeat(40, () => '(loop $l')} (br $l) ${')'.repeat(40)}` },
  { name: 'a loop of calls', body: '(loop $l (call $give (i32.const 1)) (br $l))' },
  {
    name: 'a loop that writes storage',
    body:
      '(local $i i64) (loop $l (call $push (local.get $i)) (call $push (i64.const 5)) ' +
      '(local.set $i (i64.add (local.get $i) (i64.const 0))) (drop (call $lookup (i32.const 16))) (br $l))',
  },
  {
    name: 'a loop of memory.fill',
    body: '(loop $l (memory.fill (i32.const 0) (i32.const 7) (i32.const 65536)) (br $l))',
    parts: PAGE,
  },
  {
    name: 'a loop of memory.copy of nothing',
    body: '(loop $l (memory.copy (i32.const 0) (i32.const 0) (i32.const 0)) (br $l))',
    parts: PAGE,
  },
  {
    name: 'a loop of memory.grow by nothing',
    body: '(loop $l (drop (memory.grow (i32.const 0))) (br $l))',
    parts: PAGE,
  },
].map(({ name, body, parts = '' }) => ({
  name,
  module: wat(`${parts} ${run(body)} (func (export "fine") (call $give (i32.const 3)))`),
  calls: [call('run', 'outOfGas'), call('fine', 'ok 3'), call('run', 'outOfGas', 50_000), call('fine', 'ok 3')],
}));

/** Sums that a compiler remembers across a call: little code, a large frame. */
const FORTY_SUMS = (seed: number): string =>
  repeat(40, (i) => `(global.set $x (i32.xor (global.get $x) (i32.mul (local.get 0) (i32.const ${2 * i + seed}))))`);

const DEEP: readonly HostileModule[] = [
  { name: 'recursion', body: '(call $run)' },
  { name: 'mutual recursion', body: '(call $other)', parts: '(func $other (call $run))' },
  {
    name: 'recursion through the table',
    body: '(call_indirect (i32.const 0))',
    parts: '(table 1 1 funcref) (elem (i32.const 0) $run)',
  },
  {
    name: 'recursion through the table and a helper',
    body: '(call $other)',
    parts: '(table 2 2 funcref) (elem (i32.const 1) $run) (func $other (call_indirect (i32.const 1)))',
  },
  {
    name: 'recursion with 9,000 locals',
    body: `${repeat(9000, () => '(local i64)')} (local.set 8999 (i64.const 1)) (call $run) (drop (local.get 8999))`,
  },
  {
    name: 'recursion with 100 parameters',
    body: `(call $other ${repeat(100, (i) => `(i64.const ${i})`)})`,
    parts: `(func $other ${repeat(100, () => '(param i64)')} (call $other ${repeat(100, (i) => `(i64.add (local.get ${i}) (local.get ${(i + 1) % 100}))`)}))`,
  },
  {
    name: 'recursion with a high operand stack',
    body: '(drop (call $other (i64.const 1)))',
    parts: `(func $other (param i64) (result i64) ${repeat(500, (i) => `(i64.add (i64.mul (local.get 0) (i64.const ${i}))`)} (call $other (i64.sub (local.get 0) (i64.const 1))) ${')'.repeat(500)})`,
  },
  {
    name: 'recursion with a frame that an optimizing compiler makes large',
    body: '(call $other (i32.const 1))',
    parts: `(global $x (mut i32) (i32.const 1)) (func $other (param i32) ${FORTY_SUMS(3)} (call $other (i32.add (local.get 0) (i32.const 1))) ${FORTY_SUMS(3)})`,
  },
].map(({ name, body, parts = '' }) => ({
  name,
  module: wat(`${parts} ${run(body)} (func (export "fine") (call $give (i32.const 3)))`),
  calls: [
    call('run', 'trapped stackLimit', PLENTY),
    call('fine', 'ok 3'),
    call('run', 'outOfGas', 4_200),
    call('fine', 'ok 3'),
  ],
}));

const TRAPS: readonly HostileModule[] = [
  ['unreachable', '(unreachable)', 'unreachable'],
  ['division by zero', '(call $give (i32.div_s (i32.const 1) (i32.const 0)))', 'divisionByZero'],
  ['unsigned division by zero of 64 bits', '(call $push (i64.div_u (i64.const 1) (i64.const 0)))', 'divisionByZero'],
  ['remainder by zero', '(call $push (i64.rem_s (i64.const 1) (i64.const 0)))', 'divisionByZero'],
  ['unsigned remainder by zero', '(call $give (i32.rem_u (i32.const 1) (i32.const 0)))', 'divisionByZero'],
  [
    'division that overflows',
    '(call $push (i64.div_s (i64.const 0x8000000000000000) (i64.const -1)))',
    'integerOverflow',
  ],
  ['a load past the end', '(call $give (i32.load (i32.const 65533)))', 'outOfBounds'],
  ['a store past the end', '(i64.store (i32.const 65529) (i64.const 1))', 'outOfBounds'],
  [
    'a store at an address and offset past 2^32',
    '(i32.store offset=4294967295 (i32.const 4294967295) (i32.const 1))',
    'outOfBounds',
  ],
  ['memory.fill past the end', '(memory.fill (i32.const 65535) (i32.const 1) (i32.const 2))', 'outOfBounds'],
  ['memory.copy from past the end', '(memory.copy (i32.const 0) (i32.const 65535) (i32.const 2))', 'outOfBounds'],
  ['an entry past the table', '(call_indirect (i32.const 9))', 'indirectCall'],
  ['an empty entry of the table', '(call_indirect (i32.const 1))', 'indirectCall'],
  ['a function of another type', '(call_indirect (param i32) (i32.const 1) (i32.const 0))', 'indirectCall'],
].map(([name, body, code]) => ({
  name: name as string,
  module: wat(`${PAGE} (table 2 2 funcref) (elem (i32.const 0) $run) ${run(body as string)}`),
  calls: [call('run', `trapped ${code}`), call('run', `trapped ${code}`)],
}));

const LEAKS: readonly HostileModule[] = [
  leak(
    'the last byte of memory',
    '(i32.store8 (i32.const 65535) (i32.const 9))',
    '(call $give (i32.load8_u (i32.const 65535)))',
    'ok 0',
    PAGE,
  ),
  leak(
    'the first byte of memory',
    '(i32.store8 (i32.const 0) (i32.const 9))',
    '(call $give (i32.load8_u (i32.const 0)))',
    'ok 0',
    PAGE,
  ),
  leak(
    'every byte of memory',
    '(memory.fill (i32.const 0) (i32.const 9) (i32.const 131072))',
    '(call $give (i32.add (i32.load (i32.const 65534)) (i32.load (i32.const 131068))))',
    'ok 0',
    '(memory 2)',
  ),
  leak(
    'a word across two parts of memory',
    '(i64.store (i32.const 1020) (i64.const -1))',
    '(call $give (i32.load (i32.const 1024)))',
    'ok 0',
    PAGE,
  ),
  leak(
    'a word across two pages',
    '(i64.store (i32.const 65532) (i64.const -1))',
    '(call $give (i32.load (i32.const 65536)))',
    'ok 0',
    '(memory 3)',
  ),
  leak(
    'a store that one before it seems to cover',
    '(local $p i32) (local.set $p (i32.const 1000)) (i32.store (local.get $p) (i32.const 1)) (i64.store offset=120 (local.get $p) (i64.const -1)) (i64.store offset=121 (local.get $p) (i64.const -1)) (i64.store offset=3000 (local.get $p) (i64.const -1))',
    '(call $give (i32.or (i32.load (i32.const 1125)) (i32.load (i32.const 4000))))',
    'ok 0',
    PAGE,
  ),
  leak(
    'a store by an address that changes in a loop',
    '(local $p i32) (loop $l (i32.store (local.get $p) (i32.const -1)) (local.set $p (i32.add (local.get $p) (i32.const 100))) (br_if $l (i32.lt_u (local.get $p) (i32.const 65000))))',
    '(call $give (i32.or (i32.load (i32.const 64900)) (i32.load (i32.const 30000))))',
    'ok 0',
    PAGE,
  ),
  leak(
    'a store in one arm only',
    '(local $p i32) (if (i32.load (i32.const 0)) (then (i32.store (local.get $p) (i32.const 5)))) (i32.store offset=8 (local.get $p) (i32.const 5))',
    '(call $give (i32.load (i32.const 8)))',
    'ok 0',
    PAGE,
  ),
  leak(
    'a copied stretch',
    '(memory.copy (i32.const 40000) (i32.const 0) (i32.const 20000))',
    '(call $give (i32.load8_u (i32.const 40000)))',
    'ok 0',
    '(memory 1) (data (i32.const 0) "abc")',
  ),
  leak(
    'overwritten initial bytes',
    '(memory.fill (i32.const 0) (i32.const 0) (i32.const 3000))',
    '(call $give (i32.load8_u (i32.const 1030)))',
    'ok 98',
    '(memory 1) (data (i32.const 1000) "aaaa") (data (i32.const 1024) "ccccccbccc")',
  ),
  leak(
    'a global',
    '(global.set $g (i32.const 9))',
    '(call $give (global.get $g))',
    'ok 4',
    '(global $g (mut i32) (i32.const 4))',
  ),
  leak(
    'a page that was added',
    '(drop (memory.grow (i32.const 2))) (i32.store (i32.const 70000) (i32.const 9))',
    '(call $give (memory.size))',
    'ok 1',
    PAGE,
  ),
  leak(
    'memory written before a trap',
    '(i32.store (i32.const 500) (i32.const 9)) (unreachable)',
    '(call $give (i32.load (i32.const 500)))',
    'ok 0',
    PAGE,
    'trapped unreachable',
  ),
  leak(
    'a global set before a revert',
    '(global.set $g (i32.const 9)) (i32.store (i32.const 8) (i32.const 9)) (call $revert (i32.const 0))',
    '(call $give (i32.or (global.get $g) (i32.load (i32.const 8))))',
    'ok 0',
    `${PAGE} (global $g (mut i32) (i32.const 0))`,
    'reverted revert',
  ),
  leak(
    'memory written before the gas ran out',
    '(i32.store (i32.const 500) (i32.const 9)) (loop $l (br $l))',
    '(call $give (i32.load (i32.const 500)))',
    'ok 0',
    PAGE,
    'outOfGas',
  ),
  leak(
    'memory written before the stack ran out',
    '(i32.store (i32.const 500) (i32.const 9)) (call $deep)',
    '(call $give (i32.load (i32.const 500)))',
    'ok 0',
    `${PAGE} (func $deep (call $deep))`,
    'trapped stackLimit',
  ),
  leak(
    'words that were pushed',
    '(call $push (i64.const 9))',
    '(call $push (i64.const 3)) (call $output (i32.const 8))',
    'ok 3',
  ),
  leak(
    'a large memory, all of it',
    '(memory.fill (i32.const 0) (i32.const 1) (i32.const 16777216))',
    '(call $give (i32.load (i32.const 16777212)))',
    'ok 0',
    '(memory 256)',
  ),
];

const MEMORY: readonly HostileModule[] = [
  {
    name: 'growing to the limit, and past it',
    module: wat(
      `${PAGE} (func (export "most") (call $give (memory.grow (i32.const 255)))) (func (export "more") (drop (memory.grow (i32.const 255))) (call $give (memory.grow (i32.const 1)))) (func (export "size") (call $give (memory.size)))`,
    ),
    calls: [
      call('most', 'ok 1'),
      call('size', 'ok 1'),
      call('more', 'trapped memoryLimit'),
      call('size', 'ok 1'),
      call('most', 'outOfGas', 500_000),
      call('size', 'ok 1'),
    ],
  },
  {
    name: 'a store into a memory without pages, twice',
    module: wat(`(memory 0) ${run('(i32.store (i32.const 0) (i32.const 1))')}`),
    calls: [call('run', 'trapped outOfBounds'), call('run', 'trapped outOfBounds'), call('run', 'trapped outOfBounds')],
  },
  {
    name: 'growing past the declared maximum',
    module: wat(`(memory 1 3) ${run('(call $give (memory.grow (i32.const 3)))')}`),
    calls: [call('run', 'ok -1'), call('run', 'ok -1')],
  },
  {
    name: 'growing by 2^32 - 1 pages',
    module: wat(`${PAGE} ${run('(call $give (memory.grow (i32.const -1)))')}`),
    calls: [call('run', 'trapped memoryLimit', MOST)],
  },
  {
    name: 'growing in every call',
    module: wat(
      `${PAGE} ${run('(drop (memory.grow (i32.const 1))) (i32.store (i32.const 65536) (i32.const 7)) (call $give (i32.load (i32.const 65536)))')}`,
    ),
    calls: Array.from({ length: 40 }, () => call('run', 'ok 7')),
  },
];

const EDGES: readonly HostileModule[] = [
  {
    name: 'gas at the edges',
    module: wat(
      `${PAGE} ${run('(call $give (i32.const 3))')} (func (export "fill") (memory.fill (i32.const 1) (i32.const 1) (i32.const -1)))`,
    ),
    calls: [
      call('run', 'outOfGas', 0),
      call('run', 'outOfGas', 1),
      call('run', 'ok 3', MOST),
      call('fill', 'trapped outOfBounds', MOST),
      call('fill', 'outOfGas'),
    ],
  },
  {
    name: 'a key of 2^32 - 1 bytes',
    module: wat(run('(drop (call $lookup (i32.const -1)))')),
    calls: [call('run', 'outOfGas'), call('run', 'trapped keyLength', MOST)],
  },
  {
    name: 'a value of 2^32 - 1 bytes',
    module: wat(run('(call $write (i32.const 0) (i32.const -1))')),
    calls: [call('run', 'outOfGas'), call('run', 'trapped valueLength', MOST)],
  },
  {
    name: 'an event of 2^33 bytes',
    module: wat(run('(call $event (i32.const -1) (i32.const -1))')),
    calls: [call('run', 'outOfGas'), call('run', 'trapped valueLength', MOST)],
  },
  {
    name: 'a slot that nobody gave',
    module: wat(run('(call $write (i32.const 7) (i32.const 0))')),
    calls: [call('run', 'trapped slot')],
  },
  {
    name: 'words without end',
    module: wat(run('(loop $l (call $push (i64.const 1)) (br $l))')),
    calls: [call('run', 'trapped stagedWords')],
  },
  {
    name: 'an import as a method',
    module: '(module (import "blockstm" "seed" (func $seed)) (export "run" (func $seed)))',
    calls: [call('run', 'ok')],
  },
  {
    name: 'a method that calls a method',
    module: wat(
      `(global $g (mut i32) (i32.const 0)) (func $one (export "one") (global.set $g (i32.add (global.get $g) (i32.const 1)))) ${run('(call $one) (call $one) (call $give (global.get $g))')}`,
    ),
    calls: [call('run', 'ok 2'), call('one', 'ok'), call('run', 'ok 2')],
  },
];

/** Modules that are deployed, and what becomes of their calls. */
export const HOSTILE_CALLS: readonly HostileModule[] = [...ENDLESS, ...DEEP, ...TRAPS, ...LEAKS, ...MEMORY, ...EDGES];
