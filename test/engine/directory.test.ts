import { expect, test } from 'vitest';
import { Directory } from '../../dist/host/engine/directory.js';
import type { KernelExports } from '../../dist/host/engine/kernel.js';
import type { CheckedCode } from '../../dist/host/runtime/codes.js';
import { Contracts } from '../../dist/host/runtime/contracts.js';
import { Random } from '../support/random.js';

/** The contracts' table of a kernel, which counts what is entered. */
class Table {
  readonly codes = new Map<number, number>();
  entered = 0;

  get kernel(): KernelExports {
    const exports: Partial<Record<keyof KernelExports, unknown>> = {
      NAME_BYTES: { value: 8 },
      MAX_METHOD_LENGTH: { value: 256 },
      takePersistentChunks: () => 0,
      placeDirectory: () => this.codes.clear(),
      clearContracts: () => this.codes.clear(),
      enterContract: (index: number, code: number) => {
        this.entered++;
        this.codes.set(index, code);
      },
    };
    return exports as unknown as KernelExports;
  }
}

const memory = new WebAssembly.Memory({ initial: 1 });

function code(firstEntry: number): CheckedCode {
  return { hash: String(firstEntry), methods: ['go'], firstEntry } as unknown as CheckedCode;
}

function addressOf(number: number): Uint8Array {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}

test('a deployment costs the directory what it adds, however many contracts there are', () => {
  const table = new Table();
  const directory = new Directory(table.kernel, memory);
  const contracts = new Contracts();
  const deployments = 5000;
  for (let index = 0; index < deployments; index++) {
    const block = contracts.forBlock();
    block.put(code(index), addressOf(index), () => index);
    directory.show(block);
    contracts.adopt(block);
    directory.show(contracts);
  }
  expect(table.codes.size).toBe(deployments);
  // Once, and again each time that the table grows to four times what is in it.
  expect(table.entered).toBeLessThan(deployments * 3);
});

test('what is shown is what the branch has, whatever was deployed, upgraded and taken back elsewhere', () => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  console.info(`directory: seed ${seed}`);
  const random = new Random(seed);
  const table = new Table();
  const directory = new Directory(table.kernel, memory);
  const main = new Contracts();
  /** Each branch, and what it has: codes by the contracts' indices. */
  const branches: { readonly contracts: Contracts; readonly codes: Map<number, number> }[] = [
    { contracts: main, codes: new Map() },
  ];
  let indices = 0;
  for (let step = 0; step < 1000; step++) {
    const branch = branches[random.below(branches.length)] as (typeof branches)[number];
    const { contracts, codes } = branch;
    if (branches.length < 8 && random.below(20) === 0) {
      branches.push({ contracts: contracts.fork(), codes: new Map(codes) });
      continue;
    }
    const block = contracts.forBlock();
    const after = new Map(codes);
    const known = [...codes.keys()];
    const isUpgrade = known.length > 0 && random.below(4) === 0;
    const index = isUpgrade ? (known[random.below(known.length)] as number) : indices++;
    block.put(code(step), addressOf(index), () => index);
    after.set(index, step);
    if (random.below(4) > 0) directory.show(block);
    if (random.below(3) === 0) block.drop();
    else {
      contracts.adopt(block);
      branch.codes.clear();
      for (const [each, its] of after) codes.set(each, its);
    }
    const shown = branches[random.below(branches.length)] as (typeof branches)[number];
    directory.show(shown.contracts);
    expect(new Map([...table.codes].sort(([a], [b]) => a - b)), `step ${step}`).toEqual(
      new Map([...shown.codes].sort(([a], [b]) => a - b)),
    );
  }
});
