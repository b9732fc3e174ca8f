/**
 * Text that somebody else wrote, for a terminal: with what a terminal obeys (control characters, line ends, marks that turn the direction of
 * writing) shown as its code. A contract could otherwise put lines into a report that look like ours.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, (character) => {
    return `\\u${(character.codePointAt(0) as number).toString(16).padStart(4, '0')}`;
  });
}

/** The same of text that has lines of its own. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
