import { stderr } from 'node:process';

/** Say on the terminal what is being done; nothing where stderr is not one. Each text replaces the one before. */
export function showProgress(text: string): void {
  if (stderr.isTTY) stderr.write(`\r\x1b[2K${text}`);
}

/** Take the last text away again, before anything else is printed. */
export function clearProgress(): void {
  showProgress('');
}
