/** Digits that are worth shortening: an address, a whole key. */
const LONG_DIGITS = /0x[0-9a-f]{17,}/g;
/** "0x" and 8 digits. */
const HEAD = 10;
const TAIL_MIN = 4;

/**
 * Says long digits by their ends: "0x12345678…9abc". Of those that begin alike so much of the end is shown that each can be told from the others, all of it if need be.
 * @param texts whatever is read together, with its digits in full: what is said of one of these texts is said of no other digits in them.
 */
export function digitShortener(texts: Iterable<string>): (text: string) => string {
  const alike = new Map<string, Set<string>>();
  for (const text of texts) {
    for (const [digits] of text.matchAll(LONG_DIGITS)) {
      const head = digits.slice(0, HEAD);
      const known = alike.get(head);
      if (known === undefined) alike.set(head, new Set([digits]));
      else known.add(digits);
    }
  }
  const tails = new Map([...alike].map(([head, all]) => [head, tailLength(all)]));
  return (text) => text.replaceAll(LONG_DIGITS, (digits) => shortened(digits, tails.get(digits.slice(0, HEAD))));
}

/** How many digits at the end it takes to tell them apart. */
function tailLength(all: ReadonlySet<string>): number {
  let length = TAIL_MIN;
  while (new Set([...all].map((digits) => digits.slice(-length))).size < all.size) length++;
  return length;
}

/** In full where it is not known what it has to be told from. */
function shortened(digits: string, tail = digits.length): string {
  if (HEAD + tail >= digits.length) return digits;
  return `${digits.slice(0, HEAD)}…${digits.slice(-tail)}`;
}
