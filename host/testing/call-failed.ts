import type { Receipt } from '../index.js';
import type { CallReceipt } from './call-receipt.js';

/** A call that a test expected to succeed and that did not. Only of tests: a runtime never throws what a contract does. */
export class CallFailed extends Error {
  readonly receipt: CallReceipt;

  constructor(receipt: CallReceipt) {
    super(
      [`${receipt.call} ${describeFailure(receipt)}`, ...explanation(receipt), ...backtraceLines(receipt)].join('\n'),
    );
    this.name = 'CallFailed';
    this.receipt = receipt;
    // Where the call was written, not where its receipt came back to.
    this.stack = `${this.name}: ${this.message}\n${receipt.call.stack}`;
  }
}

/** `reverted: insufficient balance` */
export function describeFailure({ status, error }: Pick<Receipt, 'status' | 'error'>): string {
  if (error === undefined) return status;
  const code = error.code === 'revert' ? '' : ` (${error.code})`;
  return `${status}: ${error.message}${code}`;
}

/** Why there is no such method, though the contract has it. */
function explanation({ error, call }: CallReceipt): string[] {
  if (error?.code !== 'unknownMethod') return [];
  const kind = call.contract.interface?.methods.find(({ name }) => name === call.method)?.kind;
  if (kind === 'init') return ['    an @init method is called by the deployment, and by nobody else'];
  return kind === 'migrate' ? ['    a @migrate method is called by an upgrade, and by nobody else'] : [];
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
