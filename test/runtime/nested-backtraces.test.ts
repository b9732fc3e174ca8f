import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compile } from '../../dist/host/contract/index.js';
import { createRuntime } from '../../dist/host/index.js';
import { withDirectory } from '../support/directories.js';
import { address } from '../support/programs.js';
import { SMALL_MEMORY } from '../support/runtimes.js';

const alice = address(1);
const INNER = `
import { require } from "blockstm/assembly";
export function check(value: u64): void { require(value > 10, "too small"); }
function dig(depth: u64): u64 { require(depth > 0, "at the bottom"); return dig(depth - 1) + 1; }
export function deep(depth: u64): u64 { return dig(depth); }
`;
const OUTER = `
import { Address } from "blockstm/assembly";
import { Inner } from "./inner.stub";
export function first(inner: Address, value: u64): void {
  // A failure that it survives is no part of the trace of a later one.
  new Inner(inner).tryCheck(value - 1);
  new Inner(inner).check(value);
}
export function second(inner: Address, depth: u64): u64 { return new Inner(inner).deep(depth); }
`;

test.each(['sequential', 'block-stm'] as const)(
  '%s: where a contract that was called fails, the trace goes through all of them and names each',
  (executor) =>
    withDirectory(async (directory) => {
      await writeFile(join(directory, 'inner.ts'), INNER);
      const modules = [
        await compile({ source: INNER, name: 'inner' }, { debug: true }),
        await compile({ source: OUTER, name: 'outer', directory }, { debug: true }),
      ];
      await using runtime = await createRuntime({ workers: 2, limits: SMALL_MEMORY, executor, backtraces: true });
      const [inner, outer] = [
        await runtime.deploy(modules[0]?.wasm as Uint8Array, { address: address(50) }),
        await runtime.deploy(modules[1]?.wasm as Uint8Array, { address: address(51) }),
      ];
      const call = outer.transaction(alice, 'first', { inner: inner.address, value: 7 });
      const { receipts } = await runtime.execute({ transactions: [call] });
      const views = [await runtime.view(call), await runtime.view(call)];
      for (const receipt of [receipts.get(0), ...views]) {
        expect(receipt.error).toMatchObject({
          code: 'revert',
          message: 'too small',
          position: { file: 'inner.ts', line: 3 },
        });
        const frames = receipt.error?.backtrace?.filter(({ file }) => file === 'inner.ts' || file === 'outer.ts');
        expect(frames?.map(({ file, line, contract }) => [file, line, contract])).toEqual([
          ['inner.ts', 3, inner.address],
          ['outer.ts', 7, outer.address],
        ]);
      }
      // More frames than are noted: those of the outer contract are not among them.
      const dug = outer.transaction(alice, 'second', { inner: inner.address, depth: 200 });
      const deep = (await runtime.execute({ transactions: [dug] })).receipts.get(0);
      expect(deep.error?.message).toBe('at the bottom');
      const named = deep.error?.backtrace?.map(({ contract }) => Buffer.from(contract as Uint8Array).toString('hex'));
      expect(named?.length).toBeGreaterThan(50);
      expect(new Set(named)).toEqual(new Set([Buffer.from(inner.address).toString('hex')]));
    }),
);
