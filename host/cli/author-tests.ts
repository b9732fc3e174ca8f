import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { env, execPath } from 'node:process';
import { writeClients } from './clients.js';
import { FileError } from './json-field.js';

/** What a run of an author's tests is given besides the arguments of vitest. */
interface TestRun {
  readonly environment?: Readonly<Record<string, string>>;
  /** Where its report goes: to the standard output, or to the standard error. Default `output`. */
  readonly report?: 'output' | 'error';
}

/**
 * Runs the tests of the project in the current directory, once, with the vitest that is installed there, after the clients of its contracts were written, which they may import.
 * @returns its exit code.
 * @throws FileError where none is installed; CompileError for a contract that does not compile.
 */
export async function runTests(args: readonly string[], run: TestRun = {}): Promise<number> {
  const program = vitest();
  await writeClients();
  const child = spawn(execPath, [program, ...(isWatch(args) ? [] : ['run']), ...args], {
    stdio: ['inherit', run.report === 'error' ? 2 : 'inherit', 'inherit'],
    env: { ...env, ...run.environment },
  });
  return new Promise((finish, fail) => {
    child.once('error', fail);
    // As a shell has it for a program that a signal ended.
    child.once('close', (code, signal) => finish(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}

/** vitest watches where it is not told to run once. */
function isWatch(args: readonly string[]): boolean {
  return args.some((arg) => arg === '--watch' || arg === '-w');
}

function vitest(): string {
  try {
    const manifest = createRequire(resolve('package.json')).resolve('vitest/package.json');
    const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: { vitest: string } };
    return join(dirname(manifest), bin.vitest);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw cause;
    throw new FileError(
      `error: the tests need the package vitest, which is not installed in ${resolve()}: npm install --save-dev vitest`,
    );
  }
}
