import { readFileSync, writeFileSync } from 'node:fs';
import { packagePath } from '../package.js';
import type { MedianInterval } from '../statistics.js';

/** Ratios of an earlier run, which `--write` keeps. */
export interface MicroBaseline {
  readonly schema: 'blockstm.micro/1';
  /** Where it was measured: on another processor, or under another Node, the ratios are others. */
  readonly cpu: string;
  readonly node: string;
  /** The time of a sample over that of the reference loop, by the primitive's name. */
  readonly ratios: Readonly<Record<string, number>>;
}

/** By so much of the baseline may a ratio be above it: twice what most vary by from run to run on a machine that is busy. */
const TOLERANCE = 0.3;

const FILE = packagePath('bench', 'data', 'micro-baseline.json');

export function readBaseline(): MicroBaseline {
  return JSON.parse(readFileSync(FILE, 'utf8')) as MicroBaseline;
}

export function writeBaseline(baseline: MicroBaseline): void {
  writeFileSync(FILE, `${JSON.stringify(baseline, undefined, 2)}\n`);
}

/** What a baseline is of, in words, where that is not this machine; a patch release of Node is the same. */
export function elsewhere(
  baseline: MicroBaseline,
  here: { readonly cpu: string; readonly node: string },
): string | undefined {
  if (baseline.cpu !== here.cpu) return `the baseline is of another processor, ${baseline.cpu}`;
  const minor = (node: string): string => node.split('.').slice(0, 2).join('.');
  return minor(baseline.node) === minor(here.node) ? undefined : `the baseline is of Node ${baseline.node}`;
}

/**
 * What takes longer than it did, in words: where the whole interval of the median ratio is above the baseline's by more than the tolerance, so that one run on a busy machine does not suffice. Also what the baseline
 * has not, and what it has and was not measured.
 */
export function regressions(
  measured: ReadonlyMap<string, MedianInterval>,
  { ratios }: MicroBaseline,
): readonly string[] {
  const missing = Object.keys(ratios).filter((name) => !measured.has(name));
  return [
    ...[...measured].flatMap(([name, ratio]) => slower(name, ratio, ratios[name])),
    ...missing.map((name) => `${name}: is in the baseline and was not measured; --write keeps another baseline`),
  ];
}

function slower(name: string, { median, low, high }: MedianInterval, before: number | undefined): readonly string[] {
  if (before === undefined) return [`${name}: is not in the baseline; --write keeps another`];
  if (low <= before * (1 + TOLERANCE)) return [];
  const change = `${((median / before - 1) * 100).toFixed(0)}% slower than the baseline`;
  return [
    `${name}: ${change}: ${before.toFixed(3)} of the reference loop then, ${low.toFixed(3)} to ${high.toFixed(3)} now`,
  ];
}
