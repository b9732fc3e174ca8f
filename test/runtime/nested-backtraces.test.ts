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
`;
const OUTER = `
import { Address } from "blockstm/assembly";
import { Inner } from "./inner.stub";
export function first(inner: Address, value: u64): void {
  // A failure that it survives is no part of the trace of a later one.
  new Inner(inner).tryCheck(value - 1);
  new Inner(inner).check(value);
}
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
    }),
);
