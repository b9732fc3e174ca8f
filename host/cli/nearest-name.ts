import { nearestName } from '../contract/nearest-name.js';
import { printable } from './printable.js';

/** ` (did you mean transfer?)`, or nothing where no known name is near. A contract may have chosen the names. */
export function suggestion(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? '' : ` (did you mean ${printable(nearest)}?)`;
}

/** `expected mint, transfer (did you mean transfer?)` */
export function expectedName(name: string, known: readonly string[]): string {
  return `expected ${known.length === 0 ? 'none' : printable(known.join(', '))}${suggestion(name, known)}`;
}
