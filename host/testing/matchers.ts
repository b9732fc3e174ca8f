/**
 * `blockstm/testing/matchers`: importing it teaches vitest's `expect` about receipts. Import it in the test, or name it in vitest's `setupFiles`.
 *
 * @module blockstm/testing/matchers
 */
import { expect } from 'vitest';
import type { ClientTypes } from '../index.js';
import type { SomeFields } from './methods.js';
import { type GasRange, receiptMatchers } from './receipt-matchers.js';
import type { TestContract } from './test-contract.js';

export type { GasRange, SomeFields };

/** What to await where a call is given, that is still to be made. */
// biome-ignore lint/suspicious/noConfusingVoidType: it is a return type
export type Outcome<Given> = Given extends PromiseLike<unknown> ? Promise<void> : void;

/** For receipts, calls, and promises of either. Given a call or a promise, they are to be awaited. */
export interface ReceiptMatchers<Given = unknown> {
  /** It ended `ok`. */
  toSucceed(): Outcome<Given>;
  /** It was reverted, with a message that has this in it, or matches it. */
  toRevert(message?: string | RegExp): Outcome<Given>;
  /** It did not end `ok`: with this status, or with this code. */
  toFail(statusOrCode?: string): Outcome<Given>;
  /** It ended `ok`, and the contract announced an event of this name, with these fields among its fields. */
  toEmit<Types extends ClientTypes, Name extends keyof Types['events'] & string>(
    contract: TestContract<Types>,
    name: Name,
    fields?: SomeFields<Types, Name>,
  ): Outcome<Given>;
  /** It used at most and at least so much gas. */
  toUseGas(range: GasRange): Outcome<Given>;
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: as vitest declares it
  interface Matchers<T = any> extends ReceiptMatchers<T> {}
}

expect.extend(receiptMatchers);
