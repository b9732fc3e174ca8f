// Every workload with what it says that it needs, and no location more.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { blockDifference } from '../../dist/bench/difference.js';
import { resolveOptions, WORKLOADS, type Workload, type WorkloadCall } from '../../dist/bench/index.js';
import { builtContractPath } from '../../dist/bench/package.js';
import { paddedAddress } from '../../dist/bench/workloads/address.js';
import {
  type BlockResult,
  type Contract,
  createRuntime,
  type ExecutorName,
  type Runtime,
} from '../../dist/host/index.js';

const BLOCKS = 3;
const CALLS = 3_000;
/** The least that a runtime takes. */
const LOCATIONS_MIN = 1_024;

/** So many that the limit is the workload's own, where that depends on parameters. */
const sizes: Readonly<Record<string, Readonly<Record<string, number | string>>>> = {
  drift: { keys: 3_000, pointers: 500, drift: 1 },
  'erc20-clusters': { clusters: 20, families: 20, people: 4 },
  amm: { users: 500, pools: 50, theta: 0.2 },
  'nft-mint': { users: 500, shards: 50 },
  auction: { users: 500, auctions: 400, coins: 50 },
  lending: { users: 500, markets: 50 },
  ycsb: { records: 3_000, operations: 20, theta: 0.2 },
  smallbank: { customers: 1_000, theta: 0.2 },
  hybrid: { users: 500, hotAccess: 0.3 },
};

const address = (hex: string) => Uint8Array.from(Buffer.from(paddedAddress(hex).slice(2), 'hex'));

function start(workload: Workload, executor: ExecutorName): Promise<Runtime> {
  const locations = Math.max(LOCATIONS_MIN, workload.locations(BLOCKS));
  return createRuntime({ executor, workers: 4, limits: { locations } });
}

async function executed(workload: Workload, runtime: Runtime): Promise<BlockResult[]> {
  const contracts = new Map<string, Contract>();
  for (const { name, address: at, wasm, init } of workload.contracts) {
    const first = init && { init: { sender: address(init.sender), args: init.args } };
    const code = readFileSync(builtContractPath(wasm));
    contracts.set(name, await runtime.deploy(code, { address: address(at), ...first }));
  }
  const run = (calls: readonly WorkloadCall[]) =>
    runtime.execute({
      transactions: calls.map(({ sender, contract, method, args }) =>
        (contracts.get(contract) as Contract).transaction(address(sender), method, args),
      ),
    });
  const results: BlockResult[] = [];
  for (let index = 0; index < BLOCKS; index++) {
    const preparation = workload.preparation(index);
    if (preparation.length > 0) {
      const { receipts } = await run(preparation);
      expect([...receipts].filter(({ status }) => status !== 'ok')).toEqual([]);
    }
    results.push(await run(workload.block(index)));
  }
  return results;
}

test.each(WORKLOADS.map(({ name }) => name))('%s keeps to the locations that it names', async (name) => {
  const { workload } = resolveOptions({ workload: name, params: sizes[name] ?? {}, blockSize: CALLS });
  await using parallel = await start(workload, 'block-stm');
  await using sequential = await start(workload, 'sequential');
  const [results, expected] = [await executed(workload, parallel), await executed(workload, sequential)];
  for (const [index, result] of results.entries()) {
    expect(blockDifference(result, expected[index] as BlockResult)).toBeUndefined();
  }
  expect(await parallel.stateHash()).toBe(await sequential.stateHash());
});
