/** A place in a line: the first character from 1, in UTF-16 units, and how many belong to it. */
export interface ExcerptPlace {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** What takes two columns of a terminal: East Asian wide characters, and emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;
/** What takes none: it is drawn over the character before it. */
const combining = /\p{Mn}|\p{Me}/u;

/** A line of a source with its number, and carets under what is meant. Two lines. */
export function sourceExcerpt(source: string, { line, column, length }: ExcerptPlace): string {
  // Unit for unit, so that columns stay what they are: a source may hold what a terminal obeys.
  const shown = source.trimEnd().replaceAll(/[^\P{C}\t]/gu, (hidden) => '\ufffd'.repeat(hidden.length));
  const margin = `  ${line} | `;
  // Tabs stay tabs, so that the caret stands under its character at any tab width.
  const indent = shown
    .slice(0, column - 1)
    .split('\t')
    .map((text) => ' '.repeat(displayWidth(text)))
    .join('\t');
  const carets = '^'.repeat(Math.max(1, displayWidth(shown.slice(column - 1, column - 1 + length))));
  return `${margin}${shown}\n${' '.repeat(margin.length - 2)}| ${indent}${carets}`;
}

/** Columns that a text takes in a terminal. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += combining.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
}
