import type { GasSnapshot, MethodGas } from './gas-snapshot.js';

/** How much more than before is no regression. */
export interface GasTolerance {
  /** In percent. */
  readonly gas: number;
  /** Aborts of 1,000 calls: they depend on timing. */
  readonly aborts: number;
}

/** What became of one method: `worse` where its median or its maximum is beyond the tolerance. */
export interface MethodComparison {
  readonly name: string;
  readonly state: 'same' | 'better' | 'tolerated' | 'worse' | 'new' | 'missing';
  readonly before: MethodGas | undefined;
  readonly after: MethodGas | undefined;
}

export interface GasComparison {
  /** In the order of their names. */
  readonly methods: readonly MethodComparison[];
  readonly aborts: { readonly before: number; readonly after: number; readonly isWorse: boolean } | undefined;
  readonly isWorse: boolean;
}

/** Compares what tests use with what they used. Methods that are new or missing are no regression. */
export function compareGas(before: GasSnapshot, after: GasSnapshot, tolerance: GasTolerance): GasComparison {
  const names = [...new Set([...before.methods.keys(), ...after.methods.keys()])].sort();
  const methods = names.map((name): MethodComparison => {
    const [old, now] = [before.methods.get(name), after.methods.get(name)];
    return { name, state: stateOf(old, now, tolerance.gas), before: old, after: now };
  });
  const aborts = compareAborts(before.abortsPerThousand, after.abortsPerThousand, tolerance.aborts);
  return { methods, aborts, isWorse: aborts?.isWorse === true || methods.some(({ state }) => state === 'worse') };
}

function stateOf(
  before: MethodGas | undefined,
  after: MethodGas | undefined,
  tolerance: number,
): MethodComparison['state'] {
  if (before === undefined) return 'new';
  if (after === undefined) return 'missing';
  const figures = [
    [before.median, after.median],
    [before.max, after.max],
  ] as const;
  if (figures.some(([old, now]) => isBeyond(old, now, tolerance))) return 'worse';
  if (figures.some(([old, now]) => now > old)) return 'tolerated';
  return figures.some(([old, now]) => now < old) ? 'better' : 'same';
}

/** Undefined where one of the two was not measured. */
function compareAborts(
  before: number | undefined,
  after: number | undefined,
  tolerance: number,
): GasComparison['aborts'] {
  if (before === undefined || after === undefined) return undefined;
  return { before, after, isWorse: after > before + tolerance };
}

function isBeyond(before: number, after: number, tolerance: number): boolean {
  // In hundredths, so that a bound such as 110 % of 100 is exact.
  return after * 100 > before * (100 + tolerance);
}
