/** A number for a person: whole, with commas. */
export function count(number: number): string {
  return Math.round(number).toLocaleString('en-US');
}

/** `1 call`, `2,000 calls`. */
export function plural(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}
