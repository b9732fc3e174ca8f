import type { RandomStream } from '../random.js';

/** Kinds of calls, and how often of 100 each is drawn; the shares sum up to 100. */
export type Mix<Kind> = readonly (readonly [kind: Kind, share: number])[];

export function drawMix<Kind>(mix: Mix<Kind>, random: RandomStream): Kind {
  let left = random.below(100);
  for (const [kind, share] of mix) {
    if (left < share) return kind;
    left -= share;
  }
  throw new RangeError('the shares of a mix do not sum up to 100');
}
