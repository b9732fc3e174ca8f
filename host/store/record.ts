/**
 * A block that was executed, as a runtime hands it to its store: raw, so that whoever has the time makes the canonical form of it (seal.ts). It survives a
 * structured clone, and what is large in it is shared or can be sent without copying.
 */
import type { RecordedCalls } from '../engine/recorded-calls.js';
import type { ResultLayout } from '../engine/result-layout.js';
import type { CopiedLog } from '../engine/snapshot.js';
import type { BlockContext } from '../runtime/types.js';

export type { CallTarget, RecordedCalls } from '../engine/recorded-calls.js';
export type { ResultLayout } from '../engine/result-layout.js';
export type { CopiedChunk, CopiedLog } from '../engine/snapshot.js';

/** A deployment: the first thing that a block does. Where there is a contract at the address, it has this code from then on. */
export interface Deployment {
  readonly address: Uint8Array;
  readonly codeHash: string;
  readonly isUpgrade: boolean;
  /** The Wasm; undefined where the chain has it already. */
  readonly wasm: Uint8Array | undefined;
}

export interface BlockRecord {
  readonly context: BlockContext;
  readonly deployments: readonly Deployment[];
  readonly calls: RecordedCalls;
  readonly layout: ResultLayout;
  /** The transactions' words. */
  readonly transactions: ArrayBufferLike;
  readonly reports: CopiedLog;
  readonly writes: CopiedLog;
  /** Addresses of contracts that events and writes name by their index: those that no record before has named. */
  readonly addresses: readonly (readonly [index: number, address: Uint8Array])[];
}
