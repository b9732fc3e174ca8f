import type { ContractCall } from './contract-call.js';

/** Of tests only: a call that was written down and that nobody awaited, so that it was never made. */
export class CallNotMade extends Error {
  /** In the order in which they were written. */
  readonly calls: readonly ContractCall[];

  constructor(calls: readonly [ContractCall, ...ContractCall[]]) {
    const [{ stack }, ...others] = calls;
    const rest = others.map((call) => `    and ${call}${place(call)}`);
    super([`${calls[0]} was never made: nobody awaited it`, ...rest].join('\n'));
    this.name = 'CallNotMade';
    this.calls = calls;
    this.stack = `${this.name}: ${this.message}\n${stack}`;
  }
}

/** Calls that were written down, until somebody asks for them. */
class UnmadeCallSet {
  readonly #calls = new Set<ContractCall>();

  add(call: ContractCall): void {
    this.#calls.add(call);
  }

  delete(call: ContractCall): void {
    this.#calls.delete(call);
  }

  has(call: ContractCall): boolean {
    return this.#calls.has(call);
  }

  get list(): readonly ContractCall[] {
    return [...this.#calls];
  }

  /** Forget those which `isWanted`. Returns the error that says so; undefined where there are none. */
  take(isWanted: (call: ContractCall) => boolean): CallNotMade | undefined {
    const [first, ...others] = this.list.filter(isWanted);
    if (first === undefined) return undefined;
    for (const call of [first, ...others]) this.#calls.delete(call);
    return new CallNotMade([first, ...others]);
  }
}

export const UnmadeCalls = new UnmadeCallSet();

/** ` (test/coin.test.ts:21:11)` */
function place({ stack }: ContractCall): string {
  const found = /\(?((?:file:|\/|[A-Za-z]:)[^()\n]*:\d+:\d+)\)?/.exec(stack.split('\n', 1)[0] ?? '')?.[1];
  return found === undefined ? '' : ` (${found})`;
}
