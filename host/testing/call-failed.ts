import type { CallReceipt } from './call-receipt.js';

/** A call that a test expected to succeed and that did not. Only of tests: a runtime never throws what a contract does. */
export class CallFailed extends Error {
  readonly receipt: CallReceipt;

  /** @param stack - Lines of the stack where the call was written. */
  constructor(receipt: CallReceipt, stack?: string) {
    super([`${receipt.call} ${describeFailure(receipt)}`, ...backtraceLines(receipt)].join('\n'));
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

/** The author's functions that had been entered, the innermost first: `    in transfer (token.ts:31:3)`, and under the first the line of the source. */
function backtraceLines({ error, call }: CallReceipt): string[] {
  const frames = (error?.backtrace ?? []).filter(({ file }) => file !== undefined && !file.startsWith('~lib/'));
  return frames.flatMap(({ function: name, file, line, column, contract, source }, index) => {
    const isOther = contract !== undefined && Buffer.compare(contract, call.contract.address) !== 0;
    const entered = `    in ${isOther ? `${call.contract.nameOf(contract)}: ` : ''}${name} (${file}:${line}:${column})`;
    return index === 0 && source !== undefined ? [entered, `       > ${source.trim()}`] : [entered];
  });
}
