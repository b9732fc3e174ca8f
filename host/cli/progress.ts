import { argv, stderr } from 'node:process';

/** Say on the terminal what is being done; nothing where stderr is not one. Each text replaces the one before. */
export function showProgress(text: string): void {
  if (stderr.isTTY) stderr.write(`\r\x1b[2K${text}`);
}

/** Say in a line that a part of a long task is done, to whoever keeps what stderr gets: a terminal shows progress in its place, and with `--json` stderr has errors only. */
export function reportStep(text: string): void {
  if (!stderr.isTTY && !argv.includes('--json')) stderr.write(`${text}\n`);
}

/** Take the last text away again, before anything else is printed. */
export function clearProgress(): void {
  showProgress('');
}
