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

  it.each([
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
    ['tally.set(1, 1)', 'tally.set(1, 1)'],
    ['const f = (): void => { count.set(1); }; f()', 'count.set(1)'],
    ['sdk.setOwner(sdk.context.self())', 'sdk.setOwner(sdk.context.self())'],
    ['sdk.abi.write(0, 0)', 'sdk.abi.write(0, 0)'],
  ])('may not %s', async (body, storing) => {
    const error = await compileErrorOf(`${sdkImport}
const count = new Value<u64>();
const map = new Map<u64, u64>();
const set = new Set<u64>();
const list = new Vector<u64>();
const counter = new Counter();
@event class Seen { constructor(readonly by: u64) {} }
import * as sdk from "blockstm/assembly";
namespace gov { export namespace inner { export const votes = new Map<u64, u64>(); } }
class Box { static readonly total: Counter = new Counter(); }
const alias = count;
type Tally = CounterMap<u64>;
const tally = new Tally();
function pick(): Counter { return counter; }
@view
export function look(): void { ${body}; }`);
    const column = 'export function look(): void { '.length + body.indexOf(storing) + 1;
    expect(error).toMatchObject({ line: 17, column });
    expect(error.message).toContain('the view "look" stores: take @view away');
    expect(error.message).toContain('^'.repeat(storing.length));
  });

  it.each([
    ['function helper(): void { count.set(1); }', 'helper()', 'helper'],
    ['namespace n { export function helper(): void { count.set(1); } }', 'n.helper()', 'helper'],
    ['class Box { put(): void { count.set(1); } }', 'new Box().put()', 'put'],
    ['class Box { static put(): void { count.set(1); } }', 'Box.put()', 'put'],
    ['class Box { constructor() { count.set(1); } }', 'new Box()', 'constructor'],
    ['class Box { get next(): u64 { count.set(1); return 1; } }', 'const b = new Box(); b.next', 'next'],
    ['class Base { put(): void { count.set(1); } } class Box extends Base {}', 'new Box().put()', 'put'],
    ['class Box { put(): void { count.set(1); } go(): void { this.put(); } }', 'new Box().go()', 'put'],
    [
      'class Box { put(): void { count.set(1); } } function putIn(b: Box): void { b.put(); }',
      'putIn(new Box())',
      'put',
    ],
  ])('may not store through what it calls: %s', async (declared, body, through) => {
    const error = await compileErrorOf(`${sdkImport}
const count = new Value<u64>();
${declared}
@view
export function look(): void { ${body}; }`);
    expect(error).toMatchObject({ line: 4, column: declared.indexOf('count.set(1)') + 1 });
    expect(error.message).toContain(`the view "look" stores through "${through}"`);
  });

  it.each([
    'const list = new Array<u64>(); list.push(count.get()); list.pop()',
    'const count = new Array<u64>(); count.push(1)',
    'if (true) { const b = new Array<u64>(); b.push(1); } else { const b = other; b.get(1); }',
    'const box = new Box(); box.add(1); box.set(2); box.held.push(3)',
    'push(1)',
    'checked.add<u64>(1, 2)',
  ])('may change what is not stored: %s', async (body) => {
    const { layout } = await compileSample(`${sdkImport}
import { checked } from "blockstm/assembly";
const count = new Value<u64>();
const other = new Map<u64, u64>();
class Box { held: u64[] = []; add(x: u64): void {} set(x: u64): void {} }
function push(x: u64): void {}
@view
export function look(): void { ${body}; }`);
    expect(layout.fields).toHaveLength(2);
  });
});
