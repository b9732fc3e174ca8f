// What a chain for tests is told, and what it tells.

import type {
  BlockResult,
  BlockStatistics,
  ClientTypes,
  ContractClient,
  RuntimeOptions,
  WriteSetEntry,
} from '../index.js';
import type { AccountLike } from './account.js';
import type { CallReceipt } from './call-receipt.js';
import type { FirstArguments } from './methods.js';

/** Enough for any test, and ready at once. */
export const LIMITS = { memoryMiB: 256, locations: 65_536, transactions: 65_536 } as const;

/** 2023-11-14T22:13:20Z: not 0, which contracts take for "never". */
export const START_TIME = 1_700_000_000n;

export const OPTIONS = [
  'workers',
  'executor',
  'policy',
  'backtraces',
  'logger',
  'limits',
  'time',
  'chainId',
  'seed',
] as const;

/** Default: two workers, the executor `block-stm`, and failures that say where they come from. */
export interface TestChainOptions
  extends Pick<RuntimeOptions, 'workers' | 'executor' | 'policy' | 'backtraces' | 'logger'> {
  /** Default 256 MiB of memory, 65,536 locations, 65,536 calls in a block. */
  readonly limits?: RuntimeOptions['limits'];
  /** Unix time in seconds at the beginning. Default 1,700,000,000. */
  readonly time?: bigint | number;
  /** What the blocks' context says. Default 0. */
  readonly chainId?: bigint;
  /** 32 bytes, what the blocks' context says. Default all zero. */
  readonly seed?: Uint8Array;
}

export interface TestDeployOptions<Types extends ClientTypes = ClientTypes> {
  /** The contract's client, for the types of its methods and events. */
  readonly client?: ContractClient<Types>;
  /** What the contract is called in messages. Default: its name in its interface. */
  readonly name?: string;
  /** 32 bytes. Default: made from the code and the number of contracts before it. */
  readonly address?: Uint8Array;
  /** The arguments of its constructor. May be left out where that takes none, or there is none. */
  readonly init?: FirstArguments<Types, 'init'>;
  /** Who calls the constructor. Default: the account "deployer". */
  readonly as?: AccountLike;
}

export interface TestUpgradeOptions<Types extends ClientTypes = ClientTypes> {
  /** The client of the new code. */
  readonly client?: ContractClient<Types>;
  /** The arguments of its `@migrate` method. May be left out where that takes none, or there is none. */
  readonly migrate?: FirstArguments<Types, 'migrate'>;
  /** Who calls that method. Default: the account "deployer". */
  readonly as?: AccountLike;
  /** Whether the new code may lose or misread what is stored. Default false. */
  readonly allowUnsafe?: boolean;
}

/** A block that was executed. */
export interface TestBlock {
  readonly height: bigint;
  /** In the order of the calls. */
  readonly receipts: readonly CallReceipt[];
  readonly writeSet: readonly WriteSetEntry[];
  readonly stats: BlockStatistics;
}

/** What a block would give. */
export interface Rehearsal extends Pick<BlockResult, 'receipts' | 'writeSet' | 'stats'> {
  /** Of the state after it. */
  readonly stateHash: string;
}
