import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../../dist/host/cli/main.js', import.meta.url));
const tamperedRuntime = new URL('./tampered-runtime.js', import.meta.url).href;

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Run `blockstm` as a process of its own. */
export function blockstm(directory: string, ...args: readonly string[]): Promise<Finished> {
  return runNode([command, ...args], { cwd: directory });
}

/** Run the one of another copy of the package. */
export function blockstmOf(copy: string, directory: string, ...args: readonly string[]): Promise<Finished> {
  return runNode([join(copy, 'dist/host/cli/main.js'), ...args], { cwd: directory });
}

/** Run it with an executor that gives wrong results, see tampered-runtime.js. */
export function tamperedBlockstm(tamper: string, directory: string, ...args: readonly string[]): Promise<Finished> {
  const env = { ...process.env, TAMPER: tamper };
  return runNode(['--import', tamperedRuntime, command, ...args], { cwd: directory, env });
}

function runNode(args: readonly string[], options: { cwd: string; env?: NodeJS.ProcessEnv }): Promise<Finished> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, options, (_, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr });
    });
  });
}
