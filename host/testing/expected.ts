import { nearestName } from '../contract/nearest-name.js';
import { STATUSES } from '../engine/receipt.js';
import { FAILURE_CODES } from '../engine/traps.js';
import { MisuseError } from '../index.js';
import type { AnnouncedEvent } from './events.js';
import type { TestContract } from './test-contract.js';
import { checkOptions } from './test-options.js';

const FAILURES: readonly string[] = [...STATUSES.filter((status) => status !== 'ok'), ...FAILURE_CODES];
const BOUNDS = ['atMost', 'atLeast'];

// What no receipt can be like: an expectation of it would always fail, and with `not` always hold. All throw MisuseError `ERR_ARGUMENT` or `ERR_OPTION`.

/** Refuse a failure that there is not. */
export function checkFailure(statusOrCode: string | undefined): void {
  if (statusOrCode !== undefined) checkName('toFail: there is no status or code', statusOrCode, FAILURES);
}

/** Refuse bounds that nobody reads, and that are none. */
export function checkBounds(range: unknown): void {
  checkOptions('toUseGas', range, BOUNDS);
  const bounds = Object.entries(range as object);
  const wrong = bounds.find(([, bound]) => typeof bound !== 'number' || Number.isNaN(bound));
  if (wrong === undefined && bounds.length > 0) return;
  const found = wrong === undefined ? 'neither' : `${wrong[0]}: ${String(wrong[1])}`;
  throw new MisuseError('ERR_OPTION', `toUseGas: expected a number as atMost, atLeast or both, found ${found}`);
}

/** Refuse an event, or a field of it, that the contract's interface does not have, unless something of that name was announced. */
export function checkEvent(
  contract: TestContract,
  name: string,
  fields: object,
  announced: readonly AnnouncedEvent[],
): void {
  const events = contract.interface?.events;
  if (events === undefined || announced.some((event) => event.name === name && event.fields === undefined)) return;
  checkName(
    `toEmit: ${contract.name} announces no`,
    name,
    events.map((event) => event.name),
  );
  const known = events.find((event) => event.name === name)?.fields.map((field) => field.name) ?? [];
  for (const field of Object.keys(fields)) checkName(`toEmit: ${contract.name}.${name} has no field`, field, known);
}

function checkName(what: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  const nearest = nearestName(String(name), known);
  const meant = nearest === undefined ? '' : ` (did you mean ${JSON.stringify(nearest)}?)`;
  const others = known.length === 0 ? 'there is none' : `known are ${known.join(', ')}`;
  throw new MisuseError('ERR_ARGUMENT', `${what} ${JSON.stringify(name)}${meant}; ${others}`);
}
