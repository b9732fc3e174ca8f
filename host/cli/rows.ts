const NAME_COLUMNS = 13;

/** What a line of a report is about, and what it says. Without a name it belongs to the line before. */
export type Row = readonly [name: string, value: string];

/** A report as a person reads it, a line for each row. */
export function formatRows(rows: readonly Row[]): string {
  return rows.map(([name, value]) => `${name.padEnd(NAME_COLUMNS)}${value}\n`).join('');
}
