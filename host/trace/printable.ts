/**
 * Text that somebody else wrote, for a terminal: with what a terminal obeys (control characters, line ends, marks that turn the direction of
 * writing) shown as its code. A contract could otherwise put lines into a report that look like ours.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
  });
}
