import { afterAll, describe, expect, it } from 'vitest';
import { addressOf } from '../support/contract-caller.js';
import { Runtimes } from '../support/runtimes.js';
import { compileErrorOf, compileSample, sdkImport } from '../support/sample-source.js';

const runtimes = new Runtimes();
afterAll(() => runtimes.close());

describe('@view', () => {
  const source = `
    import { Counter, emit, Map, Set, Value } from "blockstm/assembly";
    const count = new Value<u64>();
    const all = new Counter();
    @event class Seen { constructor(readonly by: u64) {} }
    interface Hidden { go(): void }
    class Put implements Hidden { go(): void { count.set(1); } }
    class Tell implements Hidden { go(): void { emit(new Seen(1)); } }
    class Add implements Hidden { go(): void { all.add(1); } }
    function run(it: Hidden): void { it.go(); }
    export function put(value: u64): void { count.set(value); }
    @view export function get(): u64 { return count.get(); }
    @view export function sneaks(): void { run(new Put()); }
    @view export function tells(): void { run(new Tell()); }
    @view export function adds(): void { run(new Add()); }
  `;

  it('may read, and is ended where it stores all the same', async () => {
    const runtime = await runtimes.get({ executor: 'block-stm', workers: 2 });
    const contract = await runtime.deploy((await compileSample(source)).wasm);
    expect(contract.interface?.methods.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'put call',
      'get view',
      'sneaks view',
      'tells view',
      'adds view',
    ]);
    const alice = addressOf('alice');
    const { receipts } = await runtime.execute({
      transactions: [
        contract.transaction(alice, 'put', { value: 5 }),
        ...['get', 'sneaks', 'tells', 'adds'].map((name) => contract.transaction(alice, name)),
      ],
    });
    expect([...receipts].map(({ status, error }) => error?.code ?? status)).toEqual([
      'ok',
      'ok',
      ...Array.from({ length: 3 }, () => 'readOnly'),
    ]);
    expect(receipts.get(1).output[0]).toBe(5);
  });

  it('may not store, by whatever name', async () => {
    const bodies: readonly (readonly [body: string, storing: string])[] = [
      ['count.set(1)', 'count.set(1)'],
      ['const slot = count.slot(); slot.set(1)', 'slot.set(1)'],
      ['map.at(1).set(2)', 'map.at(1).set(2)'],
      ['map.delete(1)', 'map.delete(1)'],
      ['set.add(1)', 'set.add(1)'],
      ['list.push(1)', 'list.push(1)'],
      ['counter.tryAdd(1)', 'counter.tryAdd(1)'],
      ['emit(new Seen(1))', 'emit(new Seen(1))'],
      ['abi.write(0, 0)', 'abi.write(0, 0)'],
      ['const b = map; b.set(1, 1)', 'b.set(1, 1)'],
      ['let b = map; const c = b; c.delete(1)', 'c.delete(1)'],
      ['(true ? list : list).push(1)', '(true ? list : list).push(1)'],
      ['const b: Counter = pick(); b.add(1)', 'b.add(1)'],
      ['pick().add(1)', 'pick().add(1)'],
      ['gov.inner.votes.set(1, 1)', 'gov.inner.votes.set(1, 1)'],
      ['const b = gov.inner.votes.at(1); b.set(1)', 'b.set(1)'],
      ['Box.total.add(1)', 'Box.total.add(1)'],
      ['alias.set(1)', 'alias.set(1)'],
      ['if (true) { const count: u64[] = []; } count.set(1)', 'count.set(1)'],
      ['for (let count = 0; count < 1; count++) {} count.set(1)', 'count.set(1)'],
      ['switch (1) { case 1: const count: u64[] = []; default: count.set(1); }', 'count.set(1)'],
      ['count.set(1); const count: u64 = 1', 'count.set(1)'],
      ['const b: u64 = 1; { const b = map; b.set(1, 1); }', 'b.set(1, 1)'],
      ['tally.set(1, 1)', 'tally.set(1, 1)'],
      ['const f = (): void => { count.set(1); }; f()', 'count.set(1)'],
      ['sdk.setOwner(sdk.context.self())', 'sdk.setOwner(sdk.context.self())'],
      ['sdk.abi.write(0, 0)', 'sdk.abi.write(0, 0)'],
    ];
    const error = await compileErrorOf(`${sdkImport}
import * as sdk from "blockstm/assembly";
const count = new Value<u64>();
const map = new Map<u64, u64>();
const set = new Set<u64>();
const list = new Vector<u64>();
const counter = new Counter();
@event class Seen { constructor(readonly by: u64) {} }
namespace gov { export namespace inner { export const votes = new Map<u64, u64>(); } }
class Box { static readonly total: Counter = new Counter(); }
const alias = count;
type Tally = CounterMap<u64>;
const tally = new Tally();
function pick(): Counter { return counter; }
${bodies.map(([body], index) => `@view export function look${index}(): void { ${body}; }`).join('\n')}`);
    expect(error.problems.map(({ line, column, message }) => ({ line, column, message }))).toEqual(
      bodies.map(([body, storing], index) => ({
        line: 16 + index,
        column: `@view export function look${index}(): void { `.length + body.indexOf(storing) + 1,
        message: `the view "look${index}" stores: take @view away, or do not store here`,
      })),
    );
    expect(error.message).toContain('^'.repeat('count.set(1)'.length));
  });

  it('may not store through what it calls', async () => {
    const ways: readonly (readonly [declared: string, body: string, through: string])[] = [
      ['function helper(): void { count.set(1); }', 'helper()', 'helper'],
      ['namespace n { export function inner(): void { count.set(1); } }', 'n.inner()', 'inner'],
      ['class A { put(): void { count.set(1); } }', 'new A().put()', 'put'],
      ['class B { static put(): void { count.set(1); } }', 'B.put()', 'put'],
      ['class C { constructor() { count.set(1); } }', 'new C()', 'constructor'],
      ['class D { get next(): u64 { count.set(1); return 1; } }', 'const b = new D(); b.next', 'next'],
      ['class E { put(): void { count.set(1); } } class F extends E {}', 'new F().put()', 'put'],
      ['class G { put(): void { count.set(1); } go(): void { this.put(); } }', 'new G().go()', 'put'],
      ['class H { put(): void { count.set(1); } } function putIn(h: H): void { h.put(); }', 'putIn(new H())', 'put'],
      ['class I { set x(y: u64) {} get x(): u64 { count.set(1); return 1; } }', 'new I().x', 'x'],
      ['class J { get x(): u64 { return 1; } set x(y: u64) { count.set(1); } }', 'new J().x = 1', 'x'],
      ['class K { get x(): u64 { return 1; } set x(y: u64) { count.set(1); } }', 'const k = new K(); k.x++', 'x'],
      ['class L { static get x(): u64 { count.set(1); return 1; } }', 'L.x', 'x'],
      [
        'class M { constructor() { count.set(1); } } class N extends M { constructor() { super(); } }',
        'new N()',
        'constructor',
      ],
      [
        'class O { put(): void { count.set(1); } } class P extends O { put(): void { super.put(); } }',
        'new P().put()',
        'put',
      ],
      [
        'function bump(): u64 { count.set(1); return 1; } class Q { x: u64 = bump(); } class R extends Q {}',
        'new R()',
        'bump',
      ],
      [
        'function more(): u64 { count.set(1); return 1; } function by(x: u64 = more()): u64 { return x; }',
        'by()',
        'more',
      ],
      ['class S { @operator("+") plus(s: S): S { count.set(1); return s; } }', 'const s = new S(); s + s', 'plus'],
      ['class T { @operator.postfix("++") up(): T { count.set(1); return this; } }', 'let t = new T(); t++', 'up'],
      [
        'class U { @operator("[]") at(x: u64): u64 { return x; } @operator("[]=") keep(x: u64, y: u64): void { count.set(1); } }',
        'const u = new U(); u[1] = 2',
        'keep',
      ],
      ['class V { static put(): void { count.set(1); } } class W extends V {}', 'W.put()', 'put'],
      [
        'function later(x: u64, i: i32, all: u64[]): void { count.set(1); }',
        'const l: u64[] = [1]; l.forEach(later)',
        'later',
      ],
      ['function into<X>(x: X): void { x.set(1); }', 'into(count)', 'into'],
      ['class Y<X> { put(): void { count.set(1); } }', 'new Y<u64>().put()', 'put'],
      ['class Z { x: u64 = 0; put(): void { count.set(1); } } const z = new Value<Z>();', 'z.get().put()', 'put'],
      [
        'class AA { get slot(): Slot<u64> { return count.slot(); } } function fill(a: AA): void { a.slot.set(1); }',
        'fill(new AA())',
        'fill',
      ],
      [
        'class AB { x: u64 = 0; run(): void {} } class AC { run(): void { count.set(1); } } function apply<X>(x: X): void { x.run(); }',
        'apply(new AB()); apply(new AC())',
        'run',
      ],
      [
        'const quiet = new Map<u64, AB>(); function first<X>(x: X): void { x.get(1).run(); } class AD { x: u64 = 0; go(): void { count.set(1); } run(): void { this.go(); } } const louder = new Map<u64, AD>();',
        'first(quiet); first(louder)',
        'go',
      ],
      [
        'class AE extends AF { run(): void { count.set(1); } } class AF { get it(): AF { return new AF(); } }',
        'const it = new AF(); (it.it as AE).run()',
        'run',
      ],
      [
        'class AG { put(): void { count.set(1); } } class AH<X> { constructor(readonly x: X) {} go(): void { this.x.put(); } }',
        'new AH<AG>(new AG()).go()',
        'put',
      ],
      [
        'class AI { put(): void { count.set(1); } } class AJ<X> { constructor(readonly x: X) {} } class AK extends AJ<AI> {}',
        'new AK(new AI()).x.put()',
        'put',
      ],
      [
        'class AL { put(): void { count.set(1); } } function same<X>(x: X): X { return x; }',
        'same(new AL()).put()',
        'put',
      ],
      [
        'class AM { put(): void { count.set(1); } } function make<X>(box: AH<X>): X { return box.x; }',
        'make<AM>(new AH<AM>(new AM())).put()',
        'put',
      ],
      [
        'class AN { x: u64 = 0; put(): void { count.set(1); } } type Held<X> = Value<X>; const held = new Value<AN>(); function keeper(): Held<AN> { return held; }',
        'keeper().get().put()',
        'put',
      ],
    ];
    const error = await compileErrorOf(`${sdkImport.trimEnd()} import { Slot } from "blockstm/assembly";
const count = new Value<u64>();
${ways.map(([declared]) => declared).join('\n')}
${ways.map(([, body], index) => `@view export function look${index}(): void { ${body}; }`).join('\n')}`);
    expect(error.problems.map(({ line, column, message }) => ({ line, column, message }))).toEqual(
      ways.map(([declared, , through], index) => ({
        line: 3 + index,
        column: declared.search(/[\w.]+\.set\(1\)/) + 1,
        message: `the view "look${index}" stores through "${through}": take @view away, or do not store here`,
      })),
    );
  });

  it('may change what is not stored', async () => {
    const bodies = [
      'const list = new Array<u64>(); list.push(count.get()); list.pop()',
      'const count = new Array<u64>(); count.push(1)',
      'if (true) { const b = new Array<u64>(); b.push(1); } else { const b = other; b.get(1); }',
      'const box = new Box(); box.add(1); box.set(2); box.held.push(3)',
      'push(1)',
      'checked.add<u64>(1, 2)',
      'const f = (count: u64[]): void => { count.push(1); }; f([])',
      'new Pair().next',
      'new Pair().last = 1',
      'const held = new Box().held; held.push(1)',
      'const count: u64[] = []; { count.push(1); { count.pop(); } }',
      'new Shelf<Box>(new Box()).item.set(1); new Bag<Box>().add(new Box())',
      'hand<Box>(new Box())',
      'let one = 1; { let count: u64[] = []; count.push(1); } { let count: u64[] = []; count.pop(); }',
      '{ var total: u64[] = []; } total.push(1)',
    ];
    const { layout } = await compileSample(`${sdkImport}
import { checked } from "blockstm/assembly";
const count = new Value<u64>();
const other = new Map<u64, u64>();
class Pair {
  set next(x: u64) { count.set(x); }
  get next(): u64 { return 1; }
  get last(): u64 { count.set(1); return 1; }
  set last(x: u64) {}
}
class Box { held: u64[] = []; add(x: u64): void {} set(x: u64): void {} }
function push(x: u64): void {}
class T { set(x: u64): void { count.set(x); } }
class Shelf<T> { constructor(readonly item: T) {} take(): void { this.item.set(1); } }
class Bag<Value> { add(it: Value): void { it.set(1); } }
function hand<T>(it: T): void { it.set(1); }
const total = new Vector<u64>();
${bodies.map((body, index) => `@view export function look${index}(): void { ${body}; }`).join('\n')}`);
    expect(layout.fields).toHaveLength(3);
  });

  it('is looked at in a time that does not double with every link of a chain of calls', async () => {
    const { layout } = await compileSample(`${sdkImport}
class Text { more(): Text { return this; } }
@view export function long(): void { const text = new Text()${'.more()'.repeat(300)}; text${'.more()'.repeat(300)}; }`);
    expect(layout.fields).toHaveLength(0);
  });
});
