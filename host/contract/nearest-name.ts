/**
 * The known name that somebody most likely meant by `name`: the one that takes the fewest letters to change, add, leave out or swap with their neighbour, and at
 * most a third of those of the longer of the two. Undefined where none is as near: every name of one or two letters is one letter away from every other.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance >= least || distance > Math.max(name.length, candidate.length) / 3) continue;
    nearest = candidate;
    least = distance;
  }
  return nearest;
}

/** By dynamic programming over prefixes, one row for each letter of `from`; a swap looks two rows back. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, length) => length);
  for (let row = 1; row <= from.length; row++) {
    const next = [row];
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      next[column] = Math.min(
        (last[column] as number) + 1,
        (next[column - 1] as number) + 1,
        (last[column - 1] as number) + (isSame ? 0 : 1),
        isSwap ? (beforeLast[column - 2] as number) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = next;
  }
  return last[to.length] as number;
}
