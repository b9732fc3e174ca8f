import type { CallReceipt } from './call-receipt.js';

/** A call that a test expected to succeed and that did not. Only of tests: a runtime never throws what a contract does. */
export class CallFailed extends Error {
  readonly receipt: CallReceipt;

  /** @param stack - Lines of the stack where the call was written. */
  constructor(receipt: CallReceipt, stack?: string) {
    super(`${receipt.call} ${describeFailure(receipt)}`);
    this.name = 'CallFailed';
    this.receipt = receipt;
    // Where the call was written, not where its receipt came back to.
    if (stack !== undefined) this.stack = `${this.name}: ${this.message}\n${stack}`;
  }
}

/** `reverted: insufficient balance` */
export function describeFailure({ status, error }: Pick<CallReceipt, 'status' | 'error'>): string {
  if (error === undefined) return status;
  const code = error.code === 'revert' ? '' : ` (${error.code})`;
  return `${status}: ${error.message}${code}`;
}
