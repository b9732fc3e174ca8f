import { MisuseError } from './errors.js';

/** @throws MisuseError `ERR_OPTION` naming the option, its value and what is allowed. */
export function oneOf<Choice>(name: string, value: unknown, choices: readonly Choice[]): Choice {
  if (choices.includes(value as Choice)) return value as Choice;
  throw new MisuseError('ERR_OPTION', `${name}: expected ${choices.map(show).join(' or ')}, got ${show(value)}`);
}

export function wholeNumber(name: string, value: unknown, min: number, max: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw new MisuseError('ERR_OPTION', `${name}: expected a whole number from ${min} to ${max}, got ${show(value)}`);
}

/** A name that nobody reads is a mistake that would go unnoticed. @throws MisuseError `ERR_OPTION` */
export function refuseUnknown(what: string, value: unknown, known: readonly string[]): void {
  if (typeof value !== 'object' || value === null) {
    throw new MisuseError('ERR_OPTION', `${what}: expected an object, got ${show(value)}`);
  }
  for (const name of Object.keys(value)) {
    if (!known.includes(name)) {
      throw new MisuseError('ERR_OPTION', `${what}: unknown option "${name}", known are ${known.join(', ')}`);
    }
  }
}

function show(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : String(value);
}
