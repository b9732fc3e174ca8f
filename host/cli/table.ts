/** A column of a table: numbers stand to the right. */
export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** Rows under their titles, each column as wide as what is widest in it. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  return lines.map((line) => `${formatLine(line, columns, widths)}\n`).join('');
}

function formatLine(cells: readonly string[], columns: readonly Column[], widths: readonly number[]): string {
  const padded = columns.map(({ align }, index) => {
    const [cell, width] = [cells[index] ?? '', widths[index] ?? 0];
    return align === 'left' ? cell.padEnd(width) : cell.padStart(width);
  });
  return padded.join('  ').trimEnd();
}
