import { expect, test } from 'vitest';
import { Instances } from '../../dist/host/engine/instances.js';
import type { Kernel } from '../../dist/host/engine/kernel.js';
import { textToWasm } from '../support/wasm-text.js';

test('an instance that has grown is replaced before the next call, however often the machine refuses another', () => {
  const wasm = textToWasm('(module (import "env" "grown" (func $grown)) (func (export "grow") (call $grown)))');
  let refuses = false;
  const kernel = {
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
