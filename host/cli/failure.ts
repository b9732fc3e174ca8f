import { argv, stderr } from 'node:process';
import { CommanderError } from 'commander';
import { CompileError } from '../contract/compile-error.js';
import { AbortError, BlockStmError } from '../index.js';
import { FileError, type InputProblem } from './json-field.js';
import { clearProgress } from './progress.js';

/** Exit codes, beside 0: what the user can mend, a result that did not verify included; what the user cannot. */
export const USER_ERROR = 1;
const INTERNAL_ERROR = 2;
/** As shells have it for Ctrl-C. */
const INTERRUPTED = 130;

/** Codes of runtime errors that are not about what the user asked for. */
const INTERNAL_CODES: readonly string[] = ['ERR_WORKER', 'ERR_INVARIANT'];

/** Why a command fails: a line for a person, a document for a program. */
interface Failure {
  readonly code: string;
  readonly text: string;
  readonly message: string;
  readonly problems?: readonly InputProblem[];
}

/** What Commander says, with its suggestion on the same line. */
export function oneLine(text: string): string {
  return text.replace('\n(Did you mean', ' (did you mean');
}

/** Whether failures are to be JSON too, as what a command prints is. */
export function isJson(): boolean {
  return argv.includes('--json');
}

/**
 * Say that a command did what it was asked for and that the result is bad: a failed call, a block that differs. The exit code is 1.
 * @param details lines that come after it, for a person.
 */
export function reportFailure(code: string, message: string, details: readonly string[] = []): void {
  write({ code, text: [`error: ${message}`, ...details].join('\n'), message });
  process.exitCode = USER_ERROR;
}

/** Say why a command could not do what it was asked for. @returns the exit code. */
export function reportError(error: unknown): number {
  // Asking for help ends this way too, with code 0.
  if (error instanceof CommanderError) {
    // Commander has told a person already.
    if (error.exitCode !== 0 && isJson()) {
      writeDocument({ code: 'ERR_USAGE', text: '', message: oneLine(error.message).replace(/^error: /, '') });
    }
    return error.exitCode;
  }
  const failure = describe(error);
  write(failure);
  if (argv.includes('--verbose') && error instanceof Error) stderr.write(`${error.stack}\n`);
  if (error instanceof AbortError) return INTERRUPTED;
  return failure.code === 'ERR_INTERNAL' || INTERNAL_CODES.includes(failure.code) ? INTERNAL_ERROR : USER_ERROR;
}

function describe(error: unknown): Failure {
  if (error instanceof FileError) {
    const { code, message: text, problems } = error;
    return { code, text, message: problems[0]?.message ?? text, problems };
  }
  if (error instanceof CompileError) {
    const { code, message } = error;
    return { code, text: `error (${code}): ${message}`, message, problems: error.problems.map(placed) };
  }
  if (error instanceof BlockStmError) {
    const { code } = error;
    // Of a benchmark's option: it has another name here, and the class is loaded by commands that measure alone.
    const message = 'commandMessage' in error ? String(error.commandMessage) : error.message;
    return { code, text: `error (${code}): ${message}`, message };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'ERR_INTERNAL', text: `internal error: ${message} (--verbose says where)`, message };
}

function placed({ message, file, line, column }: CompileError['problems'][number]): InputProblem {
  return {
    message,
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
  };
}

function write(failure: Failure): void {
  clearProgress();
  if (isJson()) writeDocument(failure);
  else stderr.write(`${failure.text}\n`);
}

function writeDocument({ code, message, problems }: Failure): void {
  const document = { schema: 'blockstm.error/1', code, message, ...(problems !== undefined && { problems }) };
  stderr.write(`${JSON.stringify(document)}\n`);
}
