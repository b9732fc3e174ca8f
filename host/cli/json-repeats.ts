import type { ValuePath } from '../contract/value-path.js';
import { type Place, skipSpace, stringEnd } from './json-location.js';

/** A name that an object has a second time: `JSON.parse` drops the first without a word. */
export interface RepeatedName {
  readonly path: ValuePath;
  readonly first: Place;
  readonly again: Place;
}

/** An object or a list that has begun and not ended: where in it the scan is, and the names that it had. */
interface Open {
  key: string | number;
  readonly names: Map<string, Place>;
}

/** Every name that stands a second time in its object, in a text that `JSON.parse` accepts. */
export function findRepeats(text: string): RepeatedName[] {
  const repeats: RepeatedName[] = [];
  // A list of its own, and no recursion: whoever nests a text deep does not end the process.
  const open: Open[] = [];
  let at = 0;
  while (at < text.length) {
    const inner = open.at(-1);
    const character = text[at];
    if (character === '"') {
      const place = { start: at, end: stringEnd(text, at) };
      at = skipSpace(text, place.end);
      if (text[at] !== ':' || inner === undefined) continue;
      const name = JSON.parse(text.slice(place.start, place.end)) as string;
      inner.key = name;
      const first = inner.names.get(name);
      if (first === undefined) inner.names.set(name, place);
      else repeats.push({ path: open.map(({ key }) => key), first, again: place });
      continue;
    }
    if (character === '{' || character === '[') open.push({ key: 0, names: new Map() });
    else if (character === '}' || character === ']') open.pop();
    else if (character === ',' && typeof inner?.key === 'number') inner.key++;
    at++;
  }
  return repeats;
}
