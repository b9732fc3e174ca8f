import { expect, test } from 'vitest';
import { Instances } from '../../dist/host/engine/instances.js';
import type { Kernel, RunMethod } from '../../dist/host/engine/kernel.js';
import { textToWasm } from '../support/wasm-text.js';

test('an instance that has grown is replaced before the next call, however often the machine refuses another', () => {
  const wasm = textToWasm('(module (import "env" "grown" (func $grown)) (func (export "grow") (call $grown)))');
  let refuses = false;
  const kernel = {
    serve: () => {},
    contractImports: (grown: () => void) => {
      if (refuses) throw new RangeError('WebAssembly.Instance(): Out of memory');
      return { env: { grown } };
    },
  } as unknown as Kernel;
  const instances = new Instances(kernel);
  instances.install({ module: new WebAssembly.Module(wasm), methods: ['grow'], firstEntry: 0 });
  const first = instances.methods[0] as () => void;
  first();
  first();
  refuses = true;
  expect(() => instances.renew()).toThrow('Out of memory');
  expect(instances.grown.length).toBeGreaterThan(0);
  expect(() => instances.renew()).toThrow('Out of memory');
  refuses = false;
  instances.renew();
  expect(instances.grown).toEqual([]);
  expect(instances.methods[0]).not.toBe(first);
});

test('a code has as many instances as are on the stack at once, each made once, and replaced where it has grown', () => {
  const wasm = textToWasm(
    '(module (import "env" "grown" (func $grown)) (import "env" "note" (func $note (param i32))) (global $count (mut i32) (i32.const 0))' +
      '(func (export "grow") (call $grown)) (func (export "trap") (unreachable))' +
      '(func (export "count") (global.set $count (i32.add (global.get $count) (i32.const 1))) (call $note (global.get $count))))',
  );
  let run: RunMethod = () => 0;
  let refuses = false;
  let made = 0;
  const counts: number[] = [];
  const kernel = {
    serve: (given: RunMethod) => {
      run = given;
    },
    contractImports: (grown: () => void) => {
      if (refuses) throw new RangeError('WebAssembly.Instance(): Out of memory');
      made++;
      return { env: { grown, note: (count: number) => counts.push(count) } };
    },
  } as unknown as Kernel;
  const instances = new Instances(kernel);
  const [grow, trap, count] = [5, 6, 7];
  instances.install({ module: new WebAssembly.Module(wasm), methods: ['grow', 'trap', 'count'], firstEntry: 5 });
  for (const position of [0, 1, 2, 1, 0, 2]) run(count, position, 0);
  expect({ made, counts }).toEqual({ made: 3, counts: [1, 1, 1, 2, 2, 2] });
  expect(run(trap, 2, 1)).toBeGreaterThan(0);
  expect(() => run(trap, 2, 0)).toThrow(WebAssembly.RuntimeError);

  // Grown: another one at once, where it is called again; the others stay.
  run(grow, 1, 0);
  run(count, 2, 0);
  run(count, 1, 0);
  expect({ made, counts: counts.slice(6) }).toEqual({ made: 4, counts: [3, 1] });
  run(grow, 0, 0);
  expect(instances.isRenewalDue).toBe(true);
  instances.renew();
  (instances.methods[count] as () => void)();
  expect(counts.at(-1)).toBe(1);
  expect(instances.isRenewalDue).toBe(false);

  // The machine refuses one: nothing runs, and the next one is asked for again.
  refuses = true;
  expect(run(count, 3, 1)).toBe(-1);
  refuses = false;
  expect(run(count, 3, 1)).toBe(0);

  // More than are kept are dropped between transactions.
  for (let position = 1; position < 200; position++) run(count, position, 0);
  expect(instances.isRenewalDue).toBe(true);
  instances.renew();
  const before = made;
  run(count, 1, 0);
  run(count, 0, 0);
  expect({ made, last: counts.at(-1) }).toEqual({ made: before + 1, last: 2 });
});
