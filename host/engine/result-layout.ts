import type { KernelExports } from './kernel.js';

/** Where the result of a call is in its transaction's words, and what the log of writes looks like: numbers only, so that other threads can be sent it. */
export interface ResultLayout {
  /** A transaction has `1 << shift` bytes. */
  readonly shift: number;
  readonly status: number;
  readonly code: number;
  readonly output: number;
  readonly outputLength: number;
  readonly events: number;
  readonly gasUsed: number;
  /** Length of a value that is absent. */
  readonly absent: number;
  /** Bytes before the key of a logged write (assembly/kernel/commit.ts). */
  readonly writeHead: number;
}

export function resultLayout(kernel: KernelExports): ResultLayout {
  return {
    shift: kernel.TRANSACTION_SHIFT.value,
    status: kernel.TX_RESULT.value,
    code: kernel.TX_CODE.value,
    output: kernel.TX_OUTPUT.value,
    outputLength: kernel.TX_OUTPUT_LENGTH.value,
    events: kernel.TX_EVENTS.value,
    gasUsed: kernel.TX_GAS_USED.value,
    absent: kernel.ABSENT.value >>> 0,
    writeHead: kernel.WRITE_HEAD.value,
  };
}
