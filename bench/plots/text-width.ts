/** Widths of letters as parts of the font's size, about as sans-serif fonts have them. */
const NARROW = /[ijlI.,:;'|!()[\]f t1]/;
const WIDE = /[mwMWÆ%@]/;
const NARROW_WIDTH = 0.36;
const USUAL_WIDTH = 0.58;
const CAPITAL_WIDTH = 0.68;
const WIDE_WIDTH = 0.88;
/** Bold letters against others. */
const BOLD_WIDTH = 1.12;

/** Of a text in pixels, about: Vega's own guess, 0.8 for each letter, leaves a third of a picture empty where labels are long. */
export function textWidth(text: string, fontSize: number, isBold: boolean): number {
  let width = 0;
  for (const letter of text) width += letterWidth(letter);
  return Math.ceil(width * fontSize * (isBold ? BOLD_WIDTH : 1));
}

function letterWidth(letter: string): number {
  if (NARROW.test(letter)) return NARROW_WIDTH;
  if (WIDE.test(letter)) return WIDE_WIDTH;
  return /\p{Lu}/u.test(letter) ? CAPITAL_WIDTH : USUAL_WIDTH;
}
