import type { CellSummary } from '../sweep/summary.js';
import { describe, dimensionsOf, labelOf, sharedNote, valueText, varying } from './dimensions.js';
import { SERIES_MAX } from './theme.js';

/** A line or a row of a figure: cells that differ in nothing but what the figure shows them along. */
export interface Labelled {
  /** What it is among the others of its figure. */
  readonly label: string;
  readonly cells: readonly CellSummary[];
}

/** A figure of those that show something together, with what it adds to name, title and caption of the whole. */
export interface Part<Item extends Labelled> {
  /** Labelled by what they differ in within this part. */
  readonly items: readonly Item[];
  readonly nameSuffix: string;
  readonly titleSuffix: string;
  readonly captionSuffix: string;
}

/** Items of one value, or of some values after one another, and what they have in common: `hot ratio 0.5`. */
interface Group<Item> {
  readonly items: readonly Item[];
  readonly title: readonly string[];
}

/**
 * Cut what has too many lines or rows for one figure by the values of what they differ in: as few parts as that gives. What all of a part share is in its title or caption, and not in its labels.
 * @param along what the figure shows the items along, in which their own cells differ.
 */
export function parted<Item extends Labelled>(
  items: readonly Item[],
  along: readonly string[] = [],
  most: number = SERIES_MAX,
): Part<Item>[] {
  if (items.length === 0) return [];
  const groups = cut(items, along, most);
  const isWhole = groups.length === 1;
  return groups.map(({ items: its, title }, index) => ({
    items: relabelled(its, along),
    nameSuffix: isWhole ? '' : `-${index + 1}`,
    titleSuffix: title.map((each) => `, ${each}`).join(''),
    captionSuffix: `${sharedNote(its.flatMap(({ cells }) => cells))}${isWhole ? '' : ` The ${groups.length} parts have the same scales.`}`,
  }));
}

/** With labels by what they differ in. */
function relabelled<Item extends Labelled>(items: readonly Item[], along: readonly string[]): Item[] {
  const names = varying(items.map(firstCell), along);
  return items.map((item) => ({ ...item, label: labelOf(firstCell(item), names, firstCell(item).executor) }));
}

function cut<Item extends Labelled>(items: readonly Item[], along: readonly string[], most: number): Group<Item>[] {
  if (items.length <= most) return [{ items, title: [] }];
  const names = varying(items.map(firstCell), along);
  const [only] = names;
  if (only === undefined || names.length === 1) return chunks(items, only, most);
  const ways = names.map((name) =>
    [...byValue(items, name)].flatMap(([value, its]) =>
      cut(its, along, most).map((group) => ({ ...group, title: [describe(name, value), ...group.title] })),
    ),
  );
  return ways.reduce((best, way) => (way.length < best.length ? way : best));
}

/** Where each has a value of its own: as even as they can be, in their order. */
function chunks<Item extends Labelled>(items: readonly Item[], name: string | undefined, most: number): Group<Item>[] {
  const count = Math.ceil(items.length / most);
  const size = Math.ceil(items.length / count);
  return Array.from({ length: count }, (_, part) => {
    const its = items.slice(part * size, (part + 1) * size);
    if (name === undefined) return { items: its, title: [`${part + 1} of ${count}`] };
    const values = [...byValue(its, name).keys()];
    const [first, last] = [values[0], values.at(-1)].map((value) => describe(name, value as number | string));
    return {
      items: its,
      title: [first === last ? `${first}` : `${first} to ${valueText(values.at(-1) as number | string)}`],
    };
  });
}

function byValue<Item extends Labelled>(items: readonly Item[], name: string): Map<number | string, Item[]> {
  const groups = new Map<number | string, Item[]>();
  for (const item of items) {
    const value = dimensionsOf(firstCell(item))[name] as number | string;
    groups.set(value, [...(groups.get(value) ?? []), item]);
  }
  return groups;
}

/** Stands for the others: they differ in what the figure is along only. */
function firstCell({ cells }: Labelled): CellSummary {
  return cells[0] as CellSummary;
}
