import { argv, stderr } from 'node:process';

/** Where a terminal does not say how wide it is. */
const COLUMNS = 80;

/** Say on the terminal what is being done; nothing where stderr is not one. Each text replaces the one before, and is cut to a line: of one that goes on in the next line, the first would stay. */
export function showProgress(text: string): void {
  if (!stderr.isTTY) return;
  const width = (stderr.columns || COLUMNS) - 1;
  stderr.write(`\r\x1b[2K${text.length > width ? `${text.slice(0, width - 1)}…` : text}`);
}

/** Say in a line that a part of a long task is done, to whoever keeps what stderr gets: a terminal shows progress in its place, and with `--json` stderr has errors only. */
export function reportStep(text: string): void {
  if (!stderr.isTTY && !argv.includes('--json')) stderr.write(`${text}\n`);
}

/** For what is long and has many parts: a terminal shows what is being done, whoever keeps what stderr gets has a line for each part that is done. */
export const PROGRESS_LISTENER = { progress: showProgress, finished: reportStep } as const;

/** Take the last text away again, before anything else is printed. */
export function clearProgress(): void {
  showProgress('');
}
