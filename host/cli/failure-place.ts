import { sourceExcerpt } from '../contract/source-excerpt.js';
import { printable } from './printable.js';
import type { FailureDocument, FrameDocument } from './receipt-reader.js';

/** Frames shown to a person; `--json` has them all. */
const FRAMES_SHOWN_MAX = 12;

/** Said where a contract's code failed and does not say where it is from. */
const HOW_TO_KNOW = '(where in the source is known of contracts built with --debug)';

/** Where a call failed, in lines: the place with its source, and what had been called. None where nothing is known. */
export function failurePlace({ position, backtrace = [] }: FailureDocument): string[] {
  const lines: string[] = [];
  if (position !== undefined) {
    const { file, line, column } = position;
    lines.push(`${printable(file)}:${line}:${column}`);
    const source = backtrace.find((frame) => frame.file === file && frame.line === line)?.source;
    if (source !== undefined) lines.push(...sourceExcerpt(source, { line, column, length: 1 }).split('\n'));
  }
  // One with a source map has it for the functions of the SDK at least, and is built as well as it can be.
  const isUnknown = backtrace.length > 0 && backtrace.every(({ file }) => file === undefined);
  return [...lines, ...frameLines(backtrace), ...(isUnknown ? [HOW_TO_KNOW] : [])];
}

function frameLines(backtrace: readonly FrameDocument[]): string[] {
  const shown = backtrace.slice(0, FRAMES_SHOWN_MAX);
  const names = shown.map(formatName);
  const width = Math.max(0, ...names.map(({ length }) => length));
  const lines = shown.map((frame, index) => `at ${(names[index] as string).padEnd(width)}${formatPlace(frame)}`);
  const rest = backtrace.length - shown.length;
  return (rest === 0 ? lines : [...lines, `and ${rest} more (--json has them all)`]).map((line) => line.trimEnd());
}

/** `coin.transfer` */
function formatName({ function: name, contract }: FrameDocument): string {
  return printable(contract === undefined ? name : `${contract}.${name}`);
}

function formatPlace({ file, line, column }: FrameDocument): string {
  return file === undefined ? '' : `  ${printable(file)}:${line}:${column}`;
}
