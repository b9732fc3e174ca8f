import type { ExecutorName, Policy } from '../../host/index.js';
import type { Cell } from './cell.js';

/** For both executors that a user has reason to choose. */
function both(cell: Cell): Cell[] {
  return (['auto', 'block-stm'] satisfies ExecutorName[]).map((executor) => ({ ...cell, executor }));
}

/** A block this small takes about as long as the clock's steps: the median needs more of them. */
const SMALL_BLOCK_REPEATS = 101;

/** What is said about the engine: where it gains, where it cannot, and what small blocks and reading receipts cost. */
const core: readonly Cell[] = [
  ...both({ workload: 'p2p', params: { accounts: 10_000 } }),
  ...both({ workload: 'p2p', params: { accounts: 1_000 } }),
  ...both({ workload: 'p2p', params: { accounts: 100 } }),
  ...both({ workload: 'p2p', params: { accounts: 2 } }),
  ...both({ workload: 'chain', params: { distance: 1 } }),
  ...both({ workload: 'hotspot' }),
  { workload: 'compute', params: { accounts: 10_000, rounds: 3_000 }, executor: 'block-stm' },
  { workload: 'compute', params: { accounts: 10_000, rounds: 30_000 }, executor: 'block-stm' },
  { workload: 'counter', params: { counter: 'delta' }, executor: 'block-stm' },
  { workload: 'counter', params: { counter: 'none' }, executor: 'block-stm' },
  { workload: 'counter', params: { counter: 'plain' }, executor: 'block-stm' },
  { workload: 'aba-samevalue', executor: 'block-stm', policy: { validate: 'value' } },
  { workload: 'aba-samevalue', executor: 'block-stm', policy: { validate: 'version' } },
  ...both({ workload: 'mainnet' }),
  { workload: 'p2p', params: { accounts: 10_000 }, executor: 'block-stm', workers: 1 },
  { workload: 'p2p', params: { accounts: 2 }, executor: 'block-stm', workers: 8 },
  { workload: 'p2p', params: { accounts: 10_000 }, executor: 'block-stm', workers: 8 },
  ...[1, 10, 100].map(
    (blockSize): Cell => ({
      workload: 'p2p',
      params: { accounts: 10_000 },
      executor: 'auto',
      blockSize,
      repeatsMin: SMALL_BLOCK_REPEATS,
    }),
  ),
  { workload: 'p2p', params: { accounts: 10_000 }, executor: 'auto', endToEnd: true },
  { workload: 'p2p', params: { accounts: 100_000 }, executor: 'auto', blockSize: 100_000 },
];

/** Everything on, and then one thing at a time otherwise. */
const POLICIES: readonly Partial<Policy>[] = [
  {},
  { validate: 'version' },
  { grain: 1 },
  { grain: 16 },
  { estimates: false },
  { suspend: 'abort' },
  { deltas: false },
];

const ABLATED: readonly Cell[] = [
  { workload: 'p2p', params: { accounts: 1_000 } },
  { workload: 'p2p', params: { accounts: 2 } },
  { workload: 'counter' },
  { workload: 'aba-samevalue' },
  { workload: 'compute', params: { accounts: 100 } },
  { workload: 'mainnet' },
];

/** What each policy is worth. */
const ablation: readonly Cell[] = ABLATED.flatMap((cell) =>
  POLICIES.map((policy): Cell => ({ ...cell, executor: 'block-stm', policy })),
);

/** Fixed lists of measurements, by name. */
export const SUITES: Readonly<Record<string, readonly Cell[]>> = { core, ablation };
