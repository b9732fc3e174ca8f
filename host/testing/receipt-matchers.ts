import { isDeepStrictEqual } from 'node:util';
import { FirstCallError, MisuseError, type Receipt, ViewError } from '../index.js';
import { Account, accountOf } from './account.js';
import { CallFailed, describeFailure } from './call-failed.js';
import { CallReceipt } from './call-receipt.js';
import { ContractCall } from './contract-call.js';
import { checkBounds, checkEvent, checkFailure } from './expected.js';
import { TestContract } from './test-contract.js';

/** What an assertion comes to, as vitest and Jest take it. */
export interface Outcome {
  readonly pass: boolean;
  readonly message: () => string;
}

/** Bounds of what a call used, both included. */
export interface GasRange {
  readonly atMost?: number;
  readonly atLeast?: number;
}

type Judge = (receipt: Receipt) => Outcome;

/** For `expect.extend` of vitest or Jest. */
export const receiptMatchers = {
  toSucceed: (received: unknown) =>
    judge(received, 'toSucceed', (receipt) => ({
      pass: receipt.status === 'ok',
      message: () =>
        `expected ${subject(receipt)} to ${negated(receipt.status === 'ok')}succeed: it ${ending(receipt)}`,
    })),

  toRevert: (received: unknown, message?: string | RegExp) =>
    judge(received, 'toRevert', (receipt) => {
      const pass = receipt.status === 'reverted' && hasText(receipt.error?.message ?? '', message);
      const wanted =
        message === undefined ? '' : ` with ${message instanceof RegExp ? message : JSON.stringify(message)}`;
      return {
        pass,
        message: () => `expected ${subject(receipt)} to ${negated(pass)}revert${wanted}: it ${ending(receipt)}`,
      };
    }),

  toFail: (received: unknown, statusOrCode?: string) =>
    judge(received, 'toFail', (receipt) => {
      checkFailure(statusOrCode);
      const { status, error } = receipt;
      const pass = status !== 'ok' && [undefined, status, error?.code].includes(statusOrCode);
      const wanted = statusOrCode === undefined ? '' : ` with ${statusOrCode}`;
      return {
        pass,
        message: () => `expected ${subject(receipt)} to ${negated(pass)}fail${wanted}: it ${ending(receipt)}`,
      };
    }),

  toEmit: (received: unknown, contract: TestContract, name: string, fields: object = {}) =>
    judge(received, 'toEmit', (receipt) => {
      if (!(contract instanceof TestContract))
        throw new MisuseError('ERR_ARGUMENT', 'toEmit: expected the contract that announces it, as deploy gave it');
      const events = contract.events(receipt);
      checkEvent(contract, name, fields, events);
      const pass = events.some((event) => event.name === name && hasFields(event.fields, fields));
      const wanted = `${contract.name}.${name}${Object.keys(fields).length === 0 ? '' : `(${contract.describe({ ...fields })})`}`;
      const found = events.map((event) => `  ${event.name}(${contract.describe(event.fields ?? {})})`);
      const others = receipt.events.length - events.length;
      const rest = others === 0 ? [] : [`  and ${others} of other contracts`];
      const announced = found.length + rest.length === 0 ? 'it announced nothing' : 'it announced:';
      return {
        pass,
        message: () =>
          [
            `expected ${subject(receipt)} to ${negated(pass)}announce ${wanted}: ${receipt.status === 'ok' ? announced : `it ${ending(receipt)}`}`,
            ...found,
            ...rest,
          ].join('\n'),
      };
    }),

  toUseGas: (received: unknown, range: GasRange) =>
    judge(received, 'toUseGas', (receipt) => {
      checkBounds(range);
      const { atMost = Number.POSITIVE_INFINITY, atLeast = 0 } = range;
      const { gasUsed } = receipt;
      const pass = gasUsed <= atMost && gasUsed >= atLeast;
      const bounds = Object.entries(range).map(
        ([name, bound]) => `${name === 'atMost' ? 'at most' : 'at least'} ${bound}`,
      );
      return {
        pass,
        message: () =>
          `expected ${subject(receipt)} to ${negated(pass)}use ${bounds.join(' and ')} gas: it used ${gasUsed}`,
      };
    }),
};

/** A receipt is judged at once, what is still to come when it is there. */
function judge(received: unknown, matcher: string, by: Judge): Outcome | Promise<Outcome> {
  if (received instanceof ContractCall) return received.receipt().then(by);
  if (typeof (received as PromiseLike<unknown> | undefined)?.then === 'function')
    return judgeLater(received, matcher, by);
  return by(receiptOf(received, matcher));
}

async function judgeLater(received: unknown, matcher: string, by: Judge): Promise<Outcome> {
  let settled: unknown;
  try {
    settled = await received;
  } catch (error) {
    if (!(error instanceof CallFailed || error instanceof FirstCallError || error instanceof ViewError)) throw error;
    settled = error.receipt;
  }
  return by(receiptOf(settled, matcher));
}

function receiptOf(value: unknown, matcher: string): Receipt {
  const receipt = value as Partial<Receipt> | null | undefined;
  if (typeof receipt === 'object' && typeof receipt?.status === 'string' && typeof receipt.gasUsed === 'number')
    return receipt as Receipt;
  throw new MisuseError(
    'ERR_ARGUMENT',
    `${matcher}: expected a receipt, or a call that was not awaited: expect(token.as(alice).transfer(...)).${matcher}(...)`,
  );
}

function subject(receipt: Receipt): string {
  return receipt instanceof CallReceipt ? String(receipt.call) : `call ${receipt.index}`;
}

/** `reverted: insufficient balance`; `ended ok` */
function ending(receipt: Receipt): string {
  if (receipt.status === 'ok') return 'ended ok';
  const { status } = receipt;
  return `${status === 'reverted' ? '' : 'ended '}${describeFailure(receipt)}`.replace(/^reverted/, 'was reverted');
}

/** A message is shown where the expectation failed: with `not`, where it passed. */
function negated(pass: boolean): string {
  return pass ? 'not ' : '';
}

function hasText(text: string, wanted: string | RegExp | undefined): boolean {
  if (wanted === undefined) return true;
  return wanted instanceof RegExp ? wanted.test(text) : text.includes(wanted);
}

/** Whether these are among the fields; numbers and bigints of one value are one, and accounts, their names and contracts are their addresses. */
function hasFields(fields: Readonly<Record<string, unknown>> | undefined, wanted: object): boolean {
  return Object.entries(wanted).every(
    ([name, value]) =>
      fields !== undefined &&
      Object.hasOwn(fields, name) &&
      isDeepStrictEqual(plain(fields[name]), plain(named(value, fields[name]))),
  );
}

/** What is wanted, with bytes in the place of names and digits where bytes were found. */
function named(wanted: unknown, found: unknown): unknown {
  if (typeof wanted === 'string' && found instanceof Uint8Array && wanted !== '') {
    return wanted.startsWith('0x') ? Buffer.from(wanted.slice(2), 'hex') : accountOf(wanted).address;
  }
  if (Array.isArray(wanted)) {
    const items: readonly unknown[] = Array.isArray(found) ? found : [];
    return wanted.map((item, index) => named(item, items[index]));
  }
  if (typeof wanted !== 'object' || wanted === null || Object.getPrototypeOf(wanted) !== Object.prototype)
    return wanted;
  const fields = (found ?? {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(wanted).map(([name, value]) => [name, named(value, fields[name])]));
}

function plain(value: unknown): unknown {
  if (value instanceof Account || value instanceof TestContract) return plain(value.address);
  // A Buffer is bytes too.
  if (value instanceof Uint8Array) return [...value].map(BigInt);
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)]));
}
