import { nearestName } from '../host/contract/nearest-name.js';

/** ` (did you mean p2p?)`, or nothing where no known name is near. */
export function suggestion(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
}
