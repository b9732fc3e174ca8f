import type { ContractInterface } from './interface.js';
import { pathText } from './value-path.js';

/** A part of what calls and events are encoded by. */
type Part = string | boolean | null | readonly Part[] | ReadonlyMap<string, Part>;

/**
 * Where what a client goes by is not what a contract has: the first such place in what calls and events are encoded by, and what each has there. Undefined where there is none. What things
 * are called, but for the contract, counts; in which order a document lists them, and its docs, do not; nor does what the contract has besides.
 */
export function interfaceDifference(
  ours: ContractInterface,
  theirs: ContractInterface,
): { readonly place: string; readonly ours: string; readonly theirs: string } | undefined {
  return difference(partsOf(ours), partsOf(theirs), '');
}

function partsOf({ methods, events = [], structs = [] }: ContractInterface): Part {
  const field = ({ name, type }: { name: string; type: string }): Part =>
    new Map([
      ['name', name],
      ['type', type],
    ]);
  return new Map<string, Part>([
    [
      'methods',
      byName(methods, ({ kind = 'call', inputs, output }) => {
        return new Map<string, Part>([
          ['kind', kind],
          ['inputs', inputs.map(field)],
          ['output', output],
        ]);
      }),
    ],
    [
      'events',
      byName(events, ({ fields }) =>
        fields.map(({ name, type, indexed = false }) => {
          return new Map<string, Part>([
            ['name', name],
            ['type', type],
            ['indexed', indexed],
          ]);
        }),
      ),
    ],
    ['structs', byName(structs, ({ fields }) => fields.map(field))],
  ]);
}

function byName<Item extends { readonly name: string }>(items: readonly Item[], part: (item: Item) => Part): Part {
  return new Map(items.map((item) => [item.name, part(item)]));
}

function difference(
  ours: Part | undefined,
  theirs: Part | undefined,
  place: string,
): ReturnType<typeof interfaceDifference> {
  if (ours === theirs) return undefined;
  const [left, right] = [stepsOf(ours), stepsOf(theirs)];
  if (left === undefined || right === undefined) return { place, ours: shown(ours), theirs: shown(theirs) };
  // Of what is named, the contract may have more.
  const steps = Array.isArray(ours) ? new Set([...left.keys(), ...right.keys()]) : left.keys();
  for (const step of steps) {
    const found = difference(left.get(step), right.get(step), pathText([step], place));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Undefined for what has no parts. */
function stepsOf(part: Part | undefined): ReadonlyMap<string | number, Part> | undefined {
  if (part instanceof Map) return part;
  return Array.isArray(part) ? new Map([...part.entries()]) : undefined;
}

function shown(part: Part | undefined): string {
  if (part === undefined) return 'nothing';
  return stepsOf(part) === undefined ? JSON.stringify(part) : 'something';
}
