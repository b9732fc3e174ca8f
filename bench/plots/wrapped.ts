import { textWidth } from './text-width.js';

/** Where a text is broken, best first: between what a label lists, between words, anywhere. */
const SEPARATORS = [/(?<=, )/, /(?<= )/, /(?:)/u] as const;

/** A text in lines of at most so many pixels, none of it left out: what tells two labels apart may be at their ends. */
export function wrapped(text: string, widthMax: number, fontSize: number, isBold = false): string[] {
  const fits = (line: string): boolean => textWidth(line.trimEnd(), fontSize, isBold) <= widthMax;
  const lines = (rest: string, [separator, ...finer]: readonly RegExp[]): string[] => {
    if (fits(rest) || separator === undefined) return [rest];
    const done: string[] = [];
    for (const piece of rest.split(separator)) {
      const line = `${done.at(-1) ?? ''}${piece}`;
      if (done.length > 0 && fits(line)) done[done.length - 1] = line;
      else done.push(...lines(piece, finer));
    }
    return done;
  };
  return lines(text, SEPARATORS).map((line) => line.trimEnd());
}

/** As an expression of Vega, for labels of an axis or a legend: those of `labels` in lines. */
export function wrappedLabels(labels: readonly string[], widthMax: number, fontSize: number): string {
  const lines = Object.fromEntries(labels.map((label) => [label, wrapped(label, widthMax, fontSize)]));
  return `(${JSON.stringify(lines)})[datum.label]`;
}
