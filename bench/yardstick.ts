import type { WorkloadCall } from './workloads/workload.js';

/** A transfer with nothing left to decode. */
export interface PlainTransfer {
  /** `"0x"` and 64 hex digits. */
  readonly from: string;
  readonly to: string;
  /** Below 2^64. */
  readonly amount: bigint;
}

/**
 * The same payments without contracts: it bounds from above what a runtime can do, and it is a second opinion on which
 * transfers fail.
 */
export interface Yardstick {
  mint(to: string, amount: bigint): void;
  /** Bring a block of transfers into the form in which they are executed; not measured. */
  load(transfers: readonly PlainTransfer[]): void;
  /** Execute the block loaded last, in order. @returns how many transfers failed for want of funds. */
  execute(): number;
}

export function plainTransfers(calls: readonly WorkloadCall[]): PlainTransfer[] {
  return calls.map(({ sender, args }) => ({
    from: sender,
    to: args.to as string,
    amount: BigInt(args.amount as string),
  }));
}
