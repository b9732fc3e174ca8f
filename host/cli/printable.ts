import { printable } from '../trace/printable.js';

export { printable };

/** What is printable of a name, as it stands between the quotes of a JSON string: different names stay different, and it can be given so again. */
export function printableName(name: string): string {
  return printable(JSON.stringify(name).slice(1, -1));
}

/** What is printable of text that has lines of its own. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
